#include "mote/compiler/passes/channels.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mote/compiler/passes/rewire.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

template <std::size_t kCount>
bool is_one_of(std::string_view name, const std::array<std::string_view, kCount>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 11> kUnary = {
    "RELU", "RELU6",      "LEAKY_RELU",      "LOGISTIC",    "TANH",    "ABS",
    "ELU",  "HARD_SWISH", "AVERAGE_POOL_2D", "MAX_POOL_2D", "QUANTIZE"};
constexpr std::array<std::string_view, 5> kBinary = {"ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM"};
constexpr std::array<std::string_view, 3> kReshape = {"RESHAPE", "SQUEEZE", "EXPAND_DIMS"};

/// int8 numbers of one scale.
bool is_plain(const Tensor* tensor) {
  return tensor && tensor->type == DType::kInt8 && !tensor->is_variable && !tensor->is_resource &&
         tensor->quant.scale.size() == 1 && !tensor->shape.empty() &&
         tensor->shape.back() <= kMostChannels;
}

/// A constant's integers, of 32 or 64 bits.
std::vector<std::int64_t> integers(const Tensor* tensor) {
  std::vector<std::int64_t> out;
  if (!tensor || !tensor->is_constant()) return out;
  if (tensor->type == DType::kInt32)
    for (std::int32_t value : graph::values<std::int32_t>(*tensor)) out.push_back(value);
  if (tensor->type == DType::kInt64) out = graph::values<std::int64_t>(*tensor);
  return out;
}

Role weighted_role(const Graph& graph, const Node& node) {
  const Tensor *input = graph.input(node, 0), *filter = graph.input(node, 1);
  const Tensor* bias = graph.input(node, 2);
  if (!is_plain(input) || !filter || !filter->is_constant() || filter->type != DType::kInt8 ||
      (bias && (!bias->is_constant() || bias->type != DType::kInt32)))
    return Role::kOpaque;
  if (node.op == "DEPTHWISE_CONV_2D") return Role::kDepthwise;
  if (node.op == "CONV_2D")
    return filter->shape[3] == input->shape[3] ? Role::kConvolution : Role::kOpaque;
  return filter->shape[1] % channels_of(*input) == 0 ? Role::kFullyConnected : Role::kOpaque;
}

/// Whether each of the tensor's channels stands for the output's of the same index, or a single
/// one for all of them.
bool is_aligned(const Tensor* tensor, const Tensor& output) {
  return is_plain(tensor) &&
         (channels_of(*tensor) == channels_of(output) || channels_of(*tensor) == 1);
}

Role mean_role(const Graph& graph, const Node& node) {
  const Tensor& input = *graph.input(node, 0);
  const auto rank = static_cast<std::int64_t>(input.shape.size());
  const auto axes = integers(graph.input(node, 1));
  const bool keeps_last = std::none_of(
      axes.begin(), axes.end(), [&](std::int64_t axis) { return axis == -1 || axis == rank - 1; });
  return keeps_last && channels_of(graph.output(node)) == channels_of(input) ? Role::kMean
                                                                             : Role::kOpaque;
}

Role pad_role(const Graph& graph, const Node& node) {
  const auto paddings = integers(graph.input(node, 1));
  const Tensor* value = graph.input(node, 2);
  const bool keeps_last =
      paddings.size() >= 2 && paddings.back() == 0 && paddings[paddings.size() - 2] == 0;
  return keeps_last && (!value || value->is_constant()) ? Role::kPad : Role::kOpaque;
}

Role concatenation_role(const Graph& graph, const Node& node) {
  const auto rank = static_cast<int>(graph.output(node).shape.size());
  const int axis = node.attrs.integer("axis");
  if (axis != -1 && axis != rank - 1) return Role::kOpaque;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (!is_plain(graph.input(node, i))) return Role::kOpaque;
  return Role::kConcatenation;
}

}  // namespace

int channels_of(const Tensor& tensor) {
  return tensor.shape.empty() || tensor.shape.back() > kMostChannels ? 1 : tensor.shape.back();
}

Role role_of(const Graph& graph, const Node& node) {
  if (node.is_custom || node.outputs.size() != 1 || node.inputs.empty()) return Role::kOpaque;
  const Tensor &output = graph.output(node), *input = graph.input(node, 0);
  if (!is_plain(&output) || !is_plain(input)) return Role::kOpaque;
  if (node.op == "CONV_2D" || node.op == "DEPTHWISE_CONV_2D" || node.op == "FULLY_CONNECTED")
    return weighted_role(graph, node);
  if (is_one_of(node.op, kUnary))
    return channels_of(*input) == channels_of(output) ? Role::kUnary : Role::kOpaque;
  if (is_one_of(node.op, kBinary))
    return is_aligned(input, output) && is_aligned(graph.input(node, 1), output) ? Role::kBinary
                                                                                 : Role::kOpaque;
  if (is_one_of(node.op, kReshape))
    return channels_of(output) % channels_of(*input) == 0 && has_same_quantization(*input, output)
               ? Role::kReshape
               : Role::kOpaque;
  if (node.op == "MEAN") return mean_role(graph, node);
  if (node.op == "PAD" || node.op == "PADV2")
    return has_same_quantization(*input, output) ? pad_role(graph, node) : Role::kOpaque;
  if (node.op == "CONCATENATION") return concatenation_role(graph, node);
  return Role::kOpaque;
}

std::vector<Tie> ties_of(const Graph& graph, const Node& node, Role role) {
  std::vector<Tie> ties;
  if (role == Role::kOpaque || role == Role::kConvolution || role == Role::kFullyConnected)
    return ties;
  const int out_channels = channels_of(graph.output(node));
  const std::size_t inputs = role == Role::kConcatenation ? node.inputs.size()
                             : role == Role::kBinary      ? 2
                                                          : 1;
  int first = 0;  // output channel of the input's first
  for (std::size_t i = 0; i < inputs; ++i) {
    const int input = node.inputs[i], channels = channels_of(*graph.input(node, i));
    if (role == Role::kConcatenation) {
      for (int c = 0; c < channels; ++c) ties.push_back({input, c, first + c});
      first += channels;
      continue;
    }
    if (channels == 1 && out_channels != 1 && role == Role::kBinary) continue;  // repeated
    const int multiplier = role == Role::kDepthwise ? out_channels / channels : 1;
    for (int c = 0; c < out_channels; ++c)
      ties.push_back({input, role == Role::kReshape ? c % channels : c / multiplier, c});
  }
  return ties;
}

std::optional<Layer> layer_of(const Graph& graph, const Node& node) {
  const Role role = role_of(graph, node);
  if (!is_weighted(role)) return std::nullopt;
  const Tensor &input = *graph.input(node, 0), &filter = *graph.input(node, 1);
  const auto& shape = filter.shape;
  Layer layer{
      .node = &node,
      .role = role,
      .input = node.inputs[0],
      .filter = node.inputs[1],
      .output = node.outputs[0],
      .in_channels = channels_of(input),
      .out_channels = channels_of(graph.output(node)),
      .taps = role == Role::kFullyConnected ? 1 : shape[1] * shape[2],
      .depth = role == Role::kDepthwise ? 1 : shape.back(),
      .input_offset = -input.zero_point(),
      .filter_offset = -filter.zero_point(),
      .weights = {reinterpret_cast<const std::int8_t*>(filter.data.data()), filter.data.size()}};
  constexpr int kValid = 1;
  // A filter of one tap is never padded, and VALID never pads.
  layer.is_padded = layer.taps > 1 && (node.attrs.integer("padding") != kValid ||
                                       node.attrs.integer("pad_top", -1) >= 0);
  if (const Tensor* bias = graph.input(node, 2))
    layer.bias = graph::values<std::int32_t>(*bias);
  else
    layer.bias.assign(static_cast<std::size_t>(layer.out_channels), 0);
  return layer;
}

}  // namespace mote::passes
