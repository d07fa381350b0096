#include <algorithm>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// MUL and DIV.
namespace mote::ops {
namespace {

int activation_of(const graph::Node& node) {
  return node.attrs.integer("fused_activation_function");
}

// The reference computes MUL's factor in double, in float for UINT8, and DIV's in float.
double mul_factor(const graph::Node& node, float scale1, float scale2, float output_scale) {
  if (node.from_uint8) return double{scale1 * scale2 / output_scale};
  return double{scale1} * double{scale2} / double{output_scale};
}
double div_factor(const graph::Node&, float scale1, float scale2, float output_scale) {
  return double{scale1 / (scale2 * output_scale)};
}

template <auto kFactor>
double factor_of(const graph::Graph& graph, const graph::Node& node) {
  return kFactor(node, graph.input(node, 0)->scale(), graph.input(node, 1)->scale(),
                 graph.output(node).scale());
}

bool is_quantized(const graph::Tensor& tensor) {
  return tensor.type == DType::kInt8 || tensor.type == DType::kUint8 ||
         tensor.type == DType::kInt16;
}

template <auto kFactor>
Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& output = graph.output(node);
  MOTE_TRY(expect_broadcast(graph, node));
  MOTE_TRY(expect_usual_quantization(graph, node));
  if (is_quantized(output)) MOTE_TRY(expect_factor(factor_of<kFactor>(graph, node)));
  MOTE_TRY(float_activation_range(activation_of(node)));
  return {};
}

/// A quotient of 9-bit numbers is shifted by 23 bits at most.
Result<void> check_div(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check<div_factor>(graph, node));
  if (!is_quantized(graph.output(node))) return {};
  const double factor = factor_of<div_factor>(graph, node);
  if (quantize_multiplier(factor).shift <= 23) return {};
  return unsupported(cat("its output's scale is too fine: quotients of integers are multiplied by ",
                         factor, ", expected less than 2^23; re-export the model"));
}

program::ProductAttrs product_attrs(const graph::Graph& graph, const graph::Node& node,
                                    double factor) {
  const graph::Tensor& output = graph.output(node);
  const auto [multiplier, shift] = quantize_multiplier(factor);
  const auto range = activation_range(output, activation_of(node));
  return {.input1_offset = -graph.input(node, 0)->zero_point(),
          .input2_offset = -graph.input(node, 1)->zero_point(),
          .output_offset = output.zero_point(),
          .output_multiplier = multiplier,
          .output_shift = shift,
          .act_min = range->min,
          .act_max = range->max};
}

/// One operator's kernels, by type.
struct Kernels {
  const char *s8, *s16, *s32, *f32;
};
constexpr Kernels kMul = {"mul_s8", "mul_s16", "mul_s32", "mul_f32"};
constexpr Kernels kDiv = {"div_s8", nullptr, "div_s32", "div_f32"};

template <auto kFactor, const Kernels& kKernels>
Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const DType type = graph.output(node).type;
  if (is_quantized(graph.output(node))) {
    add_binary_call(graph, node, lowering, type == DType::kInt8 ? kKernels.s8 : kKernels.s16,
                    product_attrs(graph, node, factor_of<kFactor>(graph, node)));
  } else if (type == DType::kFloat32) {
    const auto range = float_activation_range(activation_of(node));
    add_binary_call(graph, node, lowering, kKernels.f32,
                    program::FloatActivationAttrs{range->min, range->max});
  } else {
    const auto range = plain_activation_range(activation_of(node));
    add_binary_call(graph, node, lowering, kKernels.s32,
                    program::ActivationAttrs{range->min, range->max});
  }
  return {};
}

}  // namespace

const Op mul = {.tflite_name = "MUL",
                .signatures = kBinarySignatures<DType::kInt8, DType::kUint8, DType::kInt16,
                                                DType::kInt32, DType::kFloat32>,
                .min_inputs = 2,
                .max_inputs = 2,
                .check = check<mul_factor>,
                .lower = lower<mul_factor, kMul>,
                .notes = "broadcasts; int16 with zero point 0"};
const Op div = {.tflite_name = "DIV",
                .signatures = kBinarySignatures<DType::kInt8, DType::kInt32, DType::kFloat32>,
                .min_inputs = 2,
                .max_inputs = 2,
                .check = check_div,
                .lower = lower<div_factor, kDiv>,
                .notes =
                    "broadcasts; INT32 by zero gives 0, INT8 by zero the largest or smallest "
                    "value"};

}  // namespace mote::ops
