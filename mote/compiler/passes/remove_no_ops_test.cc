#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using tests::GraphBuilder;

/// How many nodes are left, after a check that the outputs stay.
std::size_t nodes_left(const GraphBuilder& b) {
  graph::Model model = b.build();
  tests::expect_same_outputs(model);
  EXPECT_TRUE(remove_no_ops.run(model, {}));
  return model.graphs[0].nodes.size();
}

TEST(RemoveNoOps, LeavesOutAReshapeToTheSameShape) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4}, {0.5f, 0}),
            same = b.value(DType::kInt8, {1, 4}, {0.5f, 0});
  const int out = b.value(DType::kInt8, {1, 4}, {0.5f, 0});
  b.node("RESHAPE", {in}, {same});
  b.node("RELU", {same}, {out});
  b.output(out);
  EXPECT_EQ(nodes_left(b), 1u);
}

TEST(RemoveNoOps, LetsTheNodeBeforeWriteTheNetworksOutput) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {2, 2}, {0.5f, 0}),
            mid = b.value(DType::kInt8, {2, 2}, {0.5f, 0});
  const int out = b.value(DType::kInt8, {2, 2}, {0.5f, 0});
  b.node("RELU", {in}, {mid});
  b.node("TRANSPOSE", {mid, b.constant(std::vector<std::int32_t>{0, 1}, {2})}, {out});
  b.output(out);
  EXPECT_EQ(nodes_left(b), 1u);
}

TEST(RemoveNoOps, KeepsWhatChangesTheScaleOrTheOrder) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {2, 2}, {0.5f, 0}),
            mid = b.value(DType::kInt8, {2, 2}, {0.25f, 0});
  const int turned = b.value(DType::kInt8, {2, 2}, {0.25f, 0});
  const int out = b.value(DType::kInt8, {2, 2}, {0.25f, 0});
  b.node("QUANTIZE", {in}, {mid});
  b.node("TRANSPOSE", {mid, b.constant(std::vector<std::int32_t>{1, 0}, {2})}, {turned});
  b.node("RELU", {turned}, {out});
  b.output(out);
  EXPECT_EQ(nodes_left(b), 3u);
}

TEST(RemoveNoOps, JoinsReshapes) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4}, {0.5f, 0}),
            mid = b.value(DType::kInt8, {2, 2}, {0.5f, 0});
  const int back = b.value(DType::kInt8, {1, 4}, {0.5f, 0});
  const int out = b.value(DType::kInt8, {1, 4}, {0.5f, 0});
  b.node("RESHAPE", {in}, {mid});
  b.node("SQUEEZE", {mid}, {back});
  b.graph().nodes.back().op = "RESHAPE";
  b.node("RELU", {back}, {out});
  b.output(out);
  EXPECT_EQ(nodes_left(b), 2u) << "the first reshape, which nothing reads now, and RELU";
}

}  // namespace
}  // namespace mote::passes
