// Every instruction set against scalar: layers of all sizes and forms, byte for byte.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mote/compiler/compile.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"

namespace mote::ops {
namespace {

using tests::count;
using tests::GraphBuilder;
using tests::out_size;
using tests::Quant;
using tests::Random;

/// A layer with random weights, among them the extreme ones.
struct Layer {
  const char* op;
  std::vector<int> in, filter;  ///< shapes, as the operator wants them
  int stride = 1, dilation = 1;
  bool same_padding = false, relu = false, asymmetric_filter = false;
  float out_scale = 0.5f;
};

graph::Model model_of(const Layer& layer, Random& random) {
  GraphBuilder b;
  const bool depthwise = layer.op == std::string("DEPTHWISE_CONV_2D");
  const bool dense = layer.op == std::string("FULLY_CONNECTED");
  const int channels = layer.filter[depthwise ? 3 : 0];
  std::vector<float> scales;
  for (int c = 0; c < channels; ++c)
    scales.push_back(0.001f * static_cast<float>(random.pick(1, 40)));
  const Quant filter_quant = layer.asymmetric_filter ? Quant(0.01f, random.pick(-128, 127))
                                                     : Quant(scales, depthwise ? 3 : 0);
  std::vector<std::int32_t> biases;
  for (int c = 0; c < channels; ++c) biases.push_back(random.pick(-20000, 20000));
  const int in = b.input(DType::kInt8, layer.in, Quant(0.25f, random.pick(-128, 127)));
  const int filter = b.constant(random.bytes(count(layer.filter)), layer.filter, filter_quant);
  const int bias = b.constant(biases, {channels}, Quant(0.0025f, 0));
  const std::vector<int> shape =
      dense ? std::vector<int>{layer.in[0], channels}
            : std::vector<int>{layer.in[0], out_size(layer.in[1], layer.filter[1], layer),
                               out_size(layer.in[2], layer.filter[2], layer), channels};
  const int zero_point = layer.relu ? -128 : random.pick(-128, 127);
  const int out = b.value(DType::kInt8, shape, Quant(layer.out_scale, zero_point));
  b.node(layer.op, {in, filter, bias}, {out},
         {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
          {"stride_w", std::int64_t{layer.stride}},
          {"stride_h", std::int64_t{layer.stride}},
          {"dilation_w_factor", std::int64_t{layer.dilation}},
          {"dilation_h_factor", std::int64_t{layer.dilation}},
          {"depth_multiplier", std::int64_t{depthwise ? channels / layer.in[3] : 1}},
          {"fused_activation_function", std::int64_t{layer.relu ? 1 : 0}}});
  b.output(out);
  return b.build();
}

using Outputs = std::vector<std::vector<std::byte>>;

/// What the model gives for some inputs: the least, the largest, and random ones.
Outputs outputs_on(const graph::Model& model, std::string_view isa, int threads = 1) {
  auto interpreter = tests::interpreter_of(
      model, {.isa = std::string(isa), .threads = threads, .split_all = threads > 1});
  Random random(7);
  Outputs outputs;
  for (int run = 0; run < 4; ++run) {
    for (std::byte& b : interpreter.input(0).bytes())
      b = static_cast<std::byte>(run == 0 ? -128 : run == 1 ? 127 : random.byte());
    interpreter.run();
    const auto bytes = interpreter.output(0).bytes();
    outputs.emplace_back(bytes.begin(), bytes.end());
  }
  return outputs;
}

std::string text_of(const Layer& layer) {
  return cat(layer.op, " ", graph::describe_shape(layer.in), " by ",
             graph::describe_shape(layer.filter), " stride ", layer.stride, " dilation ",
             layer.dilation, layer.same_padding ? " same" : "", layer.relu ? " relu" : "",
             layer.asymmetric_filter ? " asymmetric" : "");
}

/// Runs the layer on every instruction set of this machine, on one thread and on several; names
/// the first that differs.
void expect_same_everywhere(const Layer& layer, unsigned seed) {
  Random random(seed);
  const graph::Model model = model_of(layer, random);
  const Outputs expected = outputs_on(model, "scalar");
  for (const auto* table : dispatch::available_tables())
    for (const int threads : {1, 2 + static_cast<int>(seed % 3)}) {
      if (table->isa == "scalar" && threads == 1) continue;  // what is expected
      ASSERT_EQ(outputs_on(model, table->isa, threads), expected)
          << text_of(layer) << " on " << table->isa << ", " << threads << " threads";
    }
}

TEST(TiledLayer, OfEveryDepthUpTo257GivesWhatScalarGives) {
  for (int depth = 1; depth <= 257; ++depth)
    expect_same_everywhere({.op = "FULLY_CONNECTED",
                            .in = {1 + depth % 7, depth},
                            .filter = {1 + depth * 5 % 70, depth},
                            .relu = depth % 2 == 0,
                            .asymmetric_filter = depth % 5 == 0,
                            .out_scale = 0.1f * static_cast<float>(1 + depth % 40)},
                           static_cast<unsigned>(depth));
}

TEST(TiledLayer, OfEveryNumberOfChannelsUpTo257GivesWhatScalarGives) {
  for (int channels = 1; channels <= 257; ++channels) {
    expect_same_everywhere({.op = "FULLY_CONNECTED",
                            .in = {2, 19},
                            .filter = {channels, 19},
                            .relu = channels % 3 != 0,
                            .out_scale = 1.0f},
                           static_cast<unsigned>(channels));
    expect_same_everywhere({.op = "DEPTHWISE_CONV_2D",
                            .in = {1, 4, 5, channels},
                            .filter = {1, 3, 3, channels},
                            .stride = 1 + channels % 2,
                            .same_padding = channels % 3 == 0,
                            .relu = channels % 4 != 0,
                            .asymmetric_filter = channels % 7 == 0},
                           static_cast<unsigned>(channels));
  }
}

Layer random_convolution(Random& random, bool depthwise) {
  const int filter_h = random.pick(1, 5), filter_w = random.pick(1, 5);
  const int dilation = random.pick(0, 3) == 0 ? 2 : 1;
  const int depth = random.pick(1, depthwise ? 70 : 20);
  const int least = (std::max(filter_h, filter_w) - 1) * dilation + 1;
  Layer layer{.op = depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D",
              .in = {random.pick(1, 2), random.pick(least, 14), random.pick(least, 24), depth},
              .filter = {1, filter_h, filter_w, depth},
              .stride = random.pick(1, 3),
              .dilation = dilation,
              .same_padding = random.pick(0, 1) == 0,
              .relu = random.pick(0, 2) != 0,
              .asymmetric_filter = random.pick(0, 4) == 0,
              .out_scale = 0.1f * static_cast<float>(random.pick(1, 30))};
  if (!depthwise) layer.filter[0] = random.pick(1, 90);
  if (depthwise && random.pick(0, 3) == 0) layer.in[3] = 1;  // one channel, many filters
  return layer;
}

TEST(TiledLayer, OfFirstLayersWithEightChannelsGivesWhatScalarGives) {
  Random random(5);
  for (unsigned i = 0; i < 200; ++i) {
    Layer layer = random_convolution(random, false);
    layer.in[2] = random.pick(30, 70);
    layer.in[3] = layer.filter[3] = random.pick(1, 4);
    layer.filter[0] = 8;
    layer.dilation = 1;
    layer.stride = random.pick(1, 2);
    layer.relu = true;
    expect_same_everywhere(layer, i);
  }
}

TEST(TiledLayer, OfFirstLayersWhoseRowsMayBeExpandedGivesWhatScalarGives) {
  Random random(8);
  for (unsigned i = 0; i < 150; ++i) {
    const int depth = random.pick(1, 3), filter_w = random.pick(1, 17 / depth);
    const int filter_h = random.pick(1, 5), stride = random.pick(1, 3);
    const bool depthwise = depth == 1 && random.pick(0, 1) == 0;
    const int channels = random.pick(1, 9);
    Layer layer{.op = depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D",
                .in = {random.pick(1, 2), random.pick(4, 8) * filter_h,
                       filter_w + stride * random.pick(0, 25), depth},
                .filter = {channels, filter_h, filter_w, depth},
                .stride = stride,
                .same_padding = random.pick(0, 1) == 0,
                .relu = random.pick(0, 2) != 0,
                .out_scale = 0.1f * static_cast<float>(random.pick(1, 30))};
    if (depthwise) layer.filter = {1, filter_h, filter_w, channels};
    expect_same_everywhere(layer, i);
  }
}

TEST(TiledLayer, OfFewChannelsAndLongRunsGivesWhatScalarGives) {
  for (int depth = 120; depth <= 400; depth += 7)
    expect_same_everywhere({.op = "FULLY_CONNECTED",
                            .in = {1 + depth % 3, depth},
                            .filter = {1 + depth % 4, depth},
                            .relu = depth % 2 == 0,
                            .out_scale = 2.0f},
                           static_cast<unsigned>(depth));
  Random random(6);
  for (unsigned i = 0; i < 60; ++i) {
    Layer layer = random_convolution(random, false);
    layer.in[3] = layer.filter[3] = random.pick(40, 150);
    layer.filter[0] = random.pick(1, 5);
    expect_same_everywhere(layer, i);
  }
}

TEST(TiledLayer, OfFiltersThatReachBeyondAnyMemoryGivesWhatScalarGives) {
  for (const char* op : {"CONV_2D", "DEPTHWISE_CONV_2D"})
    for (int dilation : {1 << 12, 1 << 20, 1 << 26}) {
      Layer layer{.op = op,
                  .in = {1, 3, 3, 64},
                  .filter = {64, 3, 3, 64},
                  .dilation = dilation,
                  .same_padding = true};
      if (layer.op == std::string("DEPTHWISE_CONV_2D")) layer.filter[0] = 1;
      expect_same_everywhere(layer, 1);
    }
}

TEST(TiledLayer, OfRandomConvolutionsGivesWhatScalarGives) {
  Random random(3);
  for (unsigned i = 0; i < 300; ++i) expect_same_everywhere(random_convolution(random, false), i);
}

TEST(TiledLayer, OfRandomDepthwiseConvolutionsGivesWhatScalarGives) {
  Random random(4);
  for (unsigned i = 0; i < 300; ++i) expect_same_everywhere(random_convolution(random, true), i);
}

}  // namespace
}  // namespace mote::ops
