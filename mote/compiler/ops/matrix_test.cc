// What check() says of convolutions, matrix products and recurrent layers that cannot be run.

#include <gmock/gmock.h>

#include "mote/compiler/ops/op.h"
#include "mote/compiler/ops/window.h"
#include "tests/support/graph_builder.h"

namespace mote::ops {
namespace {

using enum DType;
using testing::HasSubstr;
using tests::GraphBuilder;
using tests::Quant;
using Shape = std::vector<int>;

/// What check_node() says of the builder's only node; "" where it agrees.
std::string said_of(GraphBuilder& b) {
  const auto result = check_node(b.graph(), b.graph().nodes[0]);
  return result ? "" : result.error().message;
}

template <class T>
int filled(GraphBuilder& b, const Shape& shape, const Quant& quant = {}) {
  std::size_t count = 1;
  for (int dim : shape) count *= static_cast<std::size_t>(dim);
  return b.constant(std::vector<T>(count, T{1}), shape, quant);
}

/// A CONV_2D that holds, to be spoilt in one place.
struct Conv {
  Shape in = {1, 5, 5, 4}, filter = {6, 3, 3, 4}, out = {1, 3, 3, 6};
  Quant in_quant = {0.1f, 3}, filter_quant = {0.1f, 0}, out_quant = {0.5f, 0};
  std::int64_t stride = 1, dilation = 1, padding = 1, activation = 0;
  int bias = 6;
  std::string said() const {
    GraphBuilder b;
    const int input = b.input(kInt8, in, in_quant);
    const int weights = filled<std::int8_t>(b, filter, filter_quant);
    const int addends = filled<std::int32_t>(b, {bias});
    const int output = b.value(kInt8, out, out_quant);
    b.node("CONV_2D", {input, weights, addends}, {output},
           {{"stride_h", stride},
            {"stride_w", stride},
            {"dilation_h_factor", dilation},
            {"dilation_w_factor", dilation},
            {"padding", padding},
            {"fused_activation_function", activation}});
    return said_of(b);
  }
};

TEST(Conv2DCheck, AgreesToWhatHolds) {
  EXPECT_EQ(Conv{}.said(), "");
  EXPECT_EQ((Conv{.filter = {6, 3, 3, 2}}.said()), "") << "two groups";
  EXPECT_EQ((Conv{.filter_quant = {0.1f, -5}}.said()), "") << "one zero point of the filter";
}

TEST(Conv2DCheck, RefusesStridesAndDilationsThatGoNowhere) {
  EXPECT_THAT(Conv{.stride = 0}.said(), HasSubstr("height stride is 0"));
  EXPECT_THAT(Conv{.stride = -3}.said(), HasSubstr("expected both to be at least 1"));
  EXPECT_THAT(Conv{.dilation = 0}.said(), HasSubstr("height dilation 0"));
  EXPECT_THAT((Conv{.dilation = 1 << 30, .padding = 0}.said()), HasSubstr("filter reaches over"));
  EXPECT_THAT(Conv{.padding = 2}.said(), HasSubstr("padding is 2"));
}

TEST(Conv2DCheck, RefusesShapesThatContradictEachOther) {
  EXPECT_THAT((Conv{.in = {5, 5, 4}}.said()), HasSubstr("[batch, height, width, depth]"));
  EXPECT_THAT((Conv{.filter = {6, 3, 4}}.said()), HasSubstr("expected 4 dimensions"));
  EXPECT_THAT((Conv{.out = {1, 5, 5, 6}}.said()), HasSubstr("give [1, 3, 3, 6]"));
  EXPECT_THAT((Conv{.in = {1, 2, 2, 4}}.said()), HasSubstr("the image has only 2"));
  EXPECT_THAT((Conv{.filter = {6, 3, 3, 3}}.said()), HasSubstr("expected groups"));
  EXPECT_THAT((Conv{.filter = {6, 3, 3, 1}}.said()), HasSubstr("expected groups")) << "6 by 4";
  EXPECT_THAT(Conv{.bias = 5}.said(), HasSubstr("each of 6 channels"));
}

TEST(Conv2DCheck, RefusesQuantisationThatItCannotFollow) {
  EXPECT_THAT(Conv{.in_quant = {}}.said(), HasSubstr("the input 't0' of type INT8 has no scale"));
  EXPECT_THAT(Conv{.out_quant = {}}.said(), HasSubstr("the output"));
  EXPECT_THAT(Conv{.filter_quant = {}}.said(), HasSubstr("the filter 't1' has no scale"));
  EXPECT_THAT((Conv{.filter_quant = Quant({1, 2, 3}, 0)}.said()), HasSubstr("expected one scale"));
  EXPECT_THAT((Conv{.filter_quant = Quant({1, 2, 3, 4}, 3)}.said()),
              HasSubstr("along dimension 0"));
  EXPECT_THAT((Conv{.in_quant = {1, 200}}.said()), HasSubstr("zero point 200"));
  EXPECT_THAT(Conv{.activation = 4}.said(), HasSubstr("TANH"));
}

TEST(Conv2DCheck, RefusesFiltersThatAreComputedOrLeftOut) {
  GraphBuilder b;
  const int input = b.input(kInt8, {1, 5, 5, 4}, {0.1f, 0});
  const int filter = b.input(kInt8, {6, 3, 3, 4}, {0.1f, 0});
  const int out = b.value(kInt8, {1, 3, 3, 6}, {0.1f, 0});
  b.node("CONV_2D", {input, filter}, {out}, {{"stride_h", 1}, {"stride_w", 1}, {"padding", 1}});
  EXPECT_THAT(said_of(b), HasSubstr("computed at run time, expected a constant"));
  b.graph().nodes[0].inputs[1] = graph::kNoTensor;
  EXPECT_THAT(said_of(b), HasSubstr("left out"));
}

TEST(Conv2DCheck, RefusesWhat64BitSumsCannotHold) {
  GraphBuilder b;
  const int input = b.input(kInt16, {1, 1, 1, 1}, {1, 0});
  const int filter = filled<std::int8_t>(b, {1, 1, 1, 1}, {1, 0});
  const int bias = b.constant(std::vector<std::int64_t>{std::int64_t{1} << 60}, {1});
  const int out = b.value(kInt16, {1, 1, 1, 1}, {1, 0});
  b.node("CONV_2D", {input, filter, bias}, {out},
         {{"stride_h", 1}, {"stride_w", 1}, {"padding", 1}});
  EXPECT_THAT(said_of(b), HasSubstr("expected magnitudes up to 2^46"));
  b.graph().nodes[0].inputs[2] = graph::kNoTensor;
  EXPECT_EQ(said_of(b), "");
  b.graph().tensors[static_cast<std::size_t>(out)].quant.scale[0] = 1.0f / 128;
  EXPECT_THAT(said_of(b), HasSubstr("expected less than 128"));
}

TEST(DepthwiseConv2DCheck, RefusesAMultiplierThatDoesNotFit) {
  for (std::int64_t multiplier : {0, 1, 3, 1 << 30}) {
    GraphBuilder b;
    const int input = b.input(kFloat32, {1, 3, 3, 4});
    const int filter = filled<float>(b, {1, 3, 3, 8});
    const int out = b.value(kFloat32, {1, 1, 1, 8});
    b.node("DEPTHWISE_CONV_2D", {input, filter}, {out},
           {{"stride_h", 1}, {"stride_w", 1}, {"padding", 1}, {"depth_multiplier", multiplier}});
    EXPECT_THAT(said_of(b), HasSubstr("depth multiplier")) << multiplier;
  }
}

TEST(TransposeConvCheck, RefusesShapesThatDoNotLeadBack) {
  GraphBuilder b;
  const int shape = b.constant(std::vector<std::int32_t>{1, 6, 6, 1}, {4});
  const int filter = filled<float>(b, {1, 3, 3, 1});
  const int input = b.input(kFloat32, {1, 4, 3, 1});
  const int out = b.value(kFloat32, {1, 6, 6, 1});
  b.node("TRANSPOSE_CONV", {shape, filter, input}, {out},
         {{"stride_h", 2}, {"stride_w", 2}, {"padding", 0}});
  EXPECT_THAT(said_of(b), HasSubstr("lead back to [1, 3, 3, 1]"));
  b.graph().tensors[static_cast<std::size_t>(input)].shape = {1, 3, 3, 1};
  EXPECT_EQ(said_of(b), "");
  b.graph().tensors[static_cast<std::size_t>(out)].shape = {1, 5, 5, 1};
  EXPECT_THAT(said_of(b), HasSubstr("the output shape 't0' is [1, 6, 6, 1]"));
}

TEST(FullyConnectedCheck, RefusesABiasOfAnotherScale) {
  GraphBuilder b;
  const int input = b.input(kInt8, {2, 4}, {0.5f, 0});
  const int filter = filled<std::int8_t>(b, {3, 4}, {0.5f, 0});
  const int bias = filled<std::int32_t>(b, {3}, {0.3f, 0});
  const int out = b.value(kInt8, {2, 3}, {1, 0});
  b.node("FULLY_CONNECTED", {input, filter, bias}, {out}, {});
  EXPECT_THAT(said_of(b), HasSubstr("expected input scale times filter scale: 0.25"));
}

TEST(FullyConnectedCheck, RefusesOutputsOfAnotherShape) {
  GraphBuilder b;
  const int input = b.input(kFloat32, {2, 6});
  const int filter = filled<float>(b, {3, 4});
  const int out = b.value(kFloat32, {3, 4});
  b.node("FULLY_CONNECTED", {input, filter}, {out}, {});
  EXPECT_THAT(said_of(b), HasSubstr("expected 3 rows of 3"));
}

std::string said_of_product(const Shape& lhs, const Shape& rhs, const Shape& out, bool adj_y) {
  GraphBuilder b;
  const int left = b.input(kFloat32, lhs), right = b.input(kFloat32, rhs);
  const int output = b.value(kFloat32, out);
  b.node("BATCH_MATMUL", {left, right}, {output}, {{"adj_y", std::int64_t{adj_y}}});
  return said_of(b);
}

TEST(BatchMatmulCheck, RefusesSidesThatDoNotMeet) {
  EXPECT_EQ(said_of_product({2, 3, 4}, {4, 5}, {2, 3, 5}, false), "");
  EXPECT_THAT(said_of_product({2, 3, 4}, {4, 5}, {2, 3, 5}, true),
              HasSubstr("rows of 4 with columns of 5"));
  EXPECT_THAT(said_of_product({2, 3, 4}, {3, 4, 5}, {2, 3, 5}, false),
              HasSubstr("batches are 2 and 3"));
  EXPECT_THAT(said_of_product({4}, {4, 5}, {1, 5}, false), HasSubstr("2 to 5 dimensions"));
  EXPECT_THAT(said_of_product({1, 1, 1, 1, 3, 4}, {4, 5}, {1, 1, 1, 1, 3, 5}, false),
              HasSubstr("2 to 5 dimensions"));
  EXPECT_THAT(said_of_product({2, 3, 4}, {4, 5}, {2, 5, 3}, false),
              HasSubstr("expected [2, 3, 5]"));
}

TEST(SvdfCheck, RefusesRanksAndStatesThatDoNotFit) {
  for (const auto& [rank, state, message] : {std::tuple{0, Shape{1, 8}, "rank is 0"},
                                             {3, Shape{1, 8}, "rank is 3"},
                                             {2, Shape{1, 9}, "expected [1, 8]"},
                                             {2, Shape{2, 8}, "expected [1, 8]"}}) {
    GraphBuilder b;
    const int input = b.input(kFloat32, {1, 3});
    const int feature = filled<float>(b, {4, 3}), time = filled<float>(b, {4, 2});
    const int variable = b.variable(kFloat32, state);
    const int out = b.value(kFloat32, {1, 2});
    b.node("SVDF", {input, feature, time, graph::kNoTensor, variable}, {out},
           {{"rank", std::int64_t{rank}}});
    EXPECT_THAT(said_of(b), HasSubstr(message));
  }
}

TEST(LstmCheck, RefusesOtherFormsThanTheStandardOne) {
  GraphBuilder b;
  std::vector<int> inputs(24, graph::kNoTensor);
  inputs[0] = b.input(kFloat32, {1, 2, 3});
  for (std::size_t i = 1; i < 9; ++i) inputs[i] = filled<float>(b, {4, i < 5 ? 3 : 4});
  for (std::size_t i = 12; i < 16; ++i) inputs[i] = filled<float>(b, {4});
  inputs[18] = b.variable(kFloat32, {1, 4});
  inputs[19] = b.variable(kFloat32, {1, 4});
  const int out = b.value(kFloat32, {1, 2, 4});
  b.node("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, {out}, {{"fused_activation_function", 4}});
  graph::Node& node = b.graph().nodes[0];
  EXPECT_EQ(said_of(b), "");
  node.inputs[9] = inputs[12];
  EXPECT_THAT(said_of(b), HasSubstr("peepholes"));
  node.inputs[9] = graph::kNoTensor, node.inputs[1] = graph::kNoTensor;
  EXPECT_THAT(said_of(b), HasSubstr("its input 1 is left out"));
  node.inputs[1] = inputs[1], node.inputs[19] = inputs[5];
  EXPECT_THAT(said_of(b), HasSubstr("is no variable"));
  node.inputs[19] = inputs[19];
  b.graph().tensors[static_cast<std::size_t>(inputs[2])].shape = {3, 4};
  EXPECT_THAT(said_of(b), HasSubstr("has shape [3, 4], expected [4, 3]"));
}

TEST(Window, PutsTheLargerHalfOfAnOddPaddingAtTheEnd) {
  graph::Node node;
  node.attrs.set("stride_h", 2), node.attrs.set("stride_w", 1), node.attrs.set("padding", 0);
  // Height: 4 outputs reach over 3 * 2 + 4 = 10 of 8, so 1 before and 1 after; width: 3 of padding.
  const auto window = window_of(node, 8, 8, 4, 4);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->out_h, 4);
  EXPECT_EQ(window->pad_top, 1);
  EXPECT_EQ(window->out_w, 8);
  EXPECT_EQ(window->pad_left, 1) << "and 2 on the right";
}

}  // namespace
}  // namespace mote::ops
