// A streamed network as C++ for microcontrollers, compiled and run here: every frame's output is
// what `mote run` gives, and that is what whole windows give.

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "tests/end_to_end/cli_models.h"
#include "tests/support/layers.h"
#include "tests/support/shared.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;

/// INT8 [1, 12, 1, 4] -> a border, VALID, residual, mean: what each kind of part needs.
graph::Model network() {
  GraphBuilder b;
  Random random(3);
  const auto convolve = [&](int in, int taps, int count, int from, bool same) {
    const int filter =
        b.constant(random.symmetric_bytes(4 * taps * from), {4, taps, 1, from}, Quant(0.004f, 0));
    const int bias =
        b.constant(std::vector<std::int32_t>{90, -70, 50, 300}, {4}, Quant(0.0004f, 0));
    const int out = b.value(DType::kInt8, {1, count, 1, 4}, Quant(0.1f, -3));
    b.node("CONV_2D", {in, filter, bias}, {out},
           {{"padding", std::int64_t{same ? 0 : 1}},
            {"stride_h", std::int64_t{1}},
            {"stride_w", std::int64_t{1}},
            {"dilation_h_factor", std::int64_t{1}},
            {"dilation_w_factor", std::int64_t{1}},
            {"fused_activation_function", std::int64_t{0}}});
    return out;
  };
  const int in = b.input(DType::kInt8, {1, 24, 1, 4}, Quant(0.1f, 9));
  const int x = convolve(in, 3, 24, 4, true);
  const int sum = b.value(DType::kInt8, {1, 24, 1, 4}, Quant(0.15f, 2));
  b.node("ADD", {in, x}, {sum});
  const int y = convolve(sum, 5, 20, 4, false);
  const int mean = b.value(DType::kInt8, {1, 4}, Quant(0.05f, 0));
  b.node("MEAN", {y, b.constant(std::vector<std::int32_t>{1, 2}, {2})}, {mean});
  b.output(mean);
  return b.build();
}

/// What the program around the emitted code does: frames in, outputs out, after the self-test.
constexpr const char* kMain = R"(
#include <cstdio>
#include "net.h"
alignas(net::kArenaAlignment) static unsigned char arena[net::kArenaBytes];
int main() {
  if (net::self_test(arena) != -1) return 3;
  net::reset(arena);
  constexpr unsigned in = sizeof(int8_t) * net::Input::kElements, out = net::Output::kElements;
  while (std::fread(net::input(arena), 1, in, stdin) == in) {
    net::run(arena);
    std::fwrite(net::output(arena), 1, out, stdout);
  }
}
)";

int shell(const std::string& command) { return std::system(command.c_str()); }

/// Every window of the stream, whole: `window` bytes each, the new ones last.
std::string windows_of(const std::string& stream, std::size_t window, std::size_t fresh,
                       char zero_point) {
  std::string all = std::string(window, zero_point) + stream, windows;
  for (std::size_t at = fresh; at + window <= all.size(); at += fresh)
    windows += all.substr(at, window);
  return windows;
}

struct Case {
  std::string model, stream;
  std::size_t window = 0, fresh = 0;
  char zero_point = 0;
};

/// Emits, compiles and runs; expects three ways to agree.
void expect_one_result(const TemporaryFolder& folder, const Case& c) {
  Random random(9);
  const auto frames = random.bytes(static_cast<int>(300 * c.fresh));
  const std::string stream = folder.write("stream.bin", raw(frames));
  const std::string whole =
      folder.write("windows.bin", windows_of(contents(stream), c.window, c.fresh, c.zero_point));
  const std::string dir = folder.path("");
  ASSERT_EQ(
      run_mote({"run", c.model, "--input=" + whole, "--output=" + folder.path("a.bin")}).exit_code,
      0);
  const Outcome run = run_mote({"run", c.model, "--stream=" + c.stream, "--input=" + stream,
                                "--output=" + folder.path("b.bin")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(contents(folder.path("a.bin")), contents(folder.path("b.bin")));

  const Outcome emitted = run_mote(
      {"compile", c.model, "--stream=" + c.stream, "--self-test", "--name=net", "--output=" + dir});
  ASSERT_EQ(emitted.exit_code, 0) << emitted.err;
  folder.write("main.cc", kMain);
  ASSERT_EQ(shell(std::string(MOTE_CXX) +
                  " -std=c++20 -O1 -Wall -Wextra -Wpedantic -Wconversion -Werror -ffp-contract=off "
                  "-fwrapv -I" MOTE_SOURCE_DIR " -I" +
                  dir + " " + dir + "net.cc " + dir + "main.cc -o " + dir + "net"),
            0);
  ASSERT_EQ(shell(dir + "net < " + stream + " > " + dir + "c.bin"), 0) << "3: the self-test failed";
  EXPECT_EQ(contents(folder.path("a.bin")), contents(folder.path("c.bin")));
}

TEST(StreamedCode, GivesForEachFrameWhatTheWindowGives) {
  const TemporaryFolder folder;
  expect_one_result(folder, {.model = write_model(folder, "net.tflite", network()),
                             .stream = "1",
                             .window = 96,
                             .fresh = 4,
                             .zero_point = 9});
}

TEST(StreamedCode, OfTheWakeWordGivesForEachFrameWhatTheWindowGives) {
  MOTE_NEED_SHARED("models/str_ww_ref_model.tflite");
  const TemporaryFolder folder;
  expect_one_result(folder, {.model = (shared_folder() / "models/str_ww_ref_model.tflite").string(),
                             .stream = "1",
                             .window = 1200,
                             .fresh = 40,
                             .zero_point = -128});
}

}  // namespace
}  // namespace mote::tests
