#include "mote/compiler/quantize/layers.h"

#include <algorithm>

namespace mote::quantize {

using graph::Graph;
using graph::Node;
using graph::Tensor;

std::size_t Layer::weights() const {
  std::size_t count = 1;
  for (int dim : shape) count *= static_cast<std::size_t>(dim);
  return count;
}

int Layer::channel_of(std::size_t i) const {
  const std::size_t channel = form == Form::kDepthwise
                                  ? i % static_cast<std::size_t>(channels())
                                  : i / (weights() / static_cast<std::size_t>(channels()));
  return static_cast<int>(channel);
}

int Layer::input_of(std::size_t i) const {
  if (form == Form::kDepthwise) return channel_of(i) / (channels() / inputs);
  const auto depth = static_cast<std::size_t>(shape.back());
  const auto place = static_cast<int>(i % depth);
  // A group of channels reads as many inputs as the filter is deep.
  const int groups = form == Form::kConv ? inputs / shape.back() : 1;
  return groups <= 1 ? place : channel_of(i) / (channels() / groups) * shape.back() + place;
}

std::optional<Layer> layer_of(const Graph& graph, const Node& node) {
  Layer layer;
  if (node.op == "DEPTHWISE_CONV_2D")
    layer.form = Layer::Form::kDepthwise, layer.channel_axis = 3;
  else if (node.op == "FULLY_CONNECTED")
    layer.form = Layer::Form::kDense;
  else if (node.op == "TRANSPOSE_CONV")
    layer.form = Layer::Form::kTransposed, layer.input = 2, layer.bias = 3;
  else if (node.op != "CONV_2D")
    return std::nullopt;
  const Tensor *input = graph.input(node, layer.input), *filter = graph.input(node, layer.filter);
  const std::size_t rank = layer.form == Layer::Form::kDense ? 2 : 4;
  if (!input || !filter || !filter->is_constant() || filter->shape.size() != rank ||
      input->shape.empty())
    return std::nullopt;
  layer.shape = filter->shape;
  layer.inputs = layer.form == Layer::Form::kDense ? filter->shape[1] : input->shape.back();
  return layer;
}

WindowMeans::WindowMeans(const Graph& graph, const Node& node, const Layer& layer)
    : layer_(layer), in_(graph.input(node, layer.input)->shape), out_(graph.output(node).shape) {
  if (layer.form == Layer::Form::kDense) {
    sums_.resize(static_cast<std::size_t>(layer.shape[1]));
    return;
  }
  sums_.resize(static_cast<std::size_t>(layer.shape[1] * layer.shape[2] * layer.inputs));
  groups_ = layer.form == Layer::Form::kConv ? layer.inputs / layer.shape[3] : 1;
  stride_h_ = node.attrs.integer("stride_h", 1), stride_w_ = node.attrs.integer("stride_w", 1);
  dilation_h_ = std::max(1, node.attrs.integer("dilation_h_factor", 1));
  dilation_w_ = std::max(1, node.attrs.integer("dilation_w_factor", 1));
  if (node.attrs.integer("padding") != 0) return;  // VALID
  const auto before = [](int in, int out, int stride, int reach) {
    return std::max(0, (out - 1) * stride + reach - in) / 2;
  };
  top_ = before(in_[1], out_[1], stride_h_, (layer.shape[1] - 1) * dilation_h_ + 1);
  left_ = before(in_[2], out_[2], stride_w_, (layer.shape[2] - 1) * dilation_w_ + 1);
}

void WindowMeans::add(std::span<const float> input) {
  layer_.form == Layer::Form::kDense ? add_dense(input) : add_windows(input);
}

void WindowMeans::add_dense(std::span<const float> input) {
  for (std::size_t i = 0; i < input.size(); ++i) sums_[i % sums_.size()] += double{input[i]};
  windows_ += static_cast<std::int64_t>(input.size() / sums_.size());
}

void WindowMeans::add_windows(std::span<const float> input) {
  const int depth = layer_.inputs;
  windows_ += std::int64_t{out_[0]} * out_[1] * out_[2];
  for (int ky = 0; ky < layer_.shape[1]; ++ky)
    for (int kx = 0; kx < layer_.shape[2]; ++kx) {
      double* sums = sums_.data() + (ky * layer_.shape[2] + kx) * depth;
      for (int n = 0; n < out_[0]; ++n)
        for (int oy = 0; oy < out_[1]; ++oy) {
          const int y = oy * stride_h_ - top_ + ky * dilation_h_;
          if (y < 0 || y >= in_[1]) continue;
          for (int ox = 0; ox < out_[2]; ++ox) {
            const int x = ox * stride_w_ - left_ + kx * dilation_w_;
            if (x < 0 || x >= in_[2]) continue;
            const float* pixel = input.data() + ((n * in_[1] + y) * in_[2] + x) * depth;
            for (int c = 0; c < depth; ++c) sums[c] += double{pixel[c]};
          }
        }
    }
}

std::vector<double> WindowMeans::means() const {
  std::vector<double> means(layer_.weights());
  const bool is_dense = layer_.form == Layer::Form::kDense;
  const auto channels = static_cast<std::size_t>(layer_.channels());
  for (std::size_t i = 0; i < means.size(); ++i) {
    std::size_t tap = 0;  // the place in the window
    if (layer_.form == Layer::Form::kDepthwise)
      tap = i / channels;
    else if (!is_dense)
      tap = i % (means.size() / channels) / static_cast<std::size_t>(layer_.shape[3]);
    const auto place = tap * static_cast<std::size_t>(layer_.inputs) +
                       static_cast<std::size_t>(layer_.input_of(i));
    means[i] = windows_ == 0 ? 0 : sums_[place] / static_cast<double>(windows_);
  }
  return means;
}

}  // namespace mote::quantize
