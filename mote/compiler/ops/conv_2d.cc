#include <algorithm>

#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/shares.h"
#include "mote/compiler/ops/tiled_layer.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/compiler/ops/window.h"
#include "mote/support/cat.h"

/// CONV_2D and DEPTHWISE_CONV_2D: the same window, differently filled.
namespace mote::ops {
namespace {

constexpr DType kWideBias[] = {DType::kInt64, DType::kInt32};

WeightedLayer conv_layer(const graph::Graph& graph, const graph::Node& node) {
  return {.graph = graph, .node = node, .channel_axis = 0, .int16_bias_types = kWideBias};
}
WeightedLayer depthwise_layer(const graph::Graph& graph, const graph::Node& node) {
  return {
      .graph = graph, .node = node, .channel_axis = 3, .int16_bias_types = std::span(kWideBias, 1)};
}

Result<Window> window_of(const WeightedLayer& layer) {
  const auto &in = layer.input_tensor().shape, &filter = layer.filter_tensor().shape;
  return ops::window_of(layer.node, in[1], in[2], filter[1], filter[2]);
}

/// Input, window and output fit each other.
Result<void> check_shapes(const WeightedLayer& layer) {
  const graph::Tensor &input = layer.input_tensor(), &output = layer.output_tensor();
  if (input.shape.size() != 4)
    return bad_input(cat("the input '", input.name, "' has shape ",
                         graph::describe_shape(input.shape),
                         ", expected [batch, height, width, depth]"));
  const auto window = window_of(layer);
  MOTE_TRY(window);
  const std::vector<int> expected = {input.shape[0], window->out_h, window->out_w,
                                     layer.channels()};
  if (output.shape != expected)
    return bad_input(cat("the output '", output.name, "' has shape ",
                         graph::describe_shape(output.shape), ", but input and filter give ",
                         graph::describe_shape(expected)));
  return {};
}

Result<void> check_conv(const graph::Graph& graph, const graph::Node& node) {
  const WeightedLayer layer = conv_layer(graph, node);
  MOTE_TRY(check_weighted(layer, 4));
  MOTE_TRY(check_shapes(layer));
  const int depth = layer.input_tensor().shape[3], filter_depth = layer.filter_tensor().shape[3];
  if (depth % filter_depth != 0 || layer.channels() % (depth / filter_depth) != 0)
    return bad_input(cat("the input has ", depth, " channels, the filter ", filter_depth, " and ",
                         layer.channels(),
                         " outputs, expected groups: whole multiples of the filter's channels"));
  return {};
}

Result<void> check_depthwise(const graph::Graph& graph, const graph::Node& node) {
  const WeightedLayer layer = depthwise_layer(graph, node);
  MOTE_TRY(check_weighted(layer, 4));
  MOTE_TRY(check_shapes(layer));
  const int depth = layer.input_tensor().shape[3];
  const int multiplier = node.attrs.integer("depth_multiplier");
  const graph::Tensor& filter = layer.filter_tensor();
  if (filter.shape[0] != 1 || std::int64_t{depth} * multiplier != layer.channels())
    return bad_input(cat("the filter '", filter.name, "' has shape ",
                         graph::describe_shape(filter.shape), ", expected [1, height, width, ",
                         std::int64_t{depth} * multiplier, "]: ", depth,
                         " input channels times the depth multiplier ", multiplier));
  return {};
}

program::Conv2DAttrs quantized_attrs(const WeightedLayer& layer, const Window& window) {
  const QuantizedTerms terms = quantized_terms(layer);
  return with_window(program::Conv2DAttrs{.input_offset = terms.input_offset,
                                          .filter_offset = terms.filter_offset,
                                          .output_offset = terms.output_offset,
                                          .act_min = terms.act_min,
                                          .act_max = terms.act_max},
                     window);
}

program::Conv2DFloatAttrs float_attrs(const WeightedLayer& layer, const Window& window) {
  const FloatActivationRange range = float_terms(layer);
  return with_window(program::Conv2DFloatAttrs{.act_min = range.min, .act_max = range.max}, window);
}

/// Whether LiteRT quantises a hybrid layer's input with a zero point: always where channels are
/// treated one by one, which it does if their scales differ or there are groups.
bool is_asymmetric(const WeightedLayer& layer) {
  const auto& scales = layer.filter_tensor().quant.scale;
  const bool is_per_channel =
      std::any_of(scales.begin(), scales.end(), [&](float scale) { return scale != scales[0]; });
  return is_per_channel || layer.input_tensor().shape[3] != layer.filter_tensor().shape[3];
}

Result<void> lower_layer(const WeightedLayer& layer, const KernelNames& names, bool asymmetric,
                         Lowering& lowering) {
  const Arithmetic arithmetic = arithmetic_of(layer);
  const Window window = *window_of(layer);
  const Extents in = extents_of(layer.input_tensor()), out = extents_of(layer.output_tensor());
  const auto& taps = layer.filter_tensor().shape;
  if (lower_tiled({.layer = layer,
                   .window = window,
                   .in = in,
                   .out = out,
                   .filter_h = taps[1],
                   .filter_w = taps[2],
                   .is_depthwise = layer.channel_axis == 3,
                   .is_asymmetric = asymmetric},
                  lowering))
    return {};
  const graph::Tensor& filter = layer.filter_tensor();
  const std::int64_t products_a_channel = graph::element_count(filter) / layer.channels();
  Attributes attrs;
  if (arithmetic == Arithmetic::kFloat || arithmetic == Arithmetic::kHybrid)
    attrs = float_attrs(layer, window);
  else
    attrs = quantized_attrs(layer, window);
  auto operands = weighted_operands(layer, in, out, lowering, asymmetric);
  DraftCall call{.kernel = kernel_for(arithmetic, names),
                 .attrs = attrs,
                 .operands = std::move(operands),
                 .macs = graph::element_count(layer.output_tensor()) * products_a_channel};
  if (arithmetic != Arithmetic::kHybrid)
    call.shares = shares_of_plain(call, layer.channel_axis == 3, lowering.target());
  lowering.call(std::move(call));
  return {};
}

Result<void> lower_conv(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  constexpr KernelNames kNames = {"conv_2d_s8", "conv_2d_s16", "conv_2d_s16_acc32", "conv_2d_f32",
                                  "conv_2d_hybrid"};
  const WeightedLayer layer = conv_layer(graph, node);
  return lower_layer(layer, kNames, is_asymmetric(layer), lowering);
}

/// Whether some layer of the graph is hybrid, so that the whole follows LiteRT's arithmetic.
bool has_hybrid_layer(const graph::Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& node) {
    if (node.op != "CONV_2D" && node.op != "DEPTHWISE_CONV_2D" && node.op != "FULLY_CONNECTED")
      return false;
    return arithmetic_of({.graph = graph, .node = node}) == Arithmetic::kHybrid;
  });
}

Result<void> lower_depthwise(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  const KernelNames names = {
      "depthwise_conv_2d_s8", "depthwise_conv_2d_s16", nullptr,
      has_hybrid_layer(graph) ? "depthwise_conv_2d_f32_fused" : "depthwise_conv_2d_f32",
      "depthwise_conv_2d_hybrid"};
  return lower_layer(depthwise_layer(graph, node), names, /*asymmetric=*/true, lowering);
}

}  // namespace

const Op conv_2d = {.tflite_name = "CONV_2D",
                    .signatures = kWeightedSignatures,
                    .min_inputs = 2,
                    .max_inputs = 3,
                    .check = check_conv,
                    .lower = lower_conv,
                    .notes =
                        "groups; filters and biases must be constants; int16x8: bias of 64 "
                        "or 32 bits"};

const Op depthwise_conv_2d = {.tflite_name = "DEPTHWISE_CONV_2D",
                              .signatures = kWeightedSignatures,
                              .min_inputs = 2,
                              .max_inputs = 3,
                              .check = check_depthwise,
                              .lower = lower_depthwise,
                              .notes =
                                  "filters and biases must be constants; int16x8: bias of "
                                  "64 bits"};

}  // namespace mote::ops
