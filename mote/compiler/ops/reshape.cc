#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (graph::byte_count(input) != graph::byte_count(output) || input.type != output.type)
    return bad_input(cat("it turns ", name_of(input.type), graph::describe_shape(input.shape),
                         " into ", name_of(output.type), graph::describe_shape(output.shape),
                         ", expected as many elements of the same type"));
  return {};
}

Result<void> lower(const graph::Graph&, const graph::Node& node, Lowering& lowering) {
  lowering.alias(node.outputs[0], node.inputs[0]);
  return {};
}

}  // namespace

const Op reshape = {.tflite_name = "RESHAPE",
                    .signatures = {},
                    .min_inputs = 1,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower,
                    .notes = "costs nothing: another name for the same bytes"};

}  // namespace mote::ops
