#include "mote/compiler/ops/movement.h"
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

/// That the output is the input without some of its dimensions of 1.
Result<void> check_squeeze(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check(graph, node));
  const graph::Tensor& input = *graph.input(node, 0);
  std::vector<bool> is_squeezed(input.shape.size());
  for (std::int64_t dim : node.attrs.integers("squeeze_dims")) {
    const auto axis = resolve_axis(dim, input.shape.size());
    if (!axis) return tl::unexpected(axis.error());
    is_squeezed[static_cast<std::size_t>(*axis)] = true;
  }
  if (node.attrs.integers("squeeze_dims").empty())
    for (std::size_t k = 0; k < input.shape.size(); ++k) is_squeezed[k] = input.shape[k] == 1;
  std::vector<int> shape;
  for (std::size_t k = 0; k < input.shape.size(); ++k)
    if (!is_squeezed[k]) shape.push_back(input.shape[k]);
  return expect_shape(graph.output(node), shape);
}

/// That the output is the input with one more dimension of 1.
Result<void> check_expand_dims(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check(graph, node));
  const auto axes = constant_integers(graph.input(node, 1), "the axis");
  if (!axes) return tl::unexpected(axes.error());
  if (axes->size() != 1) return bad_input(cat("it has ", axes->size(), " axes, expected one"));
  std::vector<int> shape = graph.input(node, 0)->shape;
  const auto axis = resolve_axis(axes->front(), shape.size() + 1);
  if (!axis) return tl::unexpected(axis.error());
  shape.insert(shape.begin() + *axis, 1);
  return expect_shape(graph.output(node), shape);
}

constexpr std::string_view kNotes = "of any type; costs nothing: another name for the same bytes";

}  // namespace

const Op reshape = {.tflite_name = "RESHAPE",
                    .signatures = {},
                    .min_inputs = 1,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower,
                    .notes = kNotes};
const Op squeeze = {.tflite_name = "SQUEEZE",
                    .signatures = {},
                    .check = check_squeeze,
                    .lower = lower,
                    .notes = kNotes};
const Op expand_dims = {.tflite_name = "EXPAND_DIMS",
                        .signatures = {},
                        .min_inputs = 2,
                        .max_inputs = 2,
                        .check = check_expand_dims,
                        .lower = lower,
                        .notes = kNotes};

}  // namespace mote::ops
