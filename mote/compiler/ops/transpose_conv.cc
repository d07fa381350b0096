#include <algorithm>

#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/compiler/ops/window.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr DType kWideBias[] = {DType::kInt64, DType::kInt16};

WeightedLayer layer_of(const graph::Graph& graph, const graph::Node& node) {
  return {.graph = graph,
          .node = node,
          .input = 2,
          .filter = 1,
          .bias = 3,
          .int16_bias_types = kWideBias};
}

/// The window of the convolution that would lead from the output back to the input.
Result<Window> window_of(const WeightedLayer& layer) {
  const auto &out = layer.output_tensor().shape, &filter = layer.filter_tensor().shape;
  return ops::window_of(layer.node, out[1], out[2], filter[1], filter[2]);
}

Result<void> check_shapes(const WeightedLayer& layer) {
  const graph::Tensor &input = layer.input_tensor(), &output = layer.output_tensor();
  if (input.shape.size() != 4 || output.shape.size() != 4)
    return bad_input(cat("it turns ", graph::describe_shape(input.shape), " into ",
                         graph::describe_shape(output.shape),
                         ", expected [batch, height, width, depth] twice"));
  const auto window = window_of(layer);
  MOTE_TRY(window);
  const std::vector<int> expected = {output.shape[0], window->out_h, window->out_w,
                                     layer.filter_tensor().shape[3]};
  if (input.shape != expected || output.shape[3] != layer.channels())
    return bad_input(cat("the input '", input.name, "' has shape ",
                         graph::describe_shape(input.shape), " and the output '", output.name, "' ",
                         graph::describe_shape(output.shape),
                         ", expected the filter and strides to lead back to ",
                         graph::describe_shape(expected), " from ", layer.channels(), " channels"));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const WeightedLayer layer = layer_of(graph, node);
  MOTE_TRY(check_weighted(layer, 4));
  MOTE_TRY(check_shapes(layer));
  const graph::Tensor& shape = *graph.input(node, 0);
  if (!shape.is_constant()) return {};  // the output tensor's own shape holds
  const auto wanted = graph::values<std::int32_t>(shape);
  const auto& output = layer.output_tensor().shape;
  if (!std::equal(wanted.begin(), wanted.end(), output.begin(), output.end()))
    return bad_input(cat("the output shape '", shape.name, "' is ", graph::describe_shape(wanted),
                         ", but the output tensor has ", graph::describe_shape(output)));
  return {};
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  constexpr KernelNames kNames = {"transpose_conv_s8", "transpose_conv_s16", nullptr,
                                  "transpose_conv_f32", nullptr};
  const WeightedLayer layer = layer_of(graph, node);
  const Arithmetic arithmetic = arithmetic_of(layer);
  const Window window = *window_of(layer);
  Attributes attrs;
  if (arithmetic == Arithmetic::kFloat) {
    const FloatActivationRange range = float_terms(layer);
    attrs = program::TransposeConvFloatAttrs{.stride_h = window.stride_h,
                                             .stride_w = window.stride_w,
                                             .pad_top = window.pad_top,
                                             .pad_left = window.pad_left,
                                             .act_min = range.min,
                                             .act_max = range.max};
  } else {
    const QuantizedTerms terms = quantized_terms(layer);
    attrs = program::TransposeConvAttrs{.stride_h = window.stride_h,
                                        .stride_w = window.stride_w,
                                        .pad_top = window.pad_top,
                                        .pad_left = window.pad_left,
                                        .input_offset = terms.input_offset,
                                        .filter_offset = terms.filter_offset,
                                        .output_offset = terms.output_offset,
                                        .act_min = terms.act_min,
                                        .act_max = terms.act_max};
  }
  const graph::Tensor &input = layer.input_tensor(), &filter = layer.filter_tensor();
  const std::int64_t pixels = graph::element_count(input) / input.shape[3];
  auto operands =
      weighted_operands(layer, extents_of(input), extents_of(layer.output_tensor()), lowering);
  lowering.call({.kernel = kernel_for(arithmetic, kNames),
                 .attrs = attrs,
                 .operands = std::move(operands),
                 .macs = pixels * graph::element_count(filter)});
  return {};
}

constexpr DType kInt8[] = {DType::kInt32, DType::kInt8, DType::kInt8};
constexpr DType kInt16[] = {DType::kInt32, DType::kInt8, DType::kInt16};
constexpr DType kFloat[] = {DType::kInt32, DType::kFloat32, DType::kFloat32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8, .output = DType::kInt8},
    {.label = "int16x8", .inputs = kInt16, .output = DType::kInt16},
    {.label = "float32", .inputs = kFloat, .output = DType::kFloat32}};

}  // namespace

const Op transpose_conv = {.tflite_name = "TRANSPOSE_CONV",
                           .signatures = kSignatures,
                           .min_inputs = 3,
                           .max_inputs = 4,
                           .check = check,
                           .lower = lower,
                           .notes =
                               "filters and biases must be constants; int16x8: bias of 64 "
                               "or 16 bits"};

}  // namespace mote::ops
