#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using testing::ElementsAre;
using tests::GraphBuilder;

TEST(FoldConstants, ComputesAChainOfConstants) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {2, 3});
  const int fixed = b.constant(std::vector<std::int8_t>{1, 2, 3, 4, 5, 6}, {3, 2}, {0.5f, 1});
  const int turned = b.value(DType::kInt8, {2, 3}, {0.5f, 1});
  const int real = b.value(DType::kFloat32, {2, 3}), out = b.value(DType::kFloat32, {2, 3});
  b.node("TRANSPOSE", {fixed, b.constant(std::vector<std::int32_t>{1, 0}, {2})}, {turned});
  b.node("DEQUANTIZE", {turned}, {real});
  b.node("ADD", {in, real}, {out});
  b.output(out);
  graph::Model model = b.build();
  tests::expect_same_outputs(model);
  ASSERT_TRUE(fold_constants.run(model, compiler::pass_context()));
  ASSERT_EQ(model.graphs[0].nodes.size(), 1u);
  EXPECT_THAT(graph::values<float>(model.graphs[0].tensors[static_cast<std::size_t>(real)]),
              ElementsAre(0.0f, 1.0f, 2.0f, 0.5f, 1.5f, 2.5f));
}

TEST(FoldConstants, LeavesWhatDependsOnTheInput) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {2}), out = b.value(DType::kFloat32, {2});
  b.node("ADD", {in, b.constant(std::vector<float>{1, 2}, {2})}, {out});
  b.output(out);
  graph::Model model = b.build();
  const auto changes = fold_constants.run(model, compiler::pass_context());
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
}

}  // namespace
}  // namespace mote::passes
