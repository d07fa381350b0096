#include "mote/compiler/passes/channel_ranges.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "mote/compiler/passes/channel_sums.h"
#include "mote/compiler/passes/evaluate.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;
using Ranges = std::vector<ChannelRange>;
using Numbers = std::vector<std::int8_t>;

/// The tensor with one more axis of so many channels than `axes` of 1 before it.
Tensor with_channels(const Tensor& tensor, std::size_t axes, int channels) {
  Tensor copy = tensor;
  copy.shape.assign(axes, 1);
  copy.shape.push_back(channels);
  copy.data = {};
  return copy;
}

Result<Numbers> run(const Probe& probe, const Context& context) {
  const auto bytes = probe.run(context);
  if (!bytes) return tl::unexpected(bytes.error());
  Numbers numbers(bytes->size());
  std::memcpy(numbers.data(), bytes->data(), bytes->size());
  return numbers;
}

// Weighted layers

/// What a unit of a channel's accumulator is in units of the output.
double factor_of(const Graph& graph, const Layer& layer, int channel) {
  const auto& scales = graph.tensors[static_cast<std::size_t>(layer.filter)].quant.scale;
  const auto scale_of = [&](int tensor) {
    return double{graph.tensors[static_cast<std::size_t>(tensor)].scale()};
  };
  return scale_of(layer.input) *
         double{scales.size() > 1 ? scales[static_cast<std::size_t>(channel)] : scales[0]} /
         scale_of(layer.output);
}

/// Whether rescaling is monotone up to the sum: nothing is shifted out at the top.
bool stays_monotone(double factor, std::int64_t sum) {
  // Twice: the left shift is that of the next power of two.
  const double largest = static_cast<double>(std::abs(sum)) * std::max(1.0, 2.001 * factor);
  return largest < std::numeric_limits<std::int32_t>::max() - 256.0;
}

/// Where a layer's outputs are clamped, if its activation makes that plain.
std::optional<ChannelRange> clamps_of(const Graph& graph, const Layer& layer) {
  constexpr std::int64_t kNone = 0, kRelu = 1;
  const std::int64_t activation = layer.node->attrs.integer("fused_activation_function");
  if (activation == kNone) return ChannelRange{.low = -128, .high = 127};
  if (activation != kRelu) return std::nullopt;
  const int zero = graph.tensors[static_cast<std::size_t>(layer.output)].zero_point();
  return ChannelRange{.low = std::clamp(zero, -128, 127), .high = 127};
}

/// Whether a channel's sums reach so far beyond both clamps that rounding cannot matter.
bool reaches(const Graph& graph, const Layer& layer, double factor, const ChannelRange& sums,
             const ChannelRange& clamps) {
  constexpr double kMargin = 4;
  const int zero = graph.tensors[static_cast<std::size_t>(layer.output)].zero_point();
  return static_cast<double>(sums.low_sum) * factor +
         zero<clamps.low - kMargin&& static_cast<double>(sums.high_sum) * factor + zero> clamps
             .high +
         kMargin;
}

/// One channel's filter scales, a channel again and again.
graph::Quantization pick(const graph::Quantization& quant, const std::vector<int>& channels,
                         int axis) {
  if (quant.scale.size() <= 1) return quant;
  graph::Quantization picked{.axis = axis};
  for (int c : channels) {
    picked.scale.push_back(quant.scale[static_cast<std::size_t>(c)]);
    picked.zero_point.push_back(quant.zero_point[static_cast<std::size_t>(c)]);
  }
  return picked;
}

/// What the layer makes of accumulators: a layer of the same kind that has them as its biases and
/// whose filter does not count.
Result<Numbers> outputs_of_sums(const Graph& graph, const Layer& layer, const Context& context,
                                const std::vector<int>& channels,
                                const std::vector<std::int32_t>& sums) {
  const int n = static_cast<int>(sums.size());
  const std::size_t axes = layer.role == Role::kFullyConnected ? 1 : 3;
  const Tensor &input = graph.tensors[static_cast<std::size_t>(layer.input)],
               &filter = graph.tensors[static_cast<std::size_t>(layer.filter)];
  Tensor taps = with_channels(filter, axes, n), bias = {.type = DType::kInt32, .shape = {n}};
  if (layer.role != Role::kDepthwise) std::swap(taps.shape.front(), taps.shape.back());
  taps.quant = pick(filter.quant, channels, layer.role == Role::kDepthwise ? 3 : 0);
  bias.quant = {{input.scale() * filter.scale()}, {0}};
  Probe probe(*layer.node);
  for (const char* name : {"stride_h", "stride_w", "dilation_h_factor", "dilation_w_factor"})
    probe.attrs().set(name, std::int64_t{1});
  probe.attrs().set("padding", std::int64_t{1});
  for (const char* name : {"pad_top", "pad_bottom", "pad_left", "pad_right"})
    probe.attrs().set(name, std::int64_t{0});
  probe.attrs().set("depth_multiplier", std::int64_t{n});
  probe.input(with_channels(input, axes, 1), std::vector<std::byte>(1))
      .constant(taps, graph::bytes_of(
                          Numbers(sums.size(), static_cast<std::int8_t>(-layer.filter_offset))))
      .constant(bias, graph::bytes_of(sums))
      .output(with_channels(graph.tensors[static_cast<std::size_t>(layer.output)], axes, n));
  return run(probe, context);
}

Ranges layer_ranges(const Graph& graph, const Layer& layer, const Ranges& inputs,
                    const Context& context) {
  Ranges out = ranges_of_sums(layer, inputs);
  const auto clamps = clamps_of(graph, layer);
  std::vector<int> channels;  // whose outputs are asked for: of the low and of the high sum
  std::vector<std::int32_t> sums;
  for (int c = 0; c < layer.out_channels; ++c) {
    ChannelRange& range = out[static_cast<std::size_t>(c)];
    const double factor = factor_of(graph, layer, c);
    if (!stays_monotone(factor, range.low_sum) || !stays_monotone(factor, range.high_sum)) continue;
    if (clamps && reaches(graph, layer, factor, range, *clamps)) {
      range.low = clamps->low, range.high = clamps->high;
      continue;
    }
    for (std::int64_t sum : {range.low_sum, range.high_sum}) {
      channels.push_back(c);
      sums.push_back(static_cast<std::int32_t>(sum));
    }
  }
  if (channels.empty()) return out;
  const auto ends = outputs_of_sums(graph, layer, context, channels, sums);
  for (std::size_t i = 0; ends && i < channels.size(); i += 2) {
    ChannelRange& range = out[static_cast<std::size_t>(channels[i])];
    range.low = (*ends)[i], range.high = (*ends)[i + 1];
  }
  return out;
}

// Operators that pass channels on

Ranges unary_ranges(const Graph& graph, const Node& node, const Ranges& in,
                    const Context& context) {
  Numbers all;
  for (int x = -128; x < 128; ++x) all.push_back(static_cast<std::int8_t>(x));
  Probe probe(node);
  for (const char* name : {"stride_h", "stride_w", "filter_height", "filter_width"})
    probe.attrs().set(name, std::int64_t{1});
  const std::size_t axes = graph.input(node, 0)->shape.size() - 1;
  probe.input(with_channels(*graph.input(node, 0), axes, 256), graph::bytes_of(all))
      .output(with_channels(graph.output(node), axes, 256));
  const auto table = run(probe, context);
  Ranges out(in.size());
  for (std::size_t c = 0; table && c < out.size(); ++c) {
    if (c > 0 && in[c].low == in[c - 1].low && in[c].high == in[c - 1].high) {
      out[c] = out[c - 1];
      continue;
    }
    const auto first = table->begin() + in[c].low + 128, end = table->begin() + in[c].high + 129;
    out[c].low = *std::min_element(first, end), out[c].high = *std::max_element(first, end);
  }
  return out;
}

Ranges binary_ranges(const Graph& graph, const Node& node, const Ranges (&in)[2],
                     const Context& context) {
  const auto channels = static_cast<std::size_t>(channels_of(graph.output(node)));
  Numbers corners[2];
  for (std::size_t c = 0; c < channels; ++c)
    for (int corner = 0; corner < 4; ++corner)
      for (int i = 0; i < 2; ++i) {
        const ChannelRange& range = in[i][in[i].size() == 1 ? 0 : c];
        corners[i].push_back(static_cast<std::int8_t>(corner >> i & 1 ? range.high : range.low));
      }
  // A product is shifted left where its factor is large; no such product may wrap.
  const double factor = double{graph.input(node, 0)->scale()} *
                        double{graph.input(node, 1)->scale()} / double{graph.output(node).scale()};
  if (node.op == "MUL" && factor > 1 << 13) return Ranges(channels);
  Probe probe(node);
  const int n = static_cast<int>(corners[0].size());
  for (std::size_t i = 0; i < 2; ++i)
    probe.input(with_channels(*graph.input(node, i), 1, n), graph::bytes_of(corners[i]));
  probe.output(with_channels(graph.output(node), 1, n));
  const auto results = run(probe, context);
  Ranges out(channels);
  for (std::size_t c = 0; results && c < channels; ++c) {
    const auto first = results->begin() + static_cast<std::ptrdiff_t>(4 * c);
    out[c].low = *std::min_element(first, first + 4);
    out[c].high = *std::max_element(first, first + 4);
  }
  return out;
}

/// The mean of planes that hold the extremes everywhere.
Ranges mean_ranges(const Graph& graph, const Node& node, const Ranges& in, const Context& context) {
  Tensor input = *graph.input(node, 0), output = graph.output(node);
  Ranges out(in.size());
  const double count = static_cast<double>(graph::element_count(input));
  const double factor = std::max(1.0, double{input.scale()} / double{output.scale()});
  if (count * factor > 1 << 20) return out;  // so that no sum of 8-bit numbers can wrap
  Numbers planes;
  for (std::int64_t i = 0; i < graph::element_count(input); i += std::ssize(in))
    for (const ChannelRange& range : in) {
      planes.push_back(static_cast<std::int8_t>(range.low));
      planes.push_back(static_cast<std::int8_t>(range.high));
    }
  input.shape.back() *= 2, output.shape.back() *= 2;
  const Tensor& axes = *graph.input(node, 1);
  Probe probe(node);
  probe.input(input, graph::bytes_of(planes))
      .constant(axes, {axes.data.begin(), axes.data.end()})
      .output(output);
  const auto ends = run(probe, context);
  for (std::size_t c = 0; ends && c < out.size(); ++c)
    out[c].low = (*ends)[2 * c], out[c].high = (*ends)[2 * c + 1];
  return out;
}

/// The border's value belongs to every channel.
Ranges pad_ranges(const Graph& graph, const Node& node, Ranges ranges) {
  int value = graph.output(node).zero_point();
  if (const Tensor* given = graph.input(node, 2)) value = graph::values<std::int8_t>(*given)[0];
  if (graph::byte_count(*graph.input(node, 0)) == graph::byte_count(graph.output(node)))
    return ranges;
  for (ChannelRange& range : ranges)
    range.low = std::min(range.low, value), range.high = std::max(range.high, value);
  return ranges;
}

Ranges constant_ranges(const Tensor& tensor) {
  const Numbers values = graph::values<std::int8_t>(tensor);
  Ranges ranges(static_cast<std::size_t>(channels_of(tensor)), {.low = 127, .high = -128});
  for (std::size_t i = 0; i < values.size(); ++i) {
    ChannelRange& range = ranges[i % ranges.size()];
    range.low = std::min<int>(range.low, values[i]);
    range.high = std::max<int>(range.high, values[i]);
  }
  return ranges;
}

/// Carries ranges from node to node.
class Walk {
 public:
  Walk(const Graph& graph, const Context& context)
      : graph_(graph), context_(context), ranges_(graph.tensors.size()) {}

  ChannelRanges walk() {
    for (const Node& node : graph_.nodes) {
      const Role role = role_of(graph_, node);
      if (role == Role::kOpaque) continue;
      look_at_constants(node, role);
      ranges_[static_cast<std::size_t>(node.outputs[0])] = ranges_after(node, role);
    }
    return std::move(ranges_);
  }

 private:
  /// Constants that take the place of activations; filters do not.
  void look_at_constants(const Node& node, Role role) {
    for (std::size_t i = 0; i < (is_weighted(role) ? 1 : node.inputs.size()); ++i) {
      const Tensor* tensor = graph_.input(node, i);
      if (!tensor || !tensor->is_constant() || tensor->type != DType::kInt8) continue;
      Ranges& ranges = ranges_[static_cast<std::size_t>(node.inputs[i])];
      if (ranges.empty()) ranges = constant_ranges(*tensor);
    }
  }

  Ranges inputs_of(const Node& node, std::size_t i) const {
    const auto& known = ranges_[static_cast<std::size_t>(node.inputs[i])];
    if (!known.empty()) return known;
    return Ranges(static_cast<std::size_t>(channels_of(*graph_.input(node, i))));
  }

  Ranges moved(const Node& node, Role role) const {
    Ranges out(static_cast<std::size_t>(channels_of(graph_.output(node))));
    for (const Tie& tie : ties_of(graph_, node, role)) {
      const ChannelRange in = range_of(ranges_, tie.input, tie.input_channel);
      out[static_cast<std::size_t>(tie.output_channel)] = {.low = in.low, .high = in.high};
    }
    return out;
  }

  Ranges ranges_after(const Node& node, Role role) const {
    switch (role) {
      case Role::kUnary:
        return unary_ranges(graph_, node, inputs_of(node, 0), context_);
      case Role::kBinary:
        return binary_ranges(graph_, node, {inputs_of(node, 0), inputs_of(node, 1)}, context_);
      case Role::kMean:
        return mean_ranges(graph_, node, inputs_of(node, 0), context_);
      case Role::kPad:
        return pad_ranges(graph_, node, moved(node, role));
      case Role::kReshape:
      case Role::kConcatenation:
        return moved(node, role);
      default:
        return layer_ranges(graph_, *layer_of(graph_, node), inputs_of(node, 0), context_);
    }
  }

  const Graph& graph_;
  const Context& context_;
  ChannelRanges ranges_;
};

}  // namespace

ChannelRanges find_channel_ranges(const Graph& graph, const Context& context) {
  return Walk(graph, context).walk();
}

}  // namespace mote::passes
