#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  constexpr int kMaxDepth = 32768;  // so that the sum of squares fits 32 bits
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_shape(graph, node));
  if (input.shape.empty())
    return bad_input("its input is a scalar, expected at least one dimension");
  if (node.attrs.integer("fused_activation_function") != 0)
    return unsupported("it has a fused activation, expected NONE");
  if (input.type == DType::kFloat32) return {};
  MOTE_TRY(expect_quantized(input));
  MOTE_TRY(expect_quantized(output));
  if (input.shape.back() > kMaxDepth)
    return unsupported(cat("its last dimension has ", input.shape.back(), " elements, expected ",
                           kMaxDepth, " at most for INT8"));
  if (output.zero_point() == 0 && std::abs(output.scale() * 128 - 1) < 1e-3f) return {};
  return unsupported(cat("its output has scale ", output.scale(), " and zero point ",
                         output.zero_point(), ", expected 1/128 and 0; re-export the model"));
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  const bool is_float = input.type == DType::kFloat32;
  Attributes attrs = program::NoAttrs();
  if (!is_float) attrs = program::InputOffsetAttrs{.input_offset = -input.zero_point()};
  lowering.call({.kernel = is_float ? "l2_normalization_f32" : "l2_normalization_s8",
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[0], rows_of(input)),
                              lowering.write(node.outputs[0], rows_of(input))}});
  return {};
}

}  // namespace

const Op l2_normalization = {.tflite_name = "L2_NORMALIZATION",
                             .signatures = kUnarySignatures<DType::kInt8, DType::kFloat32>,
                             .check = check,
                             .lower = lower,
                             .notes = "along the last dimension"};

}  // namespace mote::ops
