// Several interpreters of one program, each in a thread of its own.

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "mote/compiler/model/tflite.h"
#include "mote/mote.h"
#include "tests/end_to_end/cli_models.h"

namespace mote::tests {
namespace {

/// How many of `runs` runs on changing inputs gave something else than dense_model() computes.
int wrong_runs(const std::shared_ptr<const Program>& program, int thread, int runs) {
  auto interpreter = Interpreter::create(program);
  if (!interpreter) return runs;
  int wrong = 0;
  for (int run = 0; run < runs; ++run) {
    const int x = (thread * 7 + run) % 20;
    const auto input = *interpreter->input(0).as<std::int8_t>();
    std::fill(input.begin(), input.end(), static_cast<std::int8_t>(x));
    interpreter->run();
    const auto output = *interpreter->output(0).as<std::int8_t>();
    wrong += output[0] != std::min(127, 10 * x + 11) || output[1] != 101 || output[2] != x + 1;
  }
  return wrong;
}

TEST(Threads, ShareOneProgram) {
  const auto file = model::write_tflite(dense_model());
  ASSERT_TRUE(file) << file.error().message;
  const auto program = load_program(*file);
  ASSERT_TRUE(program) << program.error().message;
  constexpr int kThreads = 8, kRuns = 200;
  std::vector<int> wrong(kThreads, -1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back(
        [&, t] { wrong[static_cast<std::size_t>(t)] = wrong_runs(*program, t, kRuns); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(kThreads, 0));
}

TEST(Facade, LoadsFromMemoryIntoTheCallersArena) {
  const auto file = model::write_tflite(dense_model());
  ASSERT_TRUE(file) << file.error().message;
  alignas(16) std::byte arena[128];
  auto network = load(*file, {.arena = arena});
  ASSERT_TRUE(network) << network.error().message;
  ASSERT_TRUE(network->input(0).write_real(std::vector<float>{1, 2, 3, 4}));
  network->run();
  EXPECT_EQ(network->output(0).read_real(), (std::vector<float>{40, 103, 4}));
  EXPECT_GE(network->output(0).bytes().data(), arena);
  EXPECT_FALSE(load(*file, {.arena = std::span(arena).first(16)}));
}

TEST(Facade, NamesTheFileThatItCannotLoad) {
  const auto missing = load("/nowhere/x.tflite");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kIo);
  const auto empty = load(std::span<const std::byte>{});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::kBadInput);
}

}  // namespace
}  // namespace mote::tests
