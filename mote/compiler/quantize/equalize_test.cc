#include "mote/compiler/quantize/equalize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "mote/compiler/quantize/layers.h"
#include "tests/support/programs.h"

namespace mote::quantize {
namespace {

using tests::GraphBuilder;

std::vector<float> random_floats(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> values(count);
  for (float& x : values) x = normal(engine);
  return values;
}

/// CONV_2D with `activation`, PAD, DEPTHWISE_CONV_2D, RELU, MEAN, FULLY_CONNECTED; the first
/// layer's channels differ in size by factors up to 100.
GraphBuilder network(std::int64_t activation) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, {1, 6, 6, 2});
  auto first = random_floats(4 * 9 * 2, 1), first_bias = random_floats(4, 2);
  for (std::size_t c = 0; c < 4; ++c) {
    const auto size = std::pow(10.0f, static_cast<float>(c) - 2);
    for (std::size_t i = 0; i < 18; ++i) first[c * 18 + i] *= size;
    first_bias[c] *= size;
  }
  const int conv = b.value(DType::kFloat32, {1, 6, 6, 4}),
            padded = b.value(DType::kFloat32, {1, 8, 8, 4}),
            deep = b.value(DType::kFloat32, {1, 6, 6, 4}),
            bounded = b.value(DType::kFloat32, {1, 6, 6, 4}),
            mean = b.value(DType::kFloat32, {1, 4}), out = b.value(DType::kFloat32, {1, 3});
  b.node("CONV_2D", {in, b.constant(first, {4, 3, 3, 2}), b.constant(first_bias, {4})}, {conv},
         {{"padding", std::int64_t{0}},
          {"stride_h", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"fused_activation_function", activation}});
  b.node("PAD", {conv, b.constant(std::vector<std::int32_t>{0, 0, 1, 1, 1, 1, 0, 0}, {4, 2})},
         {padded});
  b.node("DEPTHWISE_CONV_2D",
         {padded, b.constant(random_floats(36, 3), {1, 3, 3, 4}),
          b.constant(random_floats(4, 4), {4})},
         {deep},
         {{"padding", std::int64_t{1}},
          {"stride_h", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"depth_multiplier", std::int64_t{1}}});
  b.node("RELU", {deep}, {bounded});
  b.node("MEAN", {bounded, b.constant(std::vector<std::int32_t>{1, 2}, {2})}, {mean});
  b.node("FULLY_CONNECTED", {mean, b.constant(random_floats(12, 5), {3, 4})}, {out});
  b.output(out);
  return b;
}

std::vector<float> run(const graph::Model& model) {
  auto interpreter = tests::interpreter_of(model);
  EXPECT_TRUE(interpreter.input(0).write_real(random_floats(72, 6)));
  interpreter.run();
  return interpreter.output(0).read_real();
}

/// The largest weight of each output channel.
std::vector<float> largest_weights(const graph::Graph& graph, std::size_t node) {
  const Layer layer = *layer_of(graph, graph.nodes[node]);
  const auto filter = graph::values<float>(*graph.input(graph.nodes[node], layer.filter));
  std::vector<float> largest(static_cast<std::size_t>(layer.channels()));
  for (std::size_t i = 0; i < filter.size(); ++i) {
    float& most = largest[static_cast<std::size_t>(layer.channel_of(i))];
    most = std::max(most, std::abs(filter[i]));
  }
  return largest;
}

TEST(Equalize, LeavesTheFunctionAsItIs) {
  const graph::Model before = network(/*activation=*/1).build();
  graph::Model after = before;
  EXPECT_EQ(equalize(after).size(), 2u);
  const auto expected = run(before), made = run(after);
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i)
    EXPECT_NEAR(made[i], expected[i], 1e-4f * (1 + std::abs(expected[i]))) << i;
}

TEST(Equalize, MakesTheWeightsOfAChannelAlikeInBothLayers) {
  graph::Model model = network(/*activation=*/1).build();
  const auto ratio = [&] {
    const auto first = largest_weights(model.graphs[0], 0);
    const auto second = largest_weights(model.graphs[0], 2);
    float most = 1;
    for (std::size_t c = 0; c < first.size(); ++c)
      most = std::max({most, first[c] / second[c], second[c] / first[c]});
    return most;
  };
  EXPECT_GT(ratio(), 20);
  equalize(model);
  EXPECT_LT(ratio(), 1.01);
}

TEST(Equalize, LeavesRelu6Alone) {
  graph::Model model = network(/*activation=*/3).build();
  EXPECT_EQ(equalize(model).size(), 1u);  // the depthwise layer and the dense one
}

TEST(Equalize, LeavesValuesThatOthersReadAlone) {
  GraphBuilder b = network(/*activation=*/1);
  b.output(b.graph().nodes[0].outputs[0]);
  graph::Model model = b.build();
  EXPECT_EQ(equalize(model).size(), 1u);
}

}  // namespace
}  // namespace mote::quantize
