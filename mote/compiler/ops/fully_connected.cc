#include <cmath>

#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/tiled_layer.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr DType kWideBias[] = {DType::kInt64, DType::kInt32};

WeightedLayer layer_of(const graph::Graph& graph, const graph::Node& node) {
  return {.graph = graph,
          .node = node,
          .int16_bias_types = kWideBias,
          .multiplies_scales_in_float = true};
}

/// The kernel adds the bias in units of input scale * filter scale, whatever scale the bias claims.
Result<void> check_bias_scale(const WeightedLayer& layer) {
  constexpr double kMaxError = 0.02;  // of the output's scale: the reference's limit
  const graph::Tensor *bias = layer.bias_tensor(), &filter = layer.filter_tensor();
  if (!bias || bias->type == DType::kFloat32 || filter.quant.scale.size() > 1) return {};
  const double expected = double{layer.input_tensor().scale()} * double{filter.scale()};
  const double error = std::abs(expected - double{bias->scale()});
  if (error / double{layer.output_tensor().scale()} > kMaxError)
    return bad_input(cat("the bias '", bias->name, "' has the scale ", bias->scale(),
                         ", expected input scale times filter scale: ", expected));
  return {};
}

Result<void> check_shapes(const WeightedLayer& layer) {
  const graph::Tensor &input = layer.input_tensor(), &filter = layer.filter_tensor();
  const graph::Tensor& output = layer.output_tensor();
  const int units = filter.shape[0], depth = filter.shape[1];
  if (graph::element_count(input) % depth != 0)
    return bad_input(cat("the input '", input.name, "' of shape ",
                         graph::describe_shape(input.shape),
                         " does not divide into rows of the filter's depth ", depth));
  const std::int64_t batch = graph::element_count(input) / depth;
  if (output.shape.empty() || output.shape.back() != units ||
      graph::element_count(output) != batch * units)
    return bad_input(cat("the output '", output.name, "' has shape ",
                         graph::describe_shape(output.shape), ", expected ", batch, " rows of ",
                         units));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const WeightedLayer layer = layer_of(graph, node);
  MOTE_TRY(check_weighted(layer, 2));
  if (node.attrs.integer("weights_format") != 0)
    return unsupported("its weights are shuffled, expected the DEFAULT weights_format");
  MOTE_TRY(check_shapes(layer));
  return check_bias_scale(layer);
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  constexpr KernelNames kNames = {"fully_connected_s8", "fully_connected_s16",
                                  "fully_connected_s16_acc32", "fully_connected_f32",
                                  "fully_connected_hybrid"};
  const WeightedLayer layer = layer_of(graph, node);
  const Arithmetic arithmetic = arithmetic_of(layer);
  const int units = layer.filter_tensor().shape[0], depth = layer.filter_tensor().shape[1];
  const int batch = static_cast<int>(graph::element_count(layer.input_tensor()) / depth);
  if (lower_tiled({.layer = layer,
                   .window = {},
                   .in = Extents(1, 1, batch, depth),
                   .out = Extents(1, 1, batch, units)},
                  lowering))
    return {};
  Attributes attrs;
  if (arithmetic == Arithmetic::kFloat || arithmetic == Arithmetic::kHybrid) {
    const FloatActivationRange range = float_terms(layer);
    attrs = program::FloatActivationAttrs{.act_min = range.min, .act_max = range.max};
  } else {
    const QuantizedTerms terms = quantized_terms(layer);
    attrs = program::FullyConnectedAttrs{.input_offset = terms.input_offset,
                                         .filter_offset = terms.filter_offset,
                                         .output_offset = terms.output_offset,
                                         .act_min = terms.act_min,
                                         .act_max = terms.act_max};
  }
  auto operands = weighted_operands(layer, Extents(batch, depth), Extents(batch, units), lowering,
                                    node.attrs.integer("asymmetric_quantize_inputs") != 0);
  lowering.call({.kernel = kernel_for(arithmetic, kNames),
                 .attrs = attrs,
                 .operands = std::move(operands),
                 .macs = std::int64_t{batch} * units * depth});
  return {};
}

}  // namespace

const Op fully_connected = {.tflite_name = "FULLY_CONNECTED",
                            .signatures = kWeightedSignatures,
                            .min_inputs = 2,
                            .max_inputs = 3,
                            .check = check,
                            .lower = lower,
                            .notes =
                                "filters and biases must be constants; int16x8: bias of 64 "
                                "or 32 bits"};

}  // namespace mote::ops
