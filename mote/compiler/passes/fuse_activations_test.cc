#include <gtest/gtest.h>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using tests::GraphBuilder;

/// A + A, then an activation whose output has the scale `after`.
GraphBuilder sum_then(const char* activation, tests::Quant after, bool read_twice = false) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 300}, {0.05f, 3});
  const int sum = b.value(DType::kInt8, {1, 300}, {0.07f, -5});
  const int out = b.value(DType::kInt8, {1, 300}, std::move(after));
  b.node("ADD", {in, in}, {sum});
  b.node(activation, {sum}, {out});
  b.output(out);
  if (read_twice) b.output(sum);
  return b;
}

std::size_t nodes_left(const GraphBuilder& b) {
  graph::Model model = b.build();
  tests::expect_same_outputs(model);
  EXPECT_TRUE(fuse_activations.run(model, compiler::pass_context()));
  return model.graphs[0].nodes.size();
}

TEST(FuseActivations, PutsTheClampingIntoTheOperatorBefore) {
  for (const char* activation : {"RELU", "RELU6"})
    EXPECT_EQ(nodes_left(sum_then(activation, {0.07f, -5})), 1u) << activation;
}

TEST(FuseActivations, KeepsAnActivationThatChangesTheScale) {
  EXPECT_EQ(nodes_left(sum_then("RELU", {0.03f, -128})), 2u);
}

TEST(FuseActivations, KeepsAnActivationWhoseInputSomethingElseReads) {
  EXPECT_EQ(nodes_left(sum_then("RELU", {0.07f, -5}, /*read_twice=*/true)), 2u);
}

}  // namespace
}  // namespace mote::passes
