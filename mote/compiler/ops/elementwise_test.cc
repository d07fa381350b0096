#include "mote/compiler/ops/elementwise.h"

#include <gmock/gmock.h>

#include <limits>

#include "tests/support/graph_builder.h"

namespace mote::ops {
namespace {

using enum DType;
using testing::HasSubstr;
using tests::GraphBuilder;
using tests::Quant;
using Shape = std::vector<int>;

graph::Tensor shaped(Shape shape) { return {.shape = std::move(shape)}; }

TEST(BroadcastShapes, MergesDimensionsThatAreRepeatedAlike) {
  const auto shapes = broadcast_shapes(shaped({2, 3, 4, 5}), shaped({4, 5}), shaped({2, 3, 4, 5}));
  ASSERT_TRUE(shapes);
  EXPECT_EQ(shapes->a, Extents(6, 20));
  EXPECT_EQ(shapes->b, Extents(1, 20));
  EXPECT_EQ(shapes->out, Extents(6, 20));
}

TEST(BroadcastShapes, SeesEqualShapesAndScalarsInOneDimension) {
  EXPECT_EQ(broadcast_shapes(shaped({2, 3}), shaped({1, 2, 3}), shaped({1, 2, 3}))->out,
            Extents(6));
  EXPECT_EQ(broadcast_shapes(shaped({}), shaped({2, 3}), shaped({2, 3}))->a, Extents(1));
  EXPECT_EQ(broadcast_shapes(shaped({}), shaped({1, 1}), shaped({1, 1}))->out, Extents(1));
}

TEST(BroadcastShapes, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(broadcast_shapes(shaped({2, 3}), shaped({2, 4}), shaped({2, 4})));
  EXPECT_FALSE(broadcast_shapes(shaped({2, 3}), shaped({3}), shaped({3, 3})));
  EXPECT_FALSE(broadcast_shapes(shaped({3}), shaped({3}), shaped({2, 3})));
  EXPECT_FALSE(broadcast_shapes(shaped({2, 3}), shaped({1}), shaped({3})));
}

/// One operator on tensors of shape [2, 3].
struct Form {
  const char* op;
  std::vector<DType> inputs;
  DType output;
  Quant in, out;
  std::initializer_list<GraphBuilder::Attribute> attrs = {};
};

/// What check_node() says; "" where it agrees.
std::string said_of(const Form& form) {
  GraphBuilder b;
  std::vector<int> inputs;
  for (DType type : form.inputs) inputs.push_back(b.input(type, {2, 3}, form.in));
  const int out = b.value(form.output, {2, 3}, form.out);
  b.node(form.op, inputs, {out}, form.attrs);
  const graph::Graph& graph = b.graph();
  const auto result = check_node(graph, graph.nodes[0]);
  return result ? "" : result.error().message;
}

const Quant kHalf = {0.5f, 0}, kOff = {0.5f, 7};

TEST(ElementwiseCheck, RefusesIntegersWithoutScale) {
  for (const char* op : {"RELU", "RELU6", "LEAKY_RELU", "ELU", "HARD_SWISH", "LOGISTIC", "TANH",
                         "LOG_SOFTMAX", "L2_NORMALIZATION", "ABS", "RSQRT", "QUANTIZE"})
    EXPECT_THAT(said_of({.op = op, .inputs = {kInt8}, .output = kInt8}), HasSubstr("0 scales"))
        << op;
  for (const char* op : {"ADD", "SUB", "MUL", "DIV", "SQUARED_DIFFERENCE", "PRELU"})
    EXPECT_THAT(said_of({.op = op, .inputs = {kInt8, kInt8}, .output = kInt8}),
                HasSubstr("0 scales"))
        << op;
}

TEST(ElementwiseCheck, RefusesA16BitZeroPointWhereTheReferenceDoes) {
  for (const char* op : {"ADD", "SUB", "MUL", "SQUARED_DIFFERENCE"})
    EXPECT_THAT(
        said_of({.op = op, .inputs = {kInt16, kInt16}, .output = kInt16, .in = kOff, .out = kHalf}),
        HasSubstr("zero point 7, expected 0"))
        << op;
}

TEST(ElementwiseCheck, RefusesScalesThatNoMultiplierHolds) {
  const Quant tiny = {1e-30f, 0}, huge = {1e30f, 0};
  for (const char* op : {"ADD", "SUB", "MUL", "DIV", "SQUARED_DIFFERENCE", "PRELU"})
    EXPECT_NE(
        said_of({.op = op, .inputs = {kInt8, kInt8}, .output = kInt8, .in = huge, .out = tiny}), "")
        << op;
  for (const char* op : {"RELU", "RELU6", "LEAKY_RELU", "ELU", "HARD_SWISH", "LOGISTIC", "TANH",
                         "ABS", "RSQRT", "QUANTIZE"})
    EXPECT_NE(said_of({.op = op, .inputs = {kInt8}, .output = kInt8, .in = huge, .out = tiny}), "")
        << op;
}

TEST(ElementwiseCheck, SaysWhichOutputScaleSoftmaxHas) {
  EXPECT_THAT(said_of({.op = "SOFTMAX",
                       .inputs = {kInt8},
                       .output = kInt8,
                       .in = kHalf,
                       .out = kHalf,
                       .attrs = {{"beta", 1.0}}}),
              HasSubstr("expected 1/256 and -128"));
}

TEST(ElementwiseCheck, RefusesASoftmaxThatIsNotOne) {
  for (double beta : {0.0, -1.0, double{std::numeric_limits<float>::infinity()}})
    EXPECT_THAT(
        said_of(
            {.op = "SOFTMAX", .inputs = {kFloat32}, .output = kFloat32, .attrs = {{"beta", beta}}}),
        HasSubstr("expected a positive number"));
}

TEST(ElementwiseCheck, RefusesToCompareIntegersOfDifferentScales) {
  EXPECT_THAT(
      said_of(
          {.op = "MAXIMUM", .inputs = {kInt8, kInt8}, .output = kInt8, .in = kHalf, .out = kOff}),
      HasSubstr("expected the same"));
}

TEST(ElementwiseCheck, RefusesAnInputThatIsLeftOut) {
  for (const char* op : {"ADD", "SUB", "MUL", "DIV", "SQUARED_DIFFERENCE", "PRELU", "MAXIMUM"}) {
    GraphBuilder b;
    const int x = b.input(kFloat32, {2}), out = b.value(kFloat32, {2});
    b.node(op, {x, graph::kNoTensor}, {out});
    const auto result = check_node(b.graph(), b.graph().nodes[0]);
    ASSERT_FALSE(result) << op;
    EXPECT_THAT(result.error().message, HasSubstr("second input is left out"));
  }
}

TEST(ElementwiseCheck, RefusesAnOutputOfAnotherShape) {
  for (const char* op : {"RELU", "SOFTMAX", "CAST", "EXP", "TANH", "L2_NORMALIZATION"}) {
    GraphBuilder b;
    const int x = b.input(kFloat32, {2, 3}), out = b.value(kFloat32, {3, 2});
    b.node(op, {x}, {out}, {{"beta", 1.0}});
    EXPECT_FALSE(check_node(b.graph(), b.graph().nodes[0])) << op;
  }
}

}  // namespace
}  // namespace mote::ops
