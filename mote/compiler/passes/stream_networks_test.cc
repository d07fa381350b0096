// Networks of all kinds that slide over random streams: every run of the streamed one gives, byte
// for byte, what the whole window gives, from the first run on.

#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/layers.h"
#include "tests/support/programs.h"
#include "tests/support/streamed.h"

namespace mote::passes {
namespace {

using tests::count;
using tests::Quant;
using tests::Random;

/// A filter along time and across it.
struct Layer {
  int taps = 3, across = 1, channels = 8, stride = 1, dilation = 1;
  bool same_padding = false, is_depthwise = false;
};

/// Builds a network of INT8 or FLOAT32 on images [1, time, width, channels], or with time along the
/// width.
class Net {
 public:
  explicit Net(DType type, int time_axis = 1, unsigned seed = 1)
      : type_(type), time_(time_axis), random_(seed) {}

  int input(std::vector<int> shape) { return b.input(type_, std::move(shape), quant(0.05f, -7)); }
  int value(std::vector<int> shape, float scale = 0.1f, int zero_point = 3) {
    return b.value(type_, std::move(shape), quant(scale, zero_point));
  }
  const std::vector<int>& shape(int tensor) {
    return b.graph().tensors[static_cast<std::size_t>(tensor)].shape;
  }

  int convolve(int in, const Layer& layer) {
    const std::vector<int> from = shape(in);
    const int channels = layer.is_depthwise ? from[3] : layer.channels;
    const int high = time_ == 1 ? layer.taps : layer.across;
    const int wide = time_ == 1 ? layer.across : layer.taps;
    const std::vector<int> filter = {layer.is_depthwise ? 1 : channels, high, wide, from[3]};
    const Layer across{.same_padding = layer.same_padding};
    const int out = value({from[0], tests::out_size(from[1], high, time_ == 1 ? layer : across),
                           tests::out_size(from[2], wide, time_ == 2 ? layer : across), channels});
    const auto along = [&](int axis, int setting) {
      return std::int64_t{axis == time_ ? setting : 1};
    };
    b.node(layer.is_depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D",
           {in, weights(filter, layer.is_depthwise ? 3 : 0), bias(channels)}, {out},
           {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
            {"stride_h", along(1, layer.stride)},
            {"stride_w", along(2, layer.stride)},
            {"dilation_h_factor", along(1, layer.dilation)},
            {"dilation_w_factor", along(2, layer.dilation)},
            {"depth_multiplier", std::int64_t{1}},
            {"fused_activation_function", std::int64_t{0}}});
    return out;
  }
  int pool(const char* op, int in, int taps, int stride, bool same_padding) {
    const std::vector<int> from = shape(in);
    const Layer layer{.stride = stride, .same_padding = same_padding};
    const auto& of = b.graph().tensors[static_cast<std::size_t>(in)];
    const int out = b.value(type_, {1, tests::out_size(from[1], taps, layer), from[2], from[3]},
                            quant(of.scale(), of.zero_point()));
    b.node(op, {in}, {out},
           {{"padding", std::int64_t{same_padding ? 0 : 1}},
            {"stride_h", std::int64_t{stride}},
            {"stride_w", std::int64_t{1}},
            {"filter_height", std::int64_t{taps}},
            {"filter_width", std::int64_t{1}}});
    return out;
  }
  int unary(const char* op, int in) {
    const bool is_scores = std::strcmp(op, "SOFTMAX") == 0 || std::strcmp(op, "LOGISTIC") == 0;
    const int out = is_scores ? value(shape(in), 1.0f / 256, -128) : value(shape(in));
    b.node(op, {in}, {out}, {{"beta", 1.0}});
    return out;
  }
  int binary(const char* op, int x, int y) {
    const int out = value(shape(x), 0.15f);
    b.node(op, {x, y}, {out});
    return out;
  }
  int dense(int in, int units, std::vector<int> out_shape, bool keep = false) {
    const int depth = keep ? shape(in).back() : count(shape(in)) / out_shape[0];
    const int out = value(std::move(out_shape), 0.2f);
    b.node("FULLY_CONNECTED", {in, weights({units, depth}, -1), bias(units)}, {out},
           {{"keep_num_dims", std::int64_t{keep}}});
    return out;
  }
  int reshape(int in, std::vector<int> to) {
    const auto& of = b.graph().tensors[static_cast<std::size_t>(in)];
    const int out = b.value(type_, std::move(to), quant(of.scale(), of.zero_point()));
    b.node("RESHAPE", {in}, {out});
    return out;
  }
  int mean(int in, std::vector<std::int32_t> axes, std::vector<int> to) {
    const int out = value(std::move(to));
    b.node("MEAN", {in, b.constant(axes, {static_cast<int>(axes.size())})}, {out});
    return out;
  }
  /// Of the same scale as what goes in.
  int like(int in, std::vector<int> to) {
    const auto& of = b.graph().tensors[static_cast<std::size_t>(in)];
    return b.value(type_, std::move(to), quant(of.scale(), of.zero_point()));
  }
  int integers(const std::vector<std::int32_t>& list, std::vector<int> to = {}) {
    if (to.empty()) to = {static_cast<int>(list.size())};
    return b.constant(list, std::move(to));
  }

  /// Random columns; in integers also extremes.
  tests::Fill fill() const {
    auto random = std::make_shared<Random>(77);
    return [random, type = type_](int, std::span<std::byte> input) {
      if (type == DType::kInt8) {
        for (std::byte& byte : input) byte = static_cast<std::byte>(random->byte());
      } else {
        const auto values = random->floats(static_cast<int>(input.size() / sizeof(float)));
        std::memcpy(input.data(), values.data(), input.size());
      }
    };
  }
  DType type() const { return type_; }

  tests::GraphBuilder b;

 private:
  Quant quant(float scale, int zero_point) const {
    return type_ == DType::kFloat32 ? Quant() : Quant(scale, zero_point);
  }
  int weights(const std::vector<int>& shape, int axis) {
    if (type_ == DType::kFloat32) return b.constant(random_.floats(count(shape)), shape);
    if (axis < 0) return b.constant(random_.symmetric_bytes(count(shape)), shape, Quant(0.002f, 0));
    std::vector<float> scales;
    for (int c = 0; c < shape[static_cast<std::size_t>(axis)]; ++c)
      scales.push_back(0.0002f * static_cast<float>(random_.pick(5, 40)));
    return b.constant(random_.symmetric_bytes(count(shape)), shape, Quant(scales, axis));
  }
  int bias(int channels) {
    if (type_ == DType::kFloat32) return b.constant(random_.floats(channels), {channels});
    std::vector<std::int32_t> list;
    for (int c = 0; c < channels; ++c) list.push_back(random_.pick(-2000, 2000));
    return b.constant(list, {channels}, Quant(0.0001f, 0));
  }

  DType type_;
  int time_;
  Random random_;
};

/// What streaming is worth, and costs.
struct Worth {
  std::int64_t windowed_macs = 0, streamed_macs = 0;
};

/// Expects the streamed network to give what the windowed one gives, for a few hundred runs.
Worth expect_same(const Net& net, const Stream& stream, int runs = 300) {
  const graph::Model model = net.b.build();
  const auto windowed = compiler::compile(model);
  const auto streamed = compiler::compile(model, {.stream = stream});
  if (!windowed || !streamed) {
    ADD_FAILURE() << (windowed ? streamed : windowed).error().message;
    return {};
  }
  EXPECT_EQ(tests::first_stream_difference(*windowed, *streamed, stream.axis, runs, net.fill()),
            "");
  const auto apart = compiler::compile(model, {.share_memory = false, .stream = stream});
  EXPECT_EQ(tests::first_stream_difference(*windowed, *apart, stream.axis, 40, net.fill()), "");
  EXPECT_LE(streamed->arena_bytes, apart->arena_bytes);
  return {program::macs(*windowed), program::macs(*streamed)};
}

class StreamedNetwork : public testing::TestWithParam<DType> {};

TEST_P(StreamedNetwork, OfValidConvolutionsComputesOneColumnALayer) {
  Net net(GetParam());
  int x = net.input({1, 20, 3, 4});
  x = net.convolve(x, {.taps = 3, .across = 3, .channels = 8});
  x = net.convolve(x, {.taps = 5, .is_depthwise = true});
  x = net.convolve(x, {.taps = 1, .channels = 6});
  x = net.convolve(x, {.taps = 14, .channels = 5});
  net.b.output(net.unary("SOFTMAX", net.dense(net.reshape(x, {1, 5}), 3, {1, 3})));
  const Worth worth = expect_same(net, {.axis = 1, .hop = 1});
  EXPECT_EQ(worth.streamed_macs, 3 * 3 * 4 * 8 + 5 * 8 + 8 * 6 + 14 * 6 * 5 + 5 * 3);
}

TEST_P(StreamedNetwork, TakesSeveralColumnsAtOnce) {
  for (int hop : {2, 3, 7, 19}) {
    Net net(GetParam());
    int x = net.input({1, 20, 1, 4});
    x = net.convolve(x, {.taps = 3});
    x = net.convolve(x, {.taps = 4, .channels = 3});
    net.b.output(net.dense(net.reshape(x, {1, 45}), 4, {1, 4}));
    SCOPED_TRACE(hop);
    if (hop < 15) {
      expect_same(net, {.axis = 1, .hop = hop});
    }
  }
}

TEST_P(StreamedNetwork, HasStridesThatTheHopFits) {
  Net net(GetParam());
  int x = net.input({1, 41, 2, 3});
  x = net.convolve(x, {.taps = 5, .stride = 2});
  x = net.convolve(x, {.taps = 3, .stride = 2, .is_depthwise = true});
  x = net.convolve(x, {.taps = 2, .channels = 4});
  net.b.output(net.mean(x, {1, 2}, {1, 4}));
  expect_same(net, {.axis = 1, .hop = 4});
  expect_same(net, {.axis = 1, .hop = 8});
}

TEST_P(StreamedNetwork, HasDilationsAndAResidualThatIsCropped) {
  Net net(GetParam());
  const int in = net.input({1, 32, 1, 6});
  const int x = net.convolve(in, {.taps = 3, .channels = 6, .dilation = 4});
  const int rest = net.like(in, {1, 24, 1, 6});
  net.b.node(
      "STRIDED_SLICE",
      {in, net.integers({0, 8, 0, 0}), net.integers({0, 0, 0, 0}), net.integers({1, 1, 1, 1})},
      {rest}, {{"begin_mask", std::int64_t{13}}, {"end_mask", std::int64_t{15}}});
  int y = net.binary("ADD", x, rest);
  y = net.convolve(y, {.taps = 3, .channels = 5, .dilation = 8});
  const int last = net.like(y, {1, 1, 5});
  net.b.node(
      "STRIDED_SLICE",
      {y, net.integers({0, -1, 0, 0}), net.integers({0, 0, 0, 0}), net.integers({1, 1, 1, 1})},
      {last},
      {{"begin_mask", std::int64_t{13}},
       {"end_mask", std::int64_t{13}},
       {"shrink_axis_mask", std::int64_t{2}}});
  net.b.output(net.unary("LOGISTIC", last));
  const Worth worth = expect_same(net, {.axis = 1, .hop = 1});
  EXPECT_EQ(worth.streamed_macs, 3 * 6 * 6 + 3 * 6 * 5);
}

TEST_P(StreamedNetwork, ReusesInteriorColumnsWherePaddingIsSame) {
  Net net(GetParam());
  int x = net.input({1, 30, 4, 2});
  x = net.convolve(x, {.taps = 4, .across = 3, .stride = 2, .same_padding = true});
  x = net.convolve(x, {.taps = 3, .across = 3, .same_padding = true, .is_depthwise = true});
  x = net.unary("RELU", net.convolve(x, {.taps = 1, .channels = 5, .same_padding = true}));
  x = net.convolve(x, {.taps = 3, .across = 3, .same_padding = true, .is_depthwise = true});
  net.b.output(net.dense(net.mean(x, {1, 2}, {1, 5}), 3, {1, 3}));
  const Worth worth = expect_same(net, {.axis = 1, .hop = 2});
  EXPECT_LT(worth.streamed_macs, worth.windowed_macs / 2);
}

TEST_P(StreamedNetwork, HasDilatedLayersWithBorders) {
  Net net(GetParam());
  int x = net.input({1, 40, 1, 4});
  x = net.convolve(x, {.taps = 3, .dilation = 3, .same_padding = true});
  x = net.convolve(x, {.taps = 5, .dilation = 2, .same_padding = true, .is_depthwise = true});
  net.b.output(net.dense(net.reshape(x, {1, 320}), 2, {1, 2}));
  expect_same(net, {.axis = 1, .hop = 1});
  expect_same(net, {.axis = 1, .hop = 3});
}

TEST_P(StreamedNetwork, HasPools) {
  for (const char* op : {"AVERAGE_POOL_2D", "MAX_POOL_2D"})
    for (bool same_padding : {false, true}) {
      Net net(GetParam());
      int x = net.convolve(net.input({1, 36, 2, 3}), {.taps = 3, .channels = 4});
      x = net.pool(op, x, 4, 2, same_padding);
      x = net.pool(op, net.convolve(x, {.taps = 2, .channels = 6}), 3, 1, same_padding);
      const int all = net.pool(op, x, net.shape(x)[1], 1, false);
      net.b.output(net.dense(net.reshape(all, {1, 12}), 4, {1, 4}));
      SCOPED_TRACE(cat(op, same_padding ? " SAME" : " VALID"));
      expect_same(net, {.axis = 1, .hop = 2});
      expect_same(net, {.axis = 1, .hop = 4});
    }
}

TEST_P(StreamedNetwork, HasBranchesOfDifferentBorders) {
  Net net(GetParam());
  const int in = net.convolve(net.input({1, 26, 1, 4}), {.taps = 3, .channels = 6});
  const int wide = net.convolve(in, {.taps = 7, .channels = 6, .same_padding = true});
  const int narrow = net.convolve(in, {.taps = 2, .channels = 6, .same_padding = true});
  const int sum = net.binary("ADD", net.binary("ADD", in, wide), narrow);
  const int product = net.binary("MUL", sum, narrow);
  const int both = net.value({1, 24, 1, 12}, 0.15f);
  net.b.node("CONCATENATION", {sum, product}, {both}, {{"axis", std::int64_t{3}}});
  const int x = net.convolve(both, {.taps = 5, .channels = 4});
  net.b.output(net.mean(x, {1}, {1, 1, 4}));
  net.b.output(net.unary("RELU", net.convolve(x, {.taps = 20, .channels = 2})));
  expect_same(net, {.axis = 1, .hop = 1});
  expect_same(net, {.axis = 1, .hop = 5});
}

TEST_P(StreamedNetwork, PadsByAnOperatorOfItsOwn) {
  for (int after : {0, 3}) {
    Net net(GetParam());
    const int in = net.input({1, 24, 1, 5});
    const int padded = net.like(in, {1, 28 + after, 1, 5});
    net.b.node("PAD", {in, net.integers({0, 0, 4, after, 0, 0, 0, 0}, {4, 2})}, {padded});
    const int x = net.convolve(padded, {.taps = 5, .channels = 5});
    const int y = net.unary("RELU", padded);  // so that the border cannot become the convolution's
    const int z = net.convolve(y, {.taps = 5, .channels = 5});
    net.b.output(net.dense(net.reshape(net.binary("ADD", x, z), {1, (24 + after) * 5}), 3, {1, 3}));
    SCOPED_TRACE(after);
    expect_same(net, {.axis = 1, .hop = 1});
  }
}

TEST_P(StreamedNetwork, MovesAlongTheWidth) {
  for (int height : {1, 3}) {
    Net net(GetParam(), /*time_axis=*/2);
    int x = net.input({1, height, 20, 4});
    x = net.convolve(x, {.taps = 3, .channels = 6});
    x = net.convolve(x, {.taps = 3, .same_padding = true, .is_depthwise = true});
    net.b.output(net.dense(net.mean(x, {1, 2}, {1, 6}), 3, {1, 3}));
    SCOPED_TRACE(height);
    expect_same(net, {.axis = 2, .hop = 1});
    expect_same(net, {.axis = 2, .hop = 4});
  }
}

TEST_P(StreamedNetwork, IsReshapedAndTransposedOnTheWay) {
  Net net(GetParam());
  const int in = net.input({1, 30 * 6});
  int x = net.reshape(in, {1, 30, 6, 1});
  x = net.convolve(x, {.taps = 3, .across = 6, .channels = 4});
  const int turned = net.like(x, {1, 4, 28, 1});
  net.b.node("TRANSPOSE", {x, net.integers({0, 3, 1, 2})}, {turned});
  const int back = net.like(x, {28, 4});
  net.b.node("TRANSPOSE", {net.reshape(turned, {4, 28}), net.integers({1, 0})}, {back});
  const int rows = net.unary("SOFTMAX", net.dense(back, 5, {28, 5}, /*keep=*/true));
  net.b.output(rows);
  net.b.output(net.dense(net.reshape(rows, {1, 140}), 2, {1, 2}));
  expect_same(net, {.axis = 1, .hop = 6});
  expect_same(net, {.axis = 1, .hop = 12});
}

TEST_P(StreamedNetwork, IsOfRowsWithoutABatch) {
  Net net(GetParam());
  const int in = net.input({16, 8});
  const int x = net.unary("RELU", net.dense(in, 6, {16, 6}, true));
  net.b.output(net.mean(x, {0}, {6}));
  const Worth worth = expect_same(net, {.axis = 0, .hop = 1});
  EXPECT_EQ(worth.streamed_macs, 8 * 6);
}

TEST_P(StreamedNetwork, GivesTheWholeSequenceWhereThatIsTheOutput) {
  Net net(GetParam());
  const int x = net.convolve(net.input({1, 18, 1, 3}), {.taps = 4, .channels = 2});
  net.b.output(x);
  expect_same(net, {.axis = 1, .hop = 1});
}

TEST_P(StreamedNetwork, MeansOverOtherDimensionsStayColumns) {
  Net net(GetParam());
  const int x = net.convolve(net.input({1, 18, 5, 3}), {.taps = 3, .channels = 4});
  const int flat = net.mean(x, {2}, {1, 16, 4});
  const int y = net.convolve(net.reshape(flat, {1, 16, 1, 4}), {.taps = 3, .channels = 3});
  net.b.output(net.mean(y, {1, 2}, {1, 3}));
  const Worth worth = expect_same(net, {.axis = 1, .hop = 1});
  EXPECT_EQ(worth.streamed_macs, 5 * 3 * 3 * 4 + 3 * 4 * 3);
}

TEST_P(StreamedNetwork, KeepsAStateOfItsOwnBehindTheWindow) {
  // The last value of the window is added to that of the run before.
  Net net(GetParam());
  const int x =
      net.mean(net.convolve(net.input({1, 18, 1, 3}), {.taps = 4, .channels = 4}), {1, 2}, {1, 4});
  const int handle = net.b.resource();
  net.b.node("VAR_HANDLE", {}, {handle}, {{"shared_name", std::string("last")}});
  const int before = net.like(x, {1, 4});
  net.b.node("READ_VARIABLE", {handle}, {before});
  net.b.node("ASSIGN_VARIABLE", {handle, x}, {});
  net.b.output(net.binary("ADD", x, before));
  expect_same(net, {.axis = 1, .hop = 1});
}

INSTANTIATE_TEST_SUITE_P(Types, StreamedNetwork, testing::Values(DType::kInt8, DType::kFloat32),
                         [](const auto& test) { return std::string(name_of(test.param)); });

}  // namespace
}  // namespace mote::passes
