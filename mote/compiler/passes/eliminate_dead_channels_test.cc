#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "mote/compiler/passes/passes.h"
#include "tests/support/graph_builder.h"
#include "tests/support/same_outputs.h"

namespace mote::passes {
namespace {

using testing::ElementsAre;
using tests::GraphBuilder;

constexpr std::int64_t kSame = 0, kValid = 1, kRelu = 1;

using Weights = std::vector<std::int8_t>;
using Biases = std::vector<std::int32_t>;

/// One pixel of so many channels to a layer of 1 x 1 filters.
int pointwise(GraphBuilder& b, int in, int channels, const Weights& weights, const Biases& biases,
              tests::Quant out_quant = {0.5f, 0}, std::int64_t activation = 0) {
  const std::vector<int> shape = b.graph().tensors[static_cast<std::size_t>(in)].shape;
  const int filter = b.constant(weights, {channels, 1, 1, shape[3]}, {0.25f, 0});
  const int bias = b.constant(biases, {channels}, {0.125f, 0});
  const int out = b.value(DType::kInt8, {1, shape[1], shape[2], channels}, out_quant);
  b.node("CONV_2D", {in, filter, bias}, {out},
         {{"stride_h", std::int64_t{1}},
          {"stride_w", 1},
          {"padding", kSame},
          {"fused_activation_function", activation}});
  return out;
}

/// A layer of 3 x 3 filters, each of its channel, on an image.
int depthwise(GraphBuilder& b, int in, const Weights& weights, std::int64_t padding,
              tests::Quant out_quant = {0.5f, 0}) {
  const std::vector<int> shape = b.graph().tensors[static_cast<std::size_t>(in)].shape;
  const int filter = b.constant(weights, {1, 3, 3, shape[3]}, {0.25f, 0});
  const int border = padding == kValid ? 2 : 0;
  const int out =
      b.value(DType::kInt8, {1, shape[1] - border, shape[2] - border, shape[3]}, out_quant);
  b.node("DEPTHWISE_CONV_2D", {in, filter, graph::kNoTensor}, {out},
         {{"stride_h", 1}, {"stride_w", 1}, {"padding", padding}, {"depth_multiplier", 1}});
  return out;
}

Changes shrink(graph::Model& model) {
  auto changes = eliminate_dead_channels.run(model, compiler::pass_context());
  EXPECT_TRUE(changes) << changes.error().message;
  return changes ? *changes : Changes();
}

/// The shape of what node `i` writes.
std::vector<int> shape_after(const graph::Model& model, std::size_t i) {
  return model.graphs[0].output(model.graphs[0].nodes[i]).shape;
}

/// Shrinks, checks that the outputs stay, and gives the pass's report.
Changes shrink_exactly(GraphBuilder& b, int out, graph::Model& model) {
  b.output(out);
  model = b.build();
  tests::expect_same_outputs(model);
  return shrink(model);
}

TEST(EliminateDeadChannels, RemovesAChannelWhoseFilterIsZeroAndFoldsItIntoTheNextBias) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 2}, {0.5f, 3});
  const int middle = pointwise(b, in, 2, {3, -5, 0, 0}, {7, 40}, {0.5f, -1});
  graph::Model model;
  const Changes changes =
      shrink_exactly(b, pointwise(b, middle, 2, {1, 2, -3, 10}, {5, -6}), model);
  EXPECT_THAT(shape_after(model, 0), ElementsAre(1, 2, 2, 1));
  ASSERT_EQ(changes.certificate.tensors.size(), 1u);
  ASSERT_EQ(changes.certificate.tensors[0].removed.size(), 1u);
  const RemovedChannel removed = changes.certificate.tensors[0].removed[0];
  EXPECT_EQ(removed.channel, 1);
  EXPECT_EQ(removed.argument, Argument::kZeroFilter);
  EXPECT_EQ(removed.value, 9) << "40 * 0.125 / 0.5 - 1";
  const graph::Graph& graph = model.graphs[0];
  EXPECT_THAT(graph::values<std::int32_t>(*graph.input(graph.nodes[1], 2)),
              ElementsAre(5 + 10 * 2, -6 + 10 * 10));
}

TEST(EliminateDeadChannels, RemovesAChannelThatTheActivationAlwaysClamps) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 2, {3, 2}, {0, -1000}, {0.5f, -128}, kRelu);
  graph::Model model;
  const Changes changes = shrink_exactly(b, pointwise(b, middle, 1, {1, 2}, {5}), model);
  ASSERT_EQ(changes.certificate.tensors.size(), 1u);
  const RemovedChannel removed = changes.certificate.tensors[0].removed[0];
  EXPECT_EQ(removed.argument, Argument::kClamps);
  EXPECT_EQ(removed.value, -128);
  EXPECT_EQ(removed.low_sum, -1000 - 2 * 128);
  EXPECT_EQ(removed.high_sum, -1000 + 2 * 127);
  EXPECT_EQ(changes.certificate.before.macs, 4 * 2 + 4 * 2);
  EXPECT_EQ(changes.certificate.after.macs, 4 + 4);
}

TEST(EliminateDeadChannels, RemovesWhatNothingReadsAndWhatThatAloneRead) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 1}, {0.5f, 0});
  const int first = pointwise(b, in, 2, {3, 2}, {0, 5});
  const int second = pointwise(b, first, 2, {1, 0, 0, 1}, {0, 0});
  graph::Model model;
  const Changes changes = shrink_exactly(b, pointwise(b, second, 1, {4, 0}, {5}), model);
  EXPECT_THAT(shape_after(model, 0), ElementsAre(1, 2, 2, 1));
  EXPECT_THAT(shape_after(model, 1), ElementsAre(1, 2, 2, 1));
  ASSERT_EQ(changes.certificate.tensors.size(), 2u);
  for (const ShrunkTensor& tensor : changes.certificate.tensors)
    EXPECT_EQ(tensor.removed[0].argument, Argument::kUnread);
}

TEST(EliminateDeadChannels, KeepsAConstantThatABorderMakesVary) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4, 4, 1}, {0.5f, 0});
  // The second channel is 20 everywhere, but outside the image it counts as zero.
  const int middle = pointwise(b, in, 2, {3, 0}, {0, 80});
  const int spread = depthwise(b, middle, Weights(18, 1), kSame);
  graph::Model model;
  EXPECT_TRUE(shrink_exactly(b, pointwise(b, spread, 1, {1, 1}, {0}), model).empty());
}

TEST(EliminateDeadChannels, FollowsAConstantThroughAFilterWithoutBorders) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4, 4, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 2, {3, 0}, {0, 8});
  const int spread = depthwise(b, middle, Weights(18, 1), kValid);
  graph::Model model;
  const Changes changes = shrink_exactly(b, pointwise(b, spread, 1, {1, 1}, {0}), model);
  ASSERT_EQ(changes.certificate.tensors.size(), 2u);
  EXPECT_EQ(changes.certificate.tensors[1].removed[0].argument, Argument::kConstantInputs);
}

TEST(EliminateDeadChannels, FollowsTheZeroPointAcrossBorders) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4, 4, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 2, {3, 0}, {0, 0}, {0.5f, -7});
  const int spread = depthwise(b, middle, Weights(18, 1), kSame);
  graph::Model model;
  EXPECT_EQ(shrink_exactly(b, pointwise(b, spread, 1, {1, 1}, {0}), model).lines.size(), 2u);
}

TEST(EliminateDeadChannels, KeepsConstantOutputsOfTheNetwork) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 1}, {0.5f, 0});
  graph::Model model;
  EXPECT_TRUE(shrink_exactly(b, pointwise(b, in, 2, {3, 0}, {0, 8}), model).empty());
}

TEST(EliminateDeadChannels, RemovesBothSidesOfASumOrNeither) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2, 2, 1}, {0.5f, 0});
  // Channel 0 is dead on both sides, channel 1 on the left only.
  const int left = pointwise(b, in, 3, {0, 0, 3}, {8, 12, 0});
  const int right = pointwise(b, in, 3, {0, 2, 1}, {20, 0, 9});
  const int sum = b.value(DType::kInt8, {1, 2, 2, 3}, {0.75f, 4});
  b.node("ADD", {left, right}, {sum});
  graph::Model model;
  shrink_exactly(b, pointwise(b, sum, 2, {1, 2, 3, 4, 5, 6}, {1, 2}), model);
  for (std::size_t node : {0, 1, 2}) EXPECT_EQ(shape_after(model, node).back(), 2) << node;
}

TEST(EliminateDeadChannels, CarriesChannelsThroughPoolsReshapesAndMeans) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4, 4, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 3, {3, 0, -2}, {0, 9, 5});
  const int pooled = b.value(DType::kInt8, {1, 2, 2, 3}, {0.5f, 0});
  b.node("AVERAGE_POOL_2D", {middle}, {pooled},
         {{"stride_h", 2},
          {"stride_w", 2},
          {"filter_height", 2},
          {"filter_width", 2},
          {"padding", kValid}});
  const int axes = b.constant(std::vector<std::int32_t>{1}, {1});
  const int mean = b.value(DType::kInt8, {1, 2, 3}, {0.4f, 5});
  b.node("MEAN", {pooled, axes}, {mean});
  const int flat = b.value(DType::kInt8, {1, 6}, {0.4f, 5});
  b.node("RESHAPE", {mean, b.constant(std::vector<std::int32_t>{1, 6}, {2})}, {flat});
  const int filter =
      b.constant(Weights{1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6}, {2, 6}, {0.25f, 0});
  const int out = b.value(DType::kInt8, {1, 2}, {2.0f, 0});
  b.node("FULLY_CONNECTED", {flat, filter, graph::kNoTensor}, {out});
  graph::Model model;
  const Changes changes = shrink_exactly(b, out, model);
  EXPECT_EQ(changes.lines.size(), 4u);
  EXPECT_THAT(shape_after(model, 3), ElementsAre(1, 4));
}

TEST(EliminateDeadChannels, KeepsAConstantThatNoBiasCanHold) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 1, 1, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 2, {3, 0}, {0, 400});
  graph::Model model;
  EXPECT_TRUE(shrink_exactly(b, pointwise(b, middle, 1, {1, 127}, {2147483647}), model).empty());
}

TEST(EliminateDeadChannels, ClaimsNothingWhereSumsMayWrap) {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 1, 1, 1}, {0.5f, 0});
  const int middle = pointwise(b, in, 2, {3, 127}, {0, 2147483647}, {0.5f, 0});
  graph::Model model;
  EXPECT_TRUE(shrink_exactly(b, pointwise(b, middle, 1, {1, 1}, {0}), model).empty());
}

/// Random networks of convolutions, sums and pools, half of whose filters are zero.
graph::Model random_network(unsigned seed) {
  std::mt19937 engine(seed);
  const auto below = [&](int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)); };
  const auto weights = [&](int filters, int size) {
    Weights out;
    for (int f = 0; f < filters; ++f) {
      const bool is_zero = below(2) == 0;
      for (int i = 0; i < size; ++i)
        out.push_back(static_cast<std::int8_t>(is_zero || below(4) == 0 ? 0 : below(256) - 128));
    }
    return out;
  };
  GraphBuilder b;
  const auto quant = [&] {
    return tests::Quant(0.25f * static_cast<float>(1 + below(40)),
                        below(2) ? -128 : below(256) - 128);
  };
  int last = b.input(DType::kInt8, {1, 5, 5, 3}, quant()), channels = 3;
  const auto layer = [&](int in, int count) {
    Biases biases;
    for (int c = 0; c < count; ++c) biases.push_back(below(20000) - 10000);
    return pointwise(b, in, count, weights(count, channels), biases, quant(), below(2));
  };
  for (int depth = 0; depth < 4; ++depth) {
    const int count = 4 + below(5);
    int next = layer(last, count);
    if (below(2)) {
      const int sum = b.value(DType::kInt8, {1, 5, 5, count}, quant());
      b.node(below(2) ? "ADD" : "MUL", {next, layer(last, count)}, {sum});
      next = sum;
    }
    channels = count;
    Weights taps = weights(count, 9), transposed(taps.size());
    for (int c = 0; c < count; ++c)
      for (int t = 0; t < 9; ++t)
        transposed[static_cast<std::size_t>(t * count + c)] =
            taps[static_cast<std::size_t>(c * 9 + t)];
    last = depthwise(b, next, transposed, kSame, quant());
  }
  b.output(layer(last, 3));
  return b.build();
}

TEST(EliminateDeadChannels, KeepsTheOutputsOfRandomNetworks) {
  int shrunk = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    graph::Model model = random_network(seed);
    SCOPED_TRACE(seed);
    tests::expect_same_outputs(model);
    shrunk += !shrink(model).empty();
  }
  EXPECT_GT(shrunk, 150);
}

}  // namespace
}  // namespace mote::passes
