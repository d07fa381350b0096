#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/logistic_table.h"
#include "mote/compiler/ops/ops.h"
#include "mote/core/base/fixed_point_math.h"
#include "mote/support/cat.h"

/// LOGISTIC and TANH.
namespace mote::ops {
namespace {

/// Brings an 8-bit input to Q4; from `radius` on, the function has reached its bound.
struct ToQ4 {
  std::int32_t multiplier;
  int shift, radius;
};

ToQ4 to_q4(float scale) {
  const double factor = double{scale} * (1 << 27);
  const auto [multiplier, shift] = quantize_multiplier(factor);
  int exponent = 0;  // beyond quantize_multiplier's shifts, the radius is 0
  std::frexp(factor, &exponent);
  const double radius = 15.0 * (1 << 27) / std::exp2(exponent);
  return {multiplier, shift, static_cast<int>(std::min(radius, 1e6))};
}

int logistic_element(const ToQ4& q4, int centered) {
  if (centered <= -q4.radius) return -128;
  if (centered >= q4.radius) return 127;
  const std::int32_t y = mote::logistic<4>(requantize(centered, q4.multiplier, q4.shift));
  return std::clamp(rounding_shift_right(y, 23) - 128, -128, 127);
}

int tanh_element(const ToQ4& q4, int centered) {
  if (centered <= -q4.radius) return -128;
  if (centered >= q4.radius) return 127;
  const std::int32_t y = hyperbolic_tangent<4>(requantize(centered, q4.multiplier, q4.shift));
  return std::clamp(rounding_shift_right(y, 24), -128, 127);
}

/// The results of `f` in float for each INT8 input, rounded halves away from zero: how the
/// reference computes UINT8.
template <class F>
void add_real_lookup(const graph::Graph& graph, const graph::Node& node, Lowering& lowering, F f) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const float inverse_scale = 1 / output.scale();
  add_lookup_call(graph, node, lowering, [&](int x) {
    const float real = input.scale() * static_cast<float>(x - input.zero_point());
    const auto y = static_cast<int>(std::round(f(real) * inverse_scale)) + output.zero_point();
    return std::clamp(y, -128, 127);
  });
}

/// log2 of a scale that is a power of two, as the reference tells one; kNoPower for others.
constexpr int kNoPower = 1000;
int power_of(float scale) {
  const float power = std::log(scale) * (1.0f / std::log(2.0f));
  const float rounded = std::round(power);
  return std::abs(power - rounded) < 1e-3f ? static_cast<int>(rounded) : kNoPower;
}

/// Brings a 16-bit input to the table's steps: 3 * 4096 of them a unit. Scales of 2^-12 up to
/// 2^(largest_power) exactly, others with up to 15 bits.
program::MultiplierAttrs to_table_steps(float scale, int largest_power) {
  const int power = power_of(scale);
  if (power >= -12 && power <= largest_power) return {.multiplier = 3 << (power + 12), .shift = 0};
  double multiplier = double{scale} * 4096.0 * 3.0;
  int shift = 0;
  for (; multiplier <= 32767.0 / 2.0 && shift <= 30; ++shift) multiplier *= 2;
  return {.multiplier = static_cast<int>(multiplier), .shift = shift};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  MOTE_TRY(expect_usual_quantization(graph, node));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) return {};
  const float largest = input.type == DType::kInt16 ? 2.0f : 16.0f;
  if (input.scale() < 1e-7f || input.scale() > largest)
    return unsupported(cat("its input's scale is ", input.scale(), ", expected 1e-7 to ", largest,
                           "; re-export the model"));
  if (input.type == DType::kInt16 && power_of(output.scale()) != -15)
    return unsupported(cat("its output's scale is ", output.scale(), ", expected 1/32768"));
  return {};
}

Result<void> expect_output(const graph::Tensor& output, float scale, int zero_point) {
  if (output.type == DType::kUint8) zero_point += 128;
  if (output.type != DType::kInt8 && output.type != DType::kUint8) return {};
  if (output.zero_point() == zero_point && std::abs(output.scale() - scale) <= 1e-3f * scale)
    return {};
  return unsupported(cat("its output has scale ", output.scale(), " and zero point ",
                         output.zero_point(), ", expected 1/", 1 / scale, " and ", zero_point,
                         "; re-export the model"));
}

Result<void> check_logistic(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check(graph, node));
  return expect_output(graph.output(node), 1.0f / 256, -128);
}
Result<void> check_tanh(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check(graph, node));
  return expect_output(graph.output(node), 1.0f / 128, 0);
}

void add_interpolation(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                       const char* kernel, const program::MultiplierAttrs& attrs) {
  const Extents n = flat(graph.output(node));
  lowering.call({.kernel = kernel,
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[0], n), lowering.constant(logistic_table()),
                              lowering.write(node.outputs[0], n)}});
}

Result<void> lower_logistic(const graph::Graph& graph, const graph::Node& node,
                            Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "logistic_f32");
  } else if (input.type == DType::kInt16) {
    add_interpolation(graph, node, lowering, "logistic_s16", to_table_steps(input.scale(), -12));
  } else if (node.from_uint8) {
    add_real_lookup(graph, node, lowering, [](float x) { return 1.0f / (1.0f + std::exp(-x)); });
  } else {
    const ToQ4 q4 = to_q4(input.scale());
    add_lookup_call(graph, node, lowering,
                    [&](int x) { return logistic_element(q4, x - input.zero_point()); });
  }
  return {};
}

Result<void> lower_tanh(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "tanh_f32");
  } else if (input.type == DType::kInt16) {
    add_interpolation(graph, node, lowering, "tanh_s16", to_table_steps(input.scale(), -11));
  } else if (node.from_uint8) {
    add_real_lookup(graph, node, lowering, [](float x) { return std::tanh(x); });
  } else {
    const ToQ4 q4 = to_q4(input.scale());
    add_lookup_call(graph, node, lowering,
                    [&](int x) { return tanh_element(q4, x - input.zero_point()); });
  }
  return {};
}

constexpr auto& kSignatures =
    kUnarySignatures<DType::kInt8, DType::kUint8, DType::kInt16, DType::kFloat32>;

}  // namespace

const Op logistic = {.tflite_name = "LOGISTIC",
                     .signatures = kSignatures,
                     .check = check_logistic,
                     .lower = lower_logistic};
const Op tanh = {
    .tflite_name = "TANH", .signatures = kSignatures, .check = check_tanh, .lower = lower_tanh};

}  // namespace mote::ops
