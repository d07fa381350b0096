#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

Result<AxisView> plan(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const auto axes = constant_integers(graph.input(node, 1), "the axis");
  if (!axes) return tl::unexpected(axes.error());
  if (axes->size() != 1) return bad_input(cat("it has ", axes->size(), " axes, expected one"));
  const auto axis = resolve_axis(axes->front(), input.shape.size());
  if (!axis) return tl::unexpected(axis.error());
  std::vector<int> expected = input.shape;
  expected.erase(expected.begin() + *axis);
  if (const auto fits = expect_shape(output, expected); !fits) return tl::unexpected(fits.error());
  return around(input.shape, *axis);
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(plan(graph, node));
  return {};
}

void lower_extreme(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                   bool is_max) {
  const AxisView view = *plan(graph, node);
  const bool is_float = graph.input(node, 0)->type == DType::kFloat32;
  lowering.call(
      {.kernel = is_float ? "arg_extreme_f32" : "arg_extreme_s8",
       .attrs = program::ArgExtremeAttrs{.is_max = is_max},
       .operands = {lowering.read(node.inputs[0], Extents(view.outer, view.extent, view.inner)),
                    lowering.write(node.outputs[0], Extents(view.outer, view.inner))}});
}

Result<void> lower_max(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_extreme(graph, node, lowering, /*is_max=*/true);
  return {};
}
Result<void> lower_min(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  lower_extreme(graph, node, lowering, /*is_max=*/false);
  return {};
}

constexpr DType kInt8[] = {DType::kInt8};
constexpr DType kFloat32[] = {DType::kFloat32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8, .output = DType::kInt32},
    {.label = "float32", .inputs = kFloat32, .output = DType::kInt32}};

}  // namespace

const Op arg_max = {.tflite_name = "ARG_MAX",
                    .signatures = kSignatures,
                    .min_inputs = 2,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower_max,
                    .notes = "gives INT32; the axis must be a constant"};
const Op arg_min = {.tflite_name = "ARG_MIN",
                    .signatures = kSignatures,
                    .min_inputs = 2,
                    .max_inputs = 2,
                    .check = check,
                    .lower = lower_min,
                    .notes = "gives INT32; the axis must be a constant"};

}  // namespace mote::ops
