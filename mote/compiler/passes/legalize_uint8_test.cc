#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"

namespace mote::passes {
namespace {

using enum DType;
using Bytes = std::vector<std::uint8_t>;

graph::Model legalized(const tests::GraphBuilder& b) {
  graph::Model model = b.build();
  const auto changes = legalize_uint8.run(model, {});
  EXPECT_TRUE(changes);
  const auto sound = graph::verify(model);
  EXPECT_TRUE(sound) << sound.error().message;
  return model;
}

std::vector<std::string> operators(const graph::Model& model) {
  std::vector<std::string> list;
  for (const graph::Node& node : model.graphs[0].nodes)
    list.push_back(graph::describe(model.graphs[0], node));
  return list;
}

TEST(LegalizeUint8, FlipsTheSignBitsOfConstantsAndMovesZeroPoints) {
  tests::GraphBuilder b;
  const int in = b.input(kUint8, {1, 2}, {0.5f, 128});
  const int filter = b.constant(Bytes{0, 127, 128, 255}, {2, 2}, {0.25f, 130});
  const int out = b.value(kUint8, {1, 2}, {1.0f, 0});
  b.node("FULLY_CONNECTED", {in, filter}, {out});
  b.output(out);
  const graph::Model model = legalized(b);
  const graph::Tensor& tensor = model.graphs[0].tensors[static_cast<std::size_t>(filter)];
  EXPECT_EQ(tensor.type, kInt8);
  EXPECT_EQ(graph::values<std::int8_t>(tensor), (std::vector<std::int8_t>{-128, -1, 0, 127}));
  EXPECT_EQ(tensor.zero_point(), 2);
  EXPECT_TRUE(model.graphs[0].nodes[1].from_uint8);
}

TEST(LegalizeUint8, LeavesTheNetworksInputsAndOutputsAsTheyAre) {
  tests::GraphBuilder b;
  const int in = b.input(kUint8, {4}, {0.5f, 128}), inner = b.value(kUint8, {4}, {0.5f, 128});
  const int out = b.value(kUint8, {4}, {0.5f, 128});
  b.node("RELU", {in}, {inner});
  b.node("RELU6", {inner}, {out});
  b.output(out);
  const graph::Model model = legalized(b);
  const graph::Graph& graph = model.graphs[0];
  EXPECT_EQ(operators(model),
            (std::vector<std::string>{"added QUANTIZE 't0 (int8)'", "node 0 RELU 't1'",
                                      "node 1 RELU6 't2 (int8)'", "added QUANTIZE 't2'"}));
  EXPECT_EQ(graph.inputs, std::vector{in});
  EXPECT_EQ(graph.outputs, std::vector{out});
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(in)].type, kUint8);
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(inner)].type, kInt8);
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(out)].type, kUint8);
}

TEST(LegalizeUint8, AddsNothingWhereTheFileConvertsAlready) {
  tests::GraphBuilder b;
  const int in = b.input(kUint8, {4}, {0.5f, 128}), inner = b.value(kInt8, {4}, {0.5f, 0});
  const int out = b.value(kUint8, {4}, {0.5f, 128});
  b.node("QUANTIZE", {in}, {inner});
  b.node("QUANTIZE", {inner}, {out});
  b.output(out);
  EXPECT_EQ(operators(legalized(b)),
            (std::vector<std::string>{"node 0 QUANTIZE 't1'", "node 1 QUANTIZE 't2'"}));
}

TEST(LegalizeUint8, LeavesBytesThatNobodyComputesWith) {
  tests::GraphBuilder b;
  const int in = b.input(kUint8, {4}), out = b.value(kUint8, {2, 2});
  b.node("RESHAPE", {in}, {out});
  b.output(out);
  EXPECT_EQ(operators(legalized(b)), std::vector<std::string>{"node 0 RESHAPE 't1'"});
}

TEST(LegalizeUint8, TakesPlainBytesAsNumbersOfScaleOne) {
  tests::GraphBuilder b;
  const int in = b.input(kUint8, {4}), inner = b.value(kUint8, {7}), out = b.value(kUint8, {7, 1});
  b.node("PAD", {in, b.constant(std::vector<std::int32_t>{1, 2}, {1, 2})}, {inner});
  b.node("RESHAPE", {inner}, {out});
  b.output(out);
  const graph::Model model = legalized(b);
  const graph::Tensor& tensor = model.graphs[0].tensors[static_cast<std::size_t>(inner)];
  EXPECT_EQ(tensor.scale(), 1);
  EXPECT_EQ(tensor.zero_point(), -128);
}

TEST(LegalizeUint8, RefusesUnsignedVariables) {
  tests::GraphBuilder b;
  const int state = b.variable(kUint8, {4}, {0.5f, 128}), out = b.value(kUint8, {4}, {0.5f, 128});
  b.node("RELU", {state}, {out});
  b.output(out);
  graph::Model model = b.build();
  const auto changes = legalize_uint8.run(model, {});
  ASSERT_FALSE(changes);
  EXPECT_EQ(changes.error().message,
            "'t0' is a variable of type UINT8, expected another type; re-export the model with "
            "INT8 quantisation");
}

}  // namespace
}  // namespace mote::passes
