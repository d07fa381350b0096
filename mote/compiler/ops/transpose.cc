#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// Which input dimension each dimension of the output is.
Result<std::vector<int>> plan(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const std::size_t rank = input.shape.size();
  const auto values = constant_integers(graph.input(node, 1), "the permutation");
  if (!values) return tl::unexpected(values.error());
  std::vector<bool> seen(rank);
  std::vector<int> permutation, shape;
  for (std::int64_t axis : *values) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank) || seen[static_cast<std::size_t>(axis)])
      break;
    seen[static_cast<std::size_t>(axis)] = true;
    permutation.push_back(static_cast<int>(axis));
    shape.push_back(input.shape[static_cast<std::size_t>(axis)]);
  }
  if (permutation.size() != rank || values->size() != rank)
    return bad_input(cat("its permutation does not name each of ", rank, " dimensions once"));
  if (const auto fits = expect_shape(output, shape); !fits) return tl::unexpected(fits.error());
  return permutation;
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  MOTE_TRY(plan(graph, node));
  return {};
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const std::vector<int>& shape = graph.output(node).shape;
  const std::vector<int> strides = strides_of(graph.input(node, 0)->shape);
  Copy copy{.extents = shape, .out_strides = strides_of(shape)};
  const std::vector<int> permutation = *plan(graph, node);
  for (int axis : permutation) copy.in_strides.push_back(strides[static_cast<std::size_t>(axis)]);
  add_copy(lowering, lowering.read(node.inputs[0]), lowering.write(node.outputs[0]), copy);
  return {};
}

}  // namespace

const Op transpose = {
    .tflite_name = "TRANSPOSE",
    .signatures = kSignaturesOf<DType::kInt8, DType::kUint8, DType::kInt16, DType::kFloat32>,
    .min_inputs = 2,
    .max_inputs = 2,
    .check = check,
    .lower = lower,
    .notes = "the permutation must be a constant"};

}  // namespace mote::ops
