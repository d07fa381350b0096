#include "mote/host/runtime/interpreter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
#include <thread>

namespace {
std::atomic<long> allocations = 0;
}

// Counts every allocation of this test program. Not inlined, or GCC takes malloc and delete for a
// mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mote::runtime {
namespace {

using program::Access;
using program::Operand;
using program::Program;
using program::Space;

Operand arena(std::int64_t offset, Access access, Extents shape) {
  return {.space = Space::kArena, .access = access, .shape = shape, .offset = offset};
}

/// Copies its 4-byte input to state, and the state to its output: the output is the input of this
/// run; a second output shows what setup put into the state of bytes 32 to 36.
std::shared_ptr<Program> copy_program() {
  auto p = std::make_shared<Program>();
  p->tensors = {{.name = "in",
                 .type = DType::kInt8,
                 .shape = {4},
                 .scale = 0.5f,
                 .zero_point = 1,
                 .offset = 0,
                 .bytes = 4},
                {.name = "out",
                 .type = DType::kInt8,
                 .shape = {4},
                 .scale = 0.5f,
                 .zero_point = 1,
                 .offset = 16,
                 .bytes = 4}};
  p->inputs = {0};
  p->outputs = {1};
  p->calls = {
      {.kernel = "copy_s8",
       .operands = {arena(0, Access::kRead, Extents(4)), arena(16, Access::kWrite, Extents(4))},
       .node = "node 0 COPY 'out'"}};
  p->arena_bytes = 48;
  return p;
}

Interpreter make(std::shared_ptr<const Program> program, InterpreterOptions options = {}) {
  auto interpreter = Interpreter::create(std::move(program), options);
  EXPECT_TRUE(interpreter) << interpreter.error().message;
  return std::move(*interpreter);
}

TEST(Interpreter, RunsWithoutAllocating) {
  Interpreter interpreter = make(copy_program());
  const auto in = *interpreter.input(0).as<std::int8_t>();
  std::iota(in.begin(), in.end(), std::int8_t{5});
  const long before = allocations;
  interpreter.run();
  interpreter.reset();
  EXPECT_EQ(allocations, before);
  const auto out = *interpreter.output(0).as<std::int8_t>();
  EXPECT_EQ(out[3], 8);
}

TEST(Interpreter, UsesTheArenaItIsGiven) {
  alignas(16) std::byte memory[48];
  Interpreter interpreter = make(copy_program(), {.arena = memory});
  EXPECT_EQ(interpreter.input(0).bytes().data(), memory);
  EXPECT_EQ(interpreter.output(0).bytes().data(), memory + 16);
}

TEST(Interpreter, RefusesAnArenaThatIsTooSmall) {
  alignas(16) std::byte memory[47];
  const auto interpreter = Interpreter::create(copy_program(), {.arena = memory});
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().message, "the plan needs 48 B, the arena has 47 B");
}

TEST(Interpreter, RefusesAnArenaThatIsNotAligned) {
  alignas(16) std::byte memory[64];
  const auto interpreter =
      Interpreter::create(copy_program(), {.arena = std::span(memory).subspan(1)});
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().message, "the arena must be aligned to 16 B");
}

TEST(Interpreter, RefusesAKernelThatTheInstructionSetLacks) {
  auto program = copy_program();
  program->calls[0].kernel = "teleport_s8";
  const auto interpreter = Interpreter::create(program);
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().message,
            "node 0 COPY 'out': the instruction set 'scalar' has no kernel 'teleport_s8'");
}

TEST(Interpreter, RefusesACallThatDoesNotFitItsKernel) {
  auto program = copy_program();
  program->calls[0].operands.pop_back();
  EXPECT_FALSE(Interpreter::create(program));
}

TEST(Interpreter, RefusesAnUnknownInstructionSet) {
  auto program = copy_program();
  program->isa = "abacus";
  EXPECT_FALSE(Interpreter::create(program));
}

TEST(Interpreter, ResetFillsStateAndRunsTheSetup) {
  auto program = copy_program();
  program->states = {{.offset = 0, .bytes = 4, .fill = 3}, {.offset = 32, .bytes = 4}};
  program->setup = {
      {.kernel = "copy_s8",
       .operands = {arena(0, Access::kRead, Extents(4)), arena(32, Access::kWrite, Extents(4))}}};
  program->tensors[1].offset = 32;
  Interpreter interpreter = make(program);
  const auto state = *interpreter.output(0).as<std::int8_t>();
  EXPECT_EQ(state[0], 3);
  state[0] = 99;
  interpreter.reset();
  EXPECT_EQ(state[0], 3);
}

TEST(Interpreter, ShowsEachCallToTheObserver) {
  Interpreter interpreter = make(copy_program());
  std::vector<int> seen;
  interpreter.run([&](int call) { seen.push_back(call); });
  EXPECT_EQ(seen, std::vector<int>{0});
}

TEST(Interpreter, SharesOneProgramBetweenThreads) {
  const std::shared_ptr<const Program> program = copy_program();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      auto interpreter = Interpreter::create(program);
      for (int i = 0; interpreter && i < 1000; ++i) {
        (*interpreter->input(0).as<std::int8_t>())[0] = static_cast<std::int8_t>(t * 20 + i % 20);
        interpreter->run();
        wrong += (*interpreter->output(0).as<std::int8_t>())[0] != t * 20 + i % 20;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Port, QuantisesRealNumbersAndSaturates) {
  Interpreter interpreter = make(copy_program());
  const float values[] = {0.0f, 0.24f, -0.26f, 1000.0f};  // scale 0.5, zero point 1
  ASSERT_TRUE(interpreter.input(0).write_real(values));
  const auto in = *interpreter.input(0).as<std::int8_t>();
  EXPECT_EQ(in[0], 1);
  EXPECT_EQ(in[1], 1);
  EXPECT_EQ(in[2], 0);
  EXPECT_EQ(in[3], 127);
  EXPECT_EQ(interpreter.input(0).read_real(), (std::vector<float>{0.0f, 0.0f, -0.5f, 63.0f}));
}

TEST(Port, RefusesTheWrongTypeCountAndNumbers) {
  Interpreter interpreter = make(copy_program());
  EXPECT_EQ(interpreter.input(0).as<float>().error().message, "'in' holds INT8, not FLOAT32");
  const float three[3] = {};
  EXPECT_EQ(interpreter.input(0).write_real(three).error().message, "'in' takes 4 numbers, got 3");
  const float nan[4] = {0, std::numeric_limits<float>::quiet_NaN(), 0, 0};
  EXPECT_EQ(interpreter.input(0).write_real(nan).error().message, "'in' was given nan");
}

}  // namespace
}  // namespace mote::runtime
