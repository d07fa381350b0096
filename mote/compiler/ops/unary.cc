#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/core/base/fixed_point_math.h"

/// Functions of one element: ABS, NEG, SQRT, RSQRT, SQUARE, EXP, LOG, SIN, COS, FLOOR, CEIL and
/// ROUND.
namespace mote::ops {
namespace {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  return expect_same_shape(graph, node);
}

/// An operator with one kernel, for floats.
template <const auto& kKernel>
Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  add_unary_call(graph, node, lowering, kKernel);
  return {};
}

double abs_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, 0)->scale() / graph.output(node).scale()};
}

Result<void> check_abs(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  MOTE_TRY(expect_usual_quantization(graph, node));
  if (graph.output(node).type == DType::kFloat32) return {};
  return expect_factor(abs_factor(graph, node));
}

Result<void> lower_abs(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "abs_f32");
    return {};
  }
  const auto [multiplier, shift] = quantize_multiplier(abs_factor(graph, node));
  if (input.type == DType::kInt16) {
    add_unary_call(graph, node, lowering, "abs_s16",
                   program::MultiplierAttrs{.multiplier = multiplier, .shift = shift});
    return {};
  }
  add_lookup_call(graph, node, lowering, [&, m = multiplier, s = shift](int x) {
    const int y = requantize(std::abs(x - input.zero_point()), m, s);
    return std::clamp(wrapping_add(y, output.zero_point()), -128, 127);
  });
  return {};
}

double rsqrt_factor(const graph::Graph& graph, const graph::Node& node) {
  return 1. / double{std::sqrt(graph.input(node, 0)->scale()) * graph.output(node).scale()};
}

Result<void> check_rsqrt(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  MOTE_TRY(expect_usual_quantization(graph, node));
  if (graph.output(node).type == DType::kFloat32) return {};
  return expect_factor(rsqrt_factor(graph, node));
}

Result<void> lower_rsqrt(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  constexpr int kFractionalBits = 20;
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "rsqrt_f32");
    return {};
  }
  const auto out = quantize_multiplier(rsqrt_factor(graph, node));
  add_lookup_call(graph, node, lowering, [&](int x) {
    if (x <= input.zero_point()) return 127;  // infinite at 0, undefined below
    const auto inverse = inverse_square_root(x - input.zero_point());
    const int y = requantize(std::int32_t{1}, inverse.multiplier, inverse.shift + kFractionalBits);
    const int shift = out.shift - kFractionalBits;
    const int scaled = shift < -31 ? 0 : requantize(y, out.multiplier, shift);
    return std::clamp(wrapping_add(scaled, output.zero_point()), -128, 127);
  });
  return {};
}

constexpr char kNeg[] = "neg_f32", kSqrt[] = "sqrt_f32", kSquare[] = "square_f32",
               kExp[] = "exp_f32", kLog[] = "log_f32", kSin[] = "sin_f32", kCos[] = "cos_f32",
               kFloor[] = "floor_f32", kCeil[] = "ceil_f32", kRound[] = "round_f32";

template <const auto& kKernel>
constexpr Op float_op(std::string_view name) {
  return {.tflite_name = name,
          .signatures = kUnarySignatures<DType::kFloat32>,
          .check = check,
          .lower = lower<kKernel>};
}

}  // namespace

const Op abs = {.tflite_name = "ABS",
                .signatures = kUnarySignatures<DType::kInt8, DType::kInt16, DType::kFloat32>,
                .check = check_abs,
                .lower = lower_abs};
const Op rsqrt = {.tflite_name = "RSQRT",
                  .signatures = kUnarySignatures<DType::kInt8, DType::kFloat32>,
                  .check = check_rsqrt,
                  .lower = lower_rsqrt,
                  .notes = "INT8 gives the largest value at 0 and below"};
const Op neg = float_op<kNeg>("NEG"), sqrt = float_op<kSqrt>("SQRT"),
         square = float_op<kSquare>("SQUARE"), exp = float_op<kExp>("EXP"),
         log = float_op<kLog>("LOG"), sin = float_op<kSin>("SIN"), cos = float_op<kCos>("COS"),
         floor = float_op<kFloor>("FLOOR"), ceil = float_op<kCeil>("CEIL"),
         round = float_op<kRound>("ROUND");

}  // namespace mote::ops
