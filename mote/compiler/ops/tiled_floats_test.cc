// Every instruction set against scalar: layers on floats, of all sizes and forms.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
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
using tests::Random;

/// A layer with random weights.
struct Layer {
  const char* op;
  std::vector<int> in, filter;  ///< shapes, as the operator wants them
  int stride = 1, dilation = 1;
  bool same_padding = false, relu = false;
  bool hybrid = false;  ///< int8 weights

  bool is_depthwise() const { return op == std::string("DEPTHWISE_CONV_2D"); }
  int channels() const { return filter[is_depthwise() ? 3 : 0]; }
};

/// With a scale each channel, or of every second layer one for all.
int hybrid_filter(const Layer& layer, GraphBuilder& b, Random& random) {
  std::vector<float> scales;
  for (int c = 0; c < layer.channels(); ++c)
    scales.push_back(0.001f * static_cast<float>(random.pick(1, 40)));
  if (random.pick(0, 1) == 0) scales.assign(scales.size(), scales[0]);
  return b.constant(random.symmetric_bytes(count(layer.filter)), layer.filter,
                    tests::Quant(scales, layer.is_depthwise() ? 3 : 0));
}

graph::Model model_of(const Layer& layer, Random& random) {
  GraphBuilder b;
  const int in = b.input(DType::kFloat32, layer.in);
  const int filter = layer.hybrid ? hybrid_filter(layer, b, random)
                                  : b.constant(random.floats(count(layer.filter)), layer.filter);
  const int bias = b.constant(random.floats(layer.channels()), {layer.channels()});
  const bool dense = layer.op == std::string("FULLY_CONNECTED");
  const int out = b.value(
      DType::kFloat32,
      dense ? std::vector<int>{layer.in[0], layer.channels()}
            : std::vector<int>{layer.in[0], out_size(layer.in[1], layer.filter[1], layer),
                               out_size(layer.in[2], layer.filter[2], layer), layer.channels()});
  b.node(layer.op, {in, filter, bias}, {out},
         {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
          {"stride_w", std::int64_t{layer.stride}},
          {"stride_h", std::int64_t{layer.stride}},
          {"dilation_w_factor", std::int64_t{layer.dilation}},
          {"dilation_h_factor", std::int64_t{layer.dilation}},
          {"depth_multiplier",
           std::int64_t{layer.is_depthwise() ? layer.channels() / layer.in[3] : 1}},
          {"fused_activation_function", std::int64_t{layer.relu ? 1 : 0}}});
  b.output(out);
  return b.build();
}

/// What the model gives for some input.
std::vector<float> outputs_on(const graph::Model& model, std::string_view isa, int threads = 1) {
  auto interpreter = tests::interpreter_of(
      model, {.isa = std::string(isa), .threads = threads, .split_all = threads > 1});
  const auto in = interpreter.input(0).bytes();
  const auto values = Random(7).floats(static_cast<int>(in.size() / sizeof(float)));
  std::memcpy(in.data(), values.data(), in.size());
  interpreter.run();
  const auto bytes = interpreter.output(0).bytes();
  std::vector<float> outputs(bytes.size() / sizeof(float));
  std::memcpy(outputs.data(), bytes.data(), bytes.size());
  return outputs;
}

std::string text_of(const Layer& layer) {
  return cat(layer.op, " ", graph::describe_shape(layer.in), " by ",
             graph::describe_shape(layer.filter), " stride ", layer.stride, " dilation ",
             layer.dilation, layer.same_padding ? " same" : "", layer.relu ? " relu" : "");
}

/// The largest difference between two lists.
float distance(const std::vector<float>& a, const std::vector<float>& b) {
  float most = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::isnan(a[i]) ? INFINITY : std::abs(a[i] - b[i]));
  return most;
}

/// Runs the layer on every instruction set of this machine, where it must give what scalar gives
/// but for the order of its sums (a hybrid one: exactly that), and the same on several threads.
void expect_close_everywhere(const Layer& layer, unsigned seed) {
  Random random(seed);
  const graph::Model model = model_of(layer, random);
  const std::vector<float> expected = outputs_on(model, "scalar");
  const int terms = count(layer.filter) / layer.channels() + 1;
  const float tolerance = layer.hybrid ? 0 : 1e-6f * static_cast<float>(terms);
  for (const auto* table : dispatch::available_tables()) {
    const std::vector<float> one = outputs_on(model, table->isa);
    ASSERT_LE(distance(one, expected), tolerance) << text_of(layer) << " on " << table->isa;
    const int threads = 2 + static_cast<int>(seed % 3);
    ASSERT_EQ(outputs_on(model, table->isa, threads), one)
        << text_of(layer) << " on " << table->isa << ", " << threads << " threads";
  }
}

TEST(TiledFloats, OfEveryDepthUpTo257GiveWhatScalarGives) {
  for (int depth = 1; depth <= 257; ++depth)
    for (const int batch : {1, 2 + depth % 18})
      expect_close_everywhere({.op = "FULLY_CONNECTED",
                               .in = {batch, depth},
                               .filter = {1 + depth * 5 % 70, depth},
                               .relu = depth % 2 == 0},
                              static_cast<unsigned>(depth));
}

TEST(TiledFloats, OfEveryNumberOfChannelsUpTo257GiveWhatScalarGives) {
  for (int channels = 1; channels <= 257; ++channels) {
    const auto seed = static_cast<unsigned>(channels);
    for (const int batch : {1, 13})
      expect_close_everywhere({.op = "FULLY_CONNECTED",
                               .in = {batch, 19},
                               .filter = {channels, 19},
                               .relu = channels % 3 != 0},
                              seed);
    expect_close_everywhere({.op = "DEPTHWISE_CONV_2D",
                             .in = {1, 4, 1 + channels % 9, channels},
                             .filter = {1, 3, 3, channels},
                             .stride = 1 + channels % 2,
                             .same_padding = true,
                             .relu = channels % 4 != 0},
                            seed);
  }
}

Layer random_convolution(Random& random, const char* op) {
  Layer layer{.op = op};
  const int filter_h = random.pick(1, 5), filter_w = random.pick(1, 5);
  layer.dilation = random.pick(0, 3) == 0 ? 2 : 1;
  const int depth = random.pick(1, layer.is_depthwise() ? 70 : 20);
  const int least = (std::max(filter_h, filter_w) - 1) * layer.dilation + 1;
  layer.in = {random.pick(1, 2), random.pick(least, 14), random.pick(least, 24), depth};
  layer.filter = {layer.is_depthwise() ? 1 : random.pick(1, 90), filter_h, filter_w, depth};
  layer.stride = random.pick(1, 3);
  layer.same_padding = random.pick(0, 1) == 0;
  layer.relu = random.pick(0, 2) == 0;
  if (layer.is_depthwise() && random.pick(0, 3) == 0) layer.in[3] = 1;  // one channel, many filters
  return layer;
}

TEST(TiledFloats, OfRandomConvolutionsGiveWhatScalarGives) {
  Random random(3);
  for (unsigned i = 0; i < 300; ++i)
    expect_close_everywhere(random_convolution(random, "CONV_2D"), i);
}

TEST(TiledFloats, OfRandomDepthwiseConvolutionsGiveWhatScalarGives) {
  Random random(4);
  for (unsigned i = 0; i < 300; ++i)
    expect_close_everywhere(random_convolution(random, "DEPTHWISE_CONV_2D"), i);
}

TEST(TiledFloats, OfHybridConvolutionsGiveExactlyWhatScalarGives) {
  Random random(8);
  for (unsigned i = 0; i < 200; ++i) {
    Layer layer = random_convolution(random, i % 3 != 0 ? "CONV_2D" : "DEPTHWISE_CONV_2D");
    layer.hybrid = true;
    expect_close_everywhere(layer, i);
  }
}

TEST(TiledFloats, OfHybridSumsThatAreTooLargeGiveExactlyWhatScalarGives) {
  for (const int depth : {400, 1000, 2000})
    expect_close_everywhere(
        {.op = "CONV_2D", .in = {2, 3, 3, depth}, .filter = {20, 1, 1, depth}, .hybrid = true},
        static_cast<unsigned>(depth));
}

TEST(TiledFloats, OfColumnsGiveWhatScalarGives) {
  Random random(5);
  for (unsigned i = 0; i < 100; ++i) {
    Layer layer = random_convolution(random, i % 2 == 0 ? "CONV_2D" : "DEPTHWISE_CONV_2D");
    layer.in[2] = layer.filter[2] = 1;
    layer.stride = 1;
    expect_close_everywhere(layer, i);
  }
}

TEST(TiledFloats, OfFiltersThatReachBeyondAnyMemoryGiveWhatScalarGives) {
  for (const char* op : {"CONV_2D", "DEPTHWISE_CONV_2D"})
    for (int dilation : {1 << 12, 1 << 20, 1 << 26}) {
      Layer layer{.op = op,
                  .in = {1, 3, 3, 64},
                  .filter = {64, 3, 3, 64},
                  .dilation = dilation,
                  .same_padding = true};
      if (layer.is_depthwise()) layer.filter[0] = 1;
      expect_close_everywhere(layer, 1);
    }
}

TEST(TiledFloats, KeepWhatIsNoNumber) {
  Random random(6);
  for (const int batch : {1, 9}) {
    const Layer layer{.op = "FULLY_CONNECTED", .in = {batch, 5}, .filter = {20, 5}};
    const graph::Model model = model_of(layer, random);
    for (const auto* table : dispatch::available_tables()) {
      auto interpreter = tests::interpreter_of(model, {.isa = std::string(table->isa)});
      const float nan = NAN;
      std::memset(interpreter.input(0).bytes().data(), 0, interpreter.input(0).bytes().size());
      std::memcpy(interpreter.input(0).bytes().data(), &nan, sizeof nan);
      interpreter.run();
      float first;
      std::memcpy(&first, interpreter.output(0).bytes().data(), sizeof first);
      EXPECT_TRUE(std::isnan(first)) << table->isa;
    }
  }
}

}  // namespace
}  // namespace mote::ops
