#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/quantize.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &filter = *graph.input(node, 1);
  if (filter.shape.size() != 2)
    return bad_input(cat("the filter '", filter.name, "' has shape ",
                         graph::describe_shape(filter.shape), ", expected [units, depth]"));
  if (!filter.is_constant())
    return unsupported(
        cat("the filter '", filter.name, "' is computed at run time, expected a constant"));
  if (graph::element_count(input) % filter.shape[1] != 0)
    return bad_input(cat("the input '", input.name, "' of shape ",
                         graph::describe_shape(input.shape),
                         " does not divide into rows of the filter's depth ", filter.shape[1]));
  if (filter.zero_point() != 0)
    return unsupported(cat("the filter '", filter.name, "' has zero point ", filter.zero_point(),
                           ", expected 0; re-export with symmetric weights"));
  MOTE_TRY(activation_range(graph.output(node), node.attrs.integer("fused_activation_function")));
  return {};
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &filter = *graph.input(node, 1);
  const graph::Tensor& output = graph.output(node);
  const int units = filter.shape[0], depth = filter.shape[1];
  const int batch = static_cast<int>(graph::element_count(input) / depth);
  const auto range = activation_range(output, node.attrs.integer("fused_activation_function"));
  const auto [multiplier, shift] = quantize_multiplier(
      static_cast<double>(input.scale() * filter.scale()) / static_cast<double>(output.scale()));
  const graph::Tensor* bias = graph.input(node, 2);
  const auto n = static_cast<std::size_t>(units);
  lowering.call({.kernel = "fully_connected_s8",
                 .attrs = program::FullyConnectedAttrs{.input_offset = -input.zero_point(),
                                                       .filter_offset = -filter.zero_point(),
                                                       .output_offset = output.zero_point(),
                                                       .act_min = range->min,
                                                       .act_max = range->max},
                 .operands = {lowering.read(node.inputs[0], Extents(batch, depth)),
                              lowering.read(node.inputs[1]),
                              lowering.constant(bias ? graph::values<std::int32_t>(*bias)
                                                     : std::vector<std::int32_t>(n)),
                              lowering.constant(std::vector<std::int32_t>(n, multiplier)),
                              lowering.constant(std::vector<std::int32_t>(n, shift)),
                              lowering.write(node.outputs[0], Extents(batch, units))},
                 .macs = std::int64_t{batch} * units * depth});
  return {};
}

constexpr DType kInt8[] = {DType::kInt8, DType::kInt8, DType::kInt32};
constexpr Signature kSignatures[] = {{.label = "int8", .inputs = kInt8, .output = DType::kInt8}};

}  // namespace

const Op fully_connected = {.tflite_name = "FULLY_CONNECTED",
                            .signatures = kSignatures,
                            .min_inputs = 2,
                            .max_inputs = 3,
                            .check = check,
                            .lower = lower};

}  // namespace mote::ops
