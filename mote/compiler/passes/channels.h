#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// What operators do with channels: the indices along the last dimension of int8 tensors.
namespace mote::passes {

enum class Role : std::uint8_t {
  kConvolution,     ///< CONV_2D without groups
  kDepthwise,       ///< DEPTHWISE_CONV_2D
  kFullyConnected,  ///< FULLY_CONNECTED
  kUnary,           ///< an output is a function of one input element, or lies between several
  kBinary,          ///< an output is a function of two elements, bounded by that of their extremes
  kMean,            ///< MEAN over other dimensions
  kReshape,         ///< the same bytes in another shape
  kPad,             ///< PAD, PADV2 of other dimensions
  kConcatenation,   ///< CONCATENATION of channels
  kOpaque,          ///< anything else: it needs every channel, and what it gives is not known
};

/// The role of a node whose form ops::check() accepted.
Role role_of(const graph::Graph& graph, const graph::Node& node);

inline bool is_weighted(Role role) {
  return role == Role::kConvolution || role == Role::kDepthwise || role == Role::kFullyConnected;
}

/// More channels than that are rows of samples or flattened pictures, not worth a look at each.
inline constexpr int kMostChannels = 1 << 16;

/// The extent of the last dimension; 1 where there is none, or where it is above kMostChannels:
/// such tensors are opaque.
int channels_of(const graph::Tensor& tensor);

/// A channel that a node passes on: it can only be taken from both tensors or from neither.
struct Tie {
  int input = 0, input_channel = 0;  ///< a tensor, and its channel
  int output_channel = 0;            ///< of the node's output
};
/// All of a node's ties; none for convolutions, FULLY_CONNECTED and opaque nodes.
std::vector<Tie> ties_of(const graph::Graph& graph, const graph::Node& node, Role role);

/// A convolution or FULLY_CONNECTED; valid as long as the graph's constants are.
struct Layer {
  const graph::Node* node = nullptr;
  Role role = Role::kOpaque;
  int input = 0, filter = 0, output = 0;  ///< tensors
  int in_channels = 0, out_channels = 0;  ///< of the tensors
  int taps = 0, depth = 0;                ///< a filter is [taps, depth]; depthwise: [taps]
  int input_offset = 0, filter_offset = 0;
  bool is_padded = false;                ///< some outputs may see fewer taps than others
  std::span<const std::int8_t> weights;  ///< of the filter tensor
  std::vector<std::int32_t> bias;        ///< zeros where the node has none

  /// Calls visit(input channel, weight + filter_offset) for each weight of one output channel.
  template <class Visit>
  void each_weight(int out_channel, Visit visit) const {
    // Dense filters are rows of blocks that have a weight of each input channel; of a depthwise
    // filter's blocks, a tap each, one weight counts.
    const bool is_depthwise = role == Role::kDepthwise;
    const int block = is_depthwise ? out_channels : in_channels;
    const int blocks = is_depthwise ? taps : taps * (depth / in_channels);
    const int first = is_depthwise ? out_channel / (out_channels / in_channels) : 0;
    const int end = is_depthwise ? first + 1 : in_channels;
    const std::int8_t* weight =
        weights.data() + (is_depthwise ? out_channel - first : out_channel * blocks * block);
    for (int i = 0; i < blocks; ++i, weight += block)
      for (int c = first; c < end; ++c) visit(c, weight[c] + filter_offset);
  }
};

/// Nothing where the node has no weights.
std::optional<Layer> layer_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::passes
