#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tests/support/graph_builder.h"
#include "tests/support/layers.h"

/// Networks on images, for tests of what runs layers row by row.
namespace mote::tests {

/// A window along both axes.
struct Layer {
  int high = 3, wide = 3, stride = 1, dilation = 1;
  bool same_padding = true;
};

/// Builds a network on images [1, height, width, channels] of INT8, INT16 or FLOAT32.
class Net {
 public:
  Net(DType type, unsigned seed) : random(seed), type_(type) {}

  int input(std::vector<int> shape) { return b.input(type_, std::move(shape), quant(0.05f, -7)); }
  const std::vector<int>& shape(int tensor) {
    return b.graph().tensors[static_cast<std::size_t>(tensor)].shape;
  }
  int convolve(int in, int channels, const Layer& layer) {
    return weighted("CONV_2D", in, channels, layer,
                    {channels, layer.high, layer.wide, shape(in)[3]}, 0);
  }
  int depthwise(int in, const Layer& layer) {
    const int channels = shape(in)[3];
    return weighted("DEPTHWISE_CONV_2D", in, channels, layer, {1, layer.high, layer.wide, channels},
                    3);
  }
  int pool(const char* op, int in, const Layer& layer) {
    const int out = like(in, window_shape(in, shape(in)[3], layer));
    b.node(op, {in}, {out},
           {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
            {"stride_h", std::int64_t{layer.stride}},
            {"stride_w", std::int64_t{layer.stride}},
            {"filter_height", std::int64_t{layer.high}},
            {"filter_width", std::int64_t{layer.wide}}});
    return out;
  }
  int unary(const char* op, int in) {
    const int out = value(shape(in), 0.1f);
    b.node(op, {in}, {out});
    return out;
  }
  int add(int x, int y) {
    const int out = value(shape(x), 0.15f);
    b.node("ADD", {x, y}, {out});
    return out;
  }
  /// One row above and two below, a column on either side.
  int pad(int in) {
    const auto& from = shape(in);
    const int out = like(in, {1, from[1] + 3, from[2] + 2, from[3]});
    b.node("PAD", {in, b.constant(std::vector<std::int32_t>{0, 0, 1, 2, 1, 1, 0, 0}, {4, 2})},
           {out});
    return out;
  }

  GraphBuilder b;
  Random random;

 private:
  Quant quant(float scale, int zero_point) const {
    if (type_ == DType::kFloat32) return {};
    return {scale, type_ == DType::kInt16 ? 0 : zero_point};
  }
  int value(std::vector<int> to, float scale) {
    return b.value(type_, std::move(to), quant(scale, 3));
  }
  int like(int in, std::vector<int> to) {
    const Quant same = [&] {
      const auto& of = b.graph().tensors[static_cast<std::size_t>(in)];
      return quant(of.scale(), of.zero_point());
    }();
    return b.value(type_, std::move(to), same);
  }
  std::vector<int> window_shape(int in, int channels, const Layer& layer) {
    const auto& from = shape(in);
    return {1, out_size(from[1], layer.high, layer), out_size(from[2], layer.wide, layer),
            channels};
  }
  int weighted(const char* op, int in, int channels, const Layer& layer, std::vector<int> filter,
               int axis) {
    const int out = value(window_shape(in, channels, layer), 0.1f);
    b.node(op, {in, weights(filter, axis), bias(channels)}, {out},
           {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
            {"stride_h", std::int64_t{layer.stride}},
            {"stride_w", std::int64_t{layer.stride}},
            {"dilation_h_factor", std::int64_t{layer.dilation}},
            {"dilation_w_factor", std::int64_t{layer.dilation}},
            {"fused_activation_function", std::int64_t{0}}});
    if (axis == 3) b.graph().nodes.back().attrs.set("depth_multiplier", std::int64_t{1});
    return out;
  }
  int weights(const std::vector<int>& of, int axis) {
    if (type_ == DType::kFloat32) return b.constant(random.floats(count(of)), of);
    std::vector<float> scales;
    for (int c = 0; c < of[static_cast<std::size_t>(axis)]; ++c)
      scales.push_back(0.0002f * static_cast<float>(random.pick(5, 40)));
    return b.constant(random.symmetric_bytes(count(of)), of, Quant(scales, axis));
  }
  int bias(int channels) {
    if (type_ == DType::kFloat32) return b.constant(random.floats(channels), {channels});
    if (type_ == DType::kInt16)
      return b.constant(std::vector<std::int64_t>(static_cast<std::size_t>(channels), 55),
                        {channels}, Quant(0.0001f, 0));
    std::vector<std::int32_t> list;
    for (int c = 0; c < channels; ++c) list.push_back(random.pick(-2000, 2000));
    return b.constant(list, {channels}, Quant(0.0001f, 0));
  }

  DType type_;
};

/// A chain with residuals, of a few layers.
inline Net random_net(DType type, unsigned seed) {
  Net net(type, seed);
  Random& random = net.random;
  int x = net.input({1, random.pick(7, 16), random.pick(1, 6), random.pick(1, 3)});
  const int layers = random.pick(2, 4);
  for (int i = 0; i < layers; ++i) {
    const auto& from = net.shape(x);
    Layer layer{.high = random.pick(1, std::min(4, from[1])),
                .wide = random.pick(1, std::min(3, from[2])),
                .stride = random.pick(1, 3) / 2 + (from[1] < 4 ? 0 : random.pick(0, 1)),
                .same_padding = random.pick(0, 2) > 0};
    layer.stride = std::max(1, layer.stride);
    if (layer.stride == 1 && layer.same_padding && random.pick(0, 3) == 0) layer.dilation = 2;
    const int kind = random.pick(0, 6);
    if (kind <= 1) x = net.convolve(x, random.pick(1, 9), layer);
    if (kind == 2) x = net.depthwise(x, layer);
    layer.dilation = 1;
    if (kind == 3) x = net.pool(i % 2 ? "MAX_POOL_2D" : "AVERAGE_POOL_2D", x, layer);
    if (kind == 4) x = net.add(x, net.convolve(x, from[3], {.high = layer.high}));
    if (kind == 5) x = type == DType::kInt16 ? net.add(x, x) : net.unary("HARD_SWISH", net.pad(x));
    if (kind == 6) x = net.add(net.depthwise(x, {.high = 2, .wide = 1}), net.depthwise(x, {}));
  }
  net.b.output(x);
  return net;
}

/// Layers that widen and narrow again: what lies between takes most.
inline Net wide_net() {
  Net net(DType::kInt8, 4);
  const int in = net.input({1, 24, 16, 4});
  const int x = net.convolve(in, 32, {});
  const int y = net.add(net.depthwise(x, {}), x);
  net.b.output(net.convolve(y, 4, {.stride = 2}));
  return net;
}

}  // namespace mote::tests
