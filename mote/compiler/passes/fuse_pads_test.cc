#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using tests::GraphBuilder;

/// PAD of [top, bottom], [left, right], then a VALID convolution of 3 x 3 with a stride.
GraphBuilder pad_then(const char* op, std::vector<std::int32_t> border, int stride) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 6, 5, 2}, {0.5f, 7});
  const int high = 6 + border[0] + border[1], wide = 5 + border[2] + border[3];
  const int paddings = b.constant(
      std::vector<std::int32_t>{0, 0, border[0], border[1], border[2], border[3], 0, 0}, {4, 2});
  const int padded = b.value(DType::kInt8, {1, high, wide, 2}, {0.5f, 7});
  b.node("PAD", {in, paddings}, {padded});
  const bool is_depthwise = std::string_view(op) == "DEPTHWISE_CONV_2D";
  std::vector<std::int8_t> weights;
  for (int i = 0; i < (is_depthwise ? 18 : 36); ++i)
    weights.push_back(static_cast<std::int8_t>(37 * i % 256 - 128));
  const int filter = b.constant(
      weights, is_depthwise ? std::vector{1, 3, 3, 2} : std::vector{2, 3, 3, 2}, {0.01f, 0});
  const int out =
      b.value(DType::kInt8, {1, (high - 3) / stride + 1, (wide - 3) / stride + 1, 2}, {0.9f, -3});
  b.node(op, {padded, filter, graph::kNoTensor}, {out},
         {{"stride_h", stride}, {"stride_w", stride}, {"padding", 1}, {"depth_multiplier", 1}});
  b.output(out);
  return b;
}

bool is_fused(const GraphBuilder& b) {
  graph::Model model = b.build();
  tests::expect_same_outputs(model);
  const auto changes = fuse_pads.run(model, {});
  EXPECT_TRUE(changes);
  return changes && !changes->empty();
}

TEST(FusePads, LetsConvolutionsSeeTheBorder) {
  for (const char* op : {"CONV_2D", "DEPTHWISE_CONV_2D"})
    for (int stride : {1, 2}) {
      EXPECT_TRUE(is_fused(pad_then(op, {1, 1, 1, 1}, stride))) << op << stride;
      EXPECT_TRUE(is_fused(pad_then(op, {0, 1, 2, 0}, stride))) << op << stride;
    }
}

TEST(FusePads, KeepsABorderWiderThanTheFilter) {
  EXPECT_FALSE(is_fused(pad_then("CONV_2D", {3, 0, 0, 0}, 1)));
}

TEST(FusePads, KeepsABorderOfAnotherNumberThanZero) {
  GraphBuilder b = pad_then("CONV_2D", {1, 1, 1, 1}, 1);
  const int value = b.constant(std::vector<std::int8_t>{8}, {1}, {0.5f, 7});
  b.graph().nodes[0].op = "PADV2";
  b.graph().nodes[0].inputs.push_back(value);
  EXPECT_FALSE(is_fused(b));
}

}  // namespace
}  // namespace mote::passes
