#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"

namespace mote::passes {
namespace {

TEST(RemoveUnused, LeavesOutAChainThatNothingReads) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {4}), out = b.value(DType::kFloat32, {4});
  const int aside = b.value(DType::kFloat32, {4}), further = b.value(DType::kFloat32, {4});
  b.node("RELU", {in}, {aside});
  b.node("RELU", {in}, {out});
  b.node("RELU", {aside}, {further});
  b.output(out);
  graph::Model model = b.build();
  const auto changes = remove_unused.run(model, {});
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->lines.size(), 2u);
  ASSERT_EQ(model.graphs[0].nodes.size(), 1u);
  EXPECT_EQ(model.graphs[0].nodes[0].index, 1);
}

TEST(RemoveUnused, KeepsWhatChangesState) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kFloat32, {4}), out = b.value(DType::kFloat32, {4});
  const int handle = b.resource();
  b.node("VAR_HANDLE", {}, {handle});
  b.node("ASSIGN_VARIABLE", {handle, in}, {});
  b.node("RELU", {in}, {out});
  b.output(out);
  graph::Model model = b.build();
  const auto changes = remove_unused.run(model, {});
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
  EXPECT_EQ(model.graphs[0].nodes.size(), 3u);
}

}  // namespace
}  // namespace mote::passes
