// Which kernels the compiler chooses where an instruction set has several for one operator.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/programs.h"

namespace mote::compiler {
namespace {

using enum DType;
using tests::GraphBuilder;

std::string only_kernel(const GraphBuilder& b, std::string isa) {
  const program::Program program = tests::program_of(b, {.isa = std::move(isa)});
  EXPECT_EQ(program.calls.size(), 1u);
  return program.calls.empty() ? "" : program.calls[0].kernel;
}

GraphBuilder sum_of(std::vector<int> first, std::vector<int> second) {
  GraphBuilder b;
  const int in1 = b.input(kInt8, first, {0.03123457f, 5});
  const int in2 = b.input(kInt8, std::move(second), {0.02287613f, -9});
  const int out = b.value(kInt8, std::move(first), {0.05032171f, -3});
  b.node("ADD", {in1, in2}, {out});
  b.output(out);
  return b;
}

TEST(ChoiceOfKernels, SumsAreLinesWhereVectorsComputeThem) {
  for (const char* isa : {"avx2", "avx512vnni"})
    EXPECT_EQ(only_kernel(sum_of({1, 4, 4, 8}, {1, 4, 4, 8}), isa), "add_linear_s8") << isa;
  EXPECT_EQ(only_kernel(sum_of({1, 4, 4, 8}, {1, 4, 4, 8}), "scalar"), "add_s8");
}

TEST(ChoiceOfKernels, SumsThatBroadcastAreNotLines) {
  EXPECT_EQ(only_kernel(sum_of({1, 4, 4, 8}, {1, 1, 1, 8}), "avx2"), "add_s8");
}

/// A convolution of 3 x 3, stride 2, with SAME padding.
GraphBuilder first_layer(int height, int width, int depth, int channels) {
  GraphBuilder b;
  const int in = b.input(kInt8, {1, height, width, depth}, {0.25f, 5});
  const std::vector<std::int8_t> weights(static_cast<std::size_t>(channels * 9 * depth), 7);
  const int filter = b.constant(weights, {channels, 3, 3, depth}, {0.01f, 0});
  const int out = b.value(kInt8, {1, (height + 1) / 2, (width + 1) / 2, channels}, {0.5f, -128});
  b.node(
      "CONV_2D", {in, filter}, {out},
      {{"padding", std::int64_t{0}}, {"stride_w", std::int64_t{2}}, {"stride_h", std::int64_t{2}}});
  b.output(out);
  return b;
}

TEST(ChoiceOfKernels, RowsAreExpandedWherePixelsFillGroups) {
  EXPECT_EQ(only_kernel(first_layer(32, 32, 3, 8), "dsp"), "conv_2d_packed_rows_s8");
  EXPECT_EQ(only_kernel(first_layer(32, 32, 1, 8), "dsp"), "conv_2d_packed_rows_s8");
  EXPECT_EQ(only_kernel(first_layer(64, 10, 3, 64), "dsp"), "conv_2d_packed_s8") << "5 = 4 + 1";
  EXPECT_EQ(only_kernel(first_layer(32, 32, 3, 8), "mve"), "conv_2d_packed_s8");
}

TEST(ChoiceOfKernels, RowsAreNotExpandedWhereTheyTakeMuchOfTheInputsMemory) {
  EXPECT_EQ(only_kernel(first_layer(12, 32, 3, 8), "dsp"), "conv_2d_packed_s8");
}

}  // namespace
}  // namespace mote::compiler
