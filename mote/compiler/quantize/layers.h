#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// Convolutions and FULLY_CONNECTED as sums of weights times inputs.
namespace mote::quantize {

/// Where a weighted node keeps what, and which of its weights belong together.
struct Layer {
  enum class Form : std::uint8_t { kConv, kDepthwise, kDense, kTransposed };
  Form form = Form::kConv;
  std::size_t input = 0, filter = 1, bias = 2;  ///< places among the node's inputs
  int channel_axis = 0;                         ///< the filter's dimension of output channels
  std::vector<int> shape;                       ///< the filter's
  int inputs = 1;                               ///< channels of the input

  int channels() const { return shape[static_cast<std::size_t>(channel_axis)]; }
  std::size_t weights() const;
  /// The output channel to which the filter's i-th weight belongs.
  int channel_of(std::size_t i) const;
  /// The input channel that it multiplies; of a dense layer the channel is the place in a row.
  int input_of(std::size_t i) const;
};

/// The node as a layer, where it is one with a constant filter.
std::optional<Layer> layer_of(const graph::Graph& graph, const graph::Node& node);

/// The means of what each weight multiplies, over all windows and examples: what
/// sum_i weight[i] * mean[i] turns into the mean of the layer's output, bias aside. Borders count
/// as zeros, which is what kernels see there.
class WindowMeans {
 public:
  /// For CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
  WindowMeans(const graph::Graph& graph, const graph::Node& node, const Layer& layer);
  /// The layer's input in one example.
  void add(std::span<const float> input);
  /// In the filter's order of weights.
  std::vector<double> means() const;

 private:
  void add_dense(std::span<const float> input);
  void add_windows(std::span<const float> input);

  Layer layer_;
  std::vector<int> in_, out_;  ///< shapes
  int stride_h_ = 1, stride_w_ = 1, dilation_h_ = 1, dilation_w_ = 1, top_ = 0, left_ = 0;
  int groups_ = 1;
  std::vector<double> sums_;  ///< [height, width, channels of the input], or [depth]
  std::int64_t windows_ = 0;
};

}  // namespace mote::quantize
