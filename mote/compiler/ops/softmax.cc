#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/core/base/fixed_point_math.h"
#include "mote/support/cat.h"

/// SOFTMAX and LOG_SOFTMAX.
namespace mote::ops {
namespace {

/// Brings differences of 8-bit inputs to Q5; those beyond `radius` count as minus infinity.
struct ToQ5 {
  std::int32_t multiplier;
  int shift, radius;
};

double q5_factor(float scale, float beta) {
  return std::min(double{beta} * double{scale} * (1 << 26), (std::int64_t{1} << 31) - 1.0);
}

ToQ5 to_q5(float scale, float beta) {
  const double factor = q5_factor(scale, beta);
  const auto [multiplier, shift] = quantize_multiplier(factor);
  int exponent = 0;  // beyond quantize_multiplier's shifts, the radius is 0
  std::frexp(factor, &exponent);
  return {multiplier, shift, static_cast<int>(31.0 * (1 << 26) / std::exp2(exponent))};
}

/// exp(-i) in Q0 for differences of i steps, as far as they count.
std::vector<std::int32_t> exponentials(const ToQ5& q5) {
  std::vector<std::int32_t> table;
  for (int i = 0; i <= std::min(q5.radius, 255); ++i)
    table.push_back(
        exp_of_negative<5>(doubling_high_mul(wrapping_shift_left(-i, q5.shift), q5.multiplier)));
  return table;
}

/// 513 values of `f` over [low, high] for interpolation: each is lowered by half of what a straight
/// line is too high midway to the next. `out_min` and `out_max` are what -32768 and 32767 stand
/// for. All in float, as the reference computes them.
template <class F>
std::vector<std::int16_t> interpolation_table(float low, float high, float out_min, float out_max,
                                              F f) {
  const float step = (high - low) / 512, half_step = step / 2;
  const float per_unit = 65536.0f / (out_max - out_min);
  const auto saturated = [](float x) {
    return static_cast<std::int16_t>(std::clamp(x, -32768.0f, 32767.0f));
  };
  std::vector<std::int16_t> table;
  for (int k = 0; k < 512; ++k) {
    const auto i = static_cast<float>(k);
    const float y = std::round(f(low + i * step) * per_unit);
    const float next = f(low + (i + 1) * step) * per_unit;
    const float midway = std::round(f(low + i * step + half_step) * per_unit);
    const float excess = std::round((next + y) / 2) - midway;
    table.push_back(saturated(y - std::round(excess / 2)));
  }
  table.push_back(saturated(std::round(f(high) * per_unit)));
  return table;
}

std::vector<std::int16_t> exp_table() {
  const float in_step = 10.0f / 65535, out_step = 2.0f / 65535;
  return interpolation_table(in_step * -65535, in_step * 0, out_step * -32768, out_step * 32767,
                             [](float x) { return std::exp(x); });
}
std::vector<std::int16_t> inverse_table() {
  const float in_step = 1.0f / 65535, out_step = 2.0f / 65535;
  return interpolation_table(in_step * 0, in_step * 65535, out_step * -32768, out_step * 32767,
                             [](float x) { return 1.0f / (1.0f + x); });
}

Result<void> expect_output(const graph::Tensor& output, float scale, int zero_point) {
  if (output.zero_point() == zero_point && std::abs(output.scale() - scale) <= 1e-3f * scale)
    return {};
  return unsupported(cat("its output has scale ", output.scale(), " and zero point ",
                         output.zero_point(), ", expected 1/", 1 / scale, " and ", zero_point,
                         "; re-export the model"));
}

Result<void> check_rows(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  if (graph.output(node).shape.empty())
    return bad_input("its input is a scalar, expected at least one dimension");
  return {};
}

/// The reference's arithmetic has steps of 2^-26 and cannot start below one of them.
Result<void> expect_coarse(const graph::Tensor& input, float beta) {
  if (q5_factor(input.scale(), beta) > 2) return {};
  return unsupported(cat("its input's scale is ", input.scale(), " with beta ", beta,
                         ", expected their product to be more than 2^-25; re-export the model"));
}

double s16_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, 0)->scale()} * double{node.attrs.real("beta")} / (10.0 / 65535.0);
}

Result<void> check_softmax_s16(const graph::Graph& graph, const graph::Node& node) {
  constexpr int kMaxDepth = 65535;
  const graph::Tensor& input = *graph.input(node, 0);
  MOTE_TRY(expect_symmetric(input));
  MOTE_TRY(expect_factor(s16_factor(graph, node)));
  if (input.shape.back() > kMaxDepth)
    return unsupported(cat("its last dimension has ", input.shape.back(), " elements, expected ",
                           kMaxDepth, " at most for INT16"));
  return expect_output(graph.output(node), 1.0f / 32768, 0);
}

Result<void> check_softmax(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_rows(graph, node));
  const float beta = node.attrs.real("beta");
  if (!std::isfinite(beta) || beta <= 0)
    return bad_input(cat("its beta is ", beta, ", expected a positive number"));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) return {};
  MOTE_TRY(expect_quantized(output));
  if (input.type == DType::kInt16) return check_softmax_s16(graph, node);
  MOTE_TRY(expect_quantized(input));
  MOTE_TRY(expect_coarse(input, beta));
  switch (output.type) {
    case DType::kInt8:
      return expect_output(output, 1.0f / 256, -128);
    case DType::kUint8:
      return expect_output(output, 1.0f / 256, 0);
    default:
      return expect_output(output, 1.0f / 65536, -32768);
  }
}

Result<void> lower_softmax(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  const float beta = node.attrs.real("beta");
  DraftCall call{.kernel = "softmax_f32", .attrs = program::BetaAttrs{beta}};
  call.operands = {lowering.read(node.inputs[0], rows_of(input))};
  if (input.type == DType::kInt8) {
    call.kernel = graph.output(node).type == DType::kInt8 ? "softmax_s8" : "softmax_s8_s16";
    call.attrs = program::NoAttrs();
    call.operands.push_back(lowering.constant(exponentials(to_q5(input.scale(), beta))));
  } else if (input.type == DType::kInt16) {
    const auto [multiplier, shift] = quantize_multiplier(s16_factor(graph, node));
    call.kernel = "softmax_s16";
    call.attrs = program::MultiplierAttrs{.multiplier = multiplier, .shift = shift};
    call.operands.push_back(lowering.constant(exp_table()));
    call.operands.push_back(lowering.constant(inverse_table()));
  }
  call.operands.push_back(lowering.write(node.outputs[0], rows_of(input)));
  lowering.call(std::move(call));
  return {};
}

/// From Q5 back to steps of the input.
double q5_inverse(const ToQ5& q5) {
  return std::exp2(31 - q5.shift) / static_cast<double>(q5.multiplier);
}

Result<void> check_log_softmax(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_rows(graph, node));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) return {};
  MOTE_TRY(expect_quantized(input));
  MOTE_TRY(expect_quantized(output));
  MOTE_TRY(expect_coarse(input, 1));
  return expect_output(output, 1.0f / 16, 127);
}

Result<void> lower_log_softmax(const graph::Graph& graph, const graph::Node& node,
                               Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  const DraftOperand in = lowering.read(node.inputs[0], rows_of(input));
  const DraftOperand out = lowering.write(node.outputs[0], rows_of(input));
  if (input.type == DType::kFloat32) {
    lowering.call({.kernel = "log_softmax_f32", .operands = {in, out}});
    return {};
  }
  const ToQ5 q5 = to_q5(input.scale(), 1);
  const auto inverse = quantize_multiplier(q5_inverse(q5));
  lowering.call({.kernel = "log_softmax_s8",
                 .attrs = program::LogSoftmaxAttrs{.multiplier = q5.multiplier,
                                                   .shift = q5.shift,
                                                   .inverse_multiplier = inverse.multiplier,
                                                   .inverse_shift = inverse.shift,
                                                   .diff_min = -q5.radius},
                 .operands = {in, lowering.constant(exponentials(q5)), out}});
  return {};
}

constexpr Signature kSoftmax[] = {
    {.label = "int8", .inputs = kTypesOf<DType::kInt8>, .output = DType::kInt8},
    {.label = "uint8", .inputs = kTypesOf<DType::kUint8>, .output = DType::kUint8},
    {.label = "int8 to int16", .inputs = kTypesOf<DType::kInt8>, .output = DType::kInt16},
    {.label = "int16", .inputs = kTypesOf<DType::kInt16>, .output = DType::kInt16},
    {.label = "float32", .inputs = kTypesOf<DType::kFloat32>, .output = DType::kFloat32}};

}  // namespace

const Op softmax = {.tflite_name = "SOFTMAX",
                    .signatures = kSoftmax,
                    .check = check_softmax,
                    .lower = lower_softmax,
                    .notes = "along the last dimension"};
const Op log_softmax = {.tflite_name = "LOG_SOFTMAX",
                        .signatures = kUnarySignatures<DType::kInt8, DType::kFloat32>,
                        .check = check_log_softmax,
                        .lower = lower_log_softmax,
                        .notes = "along the last dimension"};

}  // namespace mote::ops
