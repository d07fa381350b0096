#include "mote/core/kernels/activation.h"

#include <algorithm>
#include <cmath>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/core/base/fixed_point_math.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/core/kernels/requantize.h"
#include "mote/support/cat.h"

/// RELU, RELU6, LEAKY_RELU, PRELU, ELU, GELU and HARD_SWISH.
namespace mote::ops {
namespace {

using isa::Scalar;

/// Checks what all of them need; `factor` is one between scales.
template <auto... kFactors>
Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) return {};
  MOTE_TRY(expect_quantized(input));
  MOTE_TRY(expect_quantized(output));
  for (double factor : {double{0}, kFactors(node, input, output)...})
    MOTE_TRY(expect_factor(factor));
  return {};
}

double identity_factor(const graph::Node&, const graph::Tensor& input,
                       const graph::Tensor& output) {
  return double{input.scale() / output.scale()};
}

Result<void> check_relu(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check<identity_factor>(graph, node));
  if (graph.output(node).type != DType::kInt16) return {};
  return expect_usual_quantization(graph, node);
}

Result<void> lower_relu(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "relu_f32");
    return {};
  }
  const auto [multiplier, shift] = quantize_multiplier(identity_factor(node, input, output));
  const program::RescaleAttrs attrs = {.input_offset = -input.zero_point(),
                                       .output_offset = output.zero_point(),
                                       .multiplier = multiplier,
                                       .shift = shift,
                                       .act_min = output.zero_point(),
                                       .act_max = output.type == DType::kInt8 ? 127 : 32767};
  if (input.type == DType::kInt16)
    add_unary_call(graph, node, lowering, "rescale_s16_s16", attrs);
  else
    add_lookup_call(graph, node, lowering,
                    [&](int x) { return kernels::rescale_element<int8_t, Scalar>(attrs, x); });
  return {};
}

/// 6 in units of the tensor; more than its type holds is cut off.
int six_of(const graph::Tensor& tensor) {
  const double six = double{std::round(6.0f / tensor.scale())} + tensor.zero_point();
  return static_cast<int>(std::min(six, tensor.type == DType::kInt8 ? 127.0 : 32767.0));
}

// The reference bounds the integers and leaves the scale as it is.
Result<void> check_relu6(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check<>(graph, node));
  if (graph.output(node).type == DType::kFloat32) return {};
  return expect_same_quantization(*graph.input(node, 0), graph.output(node));
}

Result<void> lower_relu6(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "clamp_f32", program::FloatActivationAttrs{0, 6});
    return {};
  }
  const int zero = input.zero_point(), six = six_of(input);
  if (input.type == DType::kInt16)
    add_unary_call(graph, node, lowering, "clamp_s16", program::ActivationAttrs{zero, six});
  else
    add_lookup_call(graph, node, lowering, [&](int x) { return std::clamp(x, zero, six); });
  return {};
}

double alpha_factor(const graph::Node& node, const graph::Tensor& input,
                    const graph::Tensor& output) {
  return double{input.scale() * node.attrs.real("alpha") / output.scale()};
}

Result<void> check_leaky_relu(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY((check<identity_factor, alpha_factor>(graph, node)));
  if (std::isfinite(node.attrs.real("alpha"))) return {};
  return bad_input(cat("its alpha is ", node.attrs.real("alpha"), ", expected a number"));
}

Result<void> lower_leaky_relu(const graph::Graph& graph, const graph::Node& node,
                              Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "leaky_relu_f32",
                   program::FloatAlphaAttrs{node.attrs.real("alpha")});
    return {};
  }
  const double alpha = alpha_factor(node, input, output);
  const auto identity = quantize_multiplier(identity_factor(node, input, output));
  const auto slope = quantize_multiplier(std::abs(alpha));
  const program::LeakyReluAttrs attrs = {.input_offset = -input.zero_point(),
                                         .output_offset = output.zero_point(),
                                         .identity_multiplier = identity.multiplier,
                                         .identity_shift = identity.shift,
                                         .alpha_multiplier = slope.multiplier,
                                         .alpha_shift = slope.shift,
                                         .alpha_sign = alpha < 0 ? -1 : 1};
  if (input.type == DType::kInt16)
    add_unary_call(graph, node, lowering, "leaky_relu_s16", attrs);
  else
    add_lookup_call(graph, node, lowering, [&](int x) {
      return kernels::leaky_relu_element<Scalar>(attrs, x, -128, 127);
    });
  return {};
}

double prelu_identity_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, 0)->scale()} / double{graph.output(node).scale()};
}
double prelu_alpha_factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, 0)->scale()} * double{graph.input(node, 1)->scale()} /
         double{graph.output(node).scale()};
}

Result<void> check_prelu(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_broadcast(graph, node));
  const graph::Tensor &input = *graph.input(node, 0), &alpha = *graph.input(node, 1);
  if (input.type == DType::kFloat32) return {};
  MOTE_TRY(expect_quantized(input));
  MOTE_TRY(expect_quantized(alpha));
  MOTE_TRY(expect_quantized(graph.output(node)));
  MOTE_TRY(expect_factor(prelu_identity_factor(graph, node)));
  return expect_factor(prelu_alpha_factor(graph, node));
}

Result<void> lower_prelu(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &alpha = *graph.input(node, 1);
  if (input.type == DType::kFloat32) {
    add_binary_call(graph, node, lowering, "prelu_f32", program::NoAttrs());
    return {};
  }
  const auto identity = quantize_multiplier(prelu_identity_factor(graph, node));
  const auto slope = quantize_multiplier(prelu_alpha_factor(graph, node));
  add_binary_call(graph, node, lowering, input.type == DType::kInt8 ? "prelu_s8" : "prelu_s16",
                  program::PreluAttrs{.input_offset = -input.zero_point(),
                                      .alpha_offset = -alpha.zero_point(),
                                      .output_offset = graph.output(node).zero_point(),
                                      .identity_multiplier = identity.multiplier,
                                      .identity_shift = identity.shift,
                                      .alpha_multiplier = slope.multiplier,
                                      .alpha_shift = slope.shift});
  return {};
}

double elu_factor(const graph::Node&, const graph::Tensor&, const graph::Tensor& output) {
  return double{1 / output.scale()};
}

Result<void> lower_elu(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "elu_f32");
    return {};
  }
  const float steps_per_unit = 1 / output.scale();
  add_lookup_call(graph, node, lowering, [&](int x) {
    const float real = input.scale() * static_cast<float>(x - input.zero_point());
    const float y = real < 0.0f ? std::exp(real) - 1.0f : real;
    const float steps = std::round(y * steps_per_unit) + static_cast<float>(output.zero_point());
    return static_cast<int>(std::clamp(steps, -128.0f, 127.0f));
  });
  return {};
}

Result<void> lower_gelu(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const bool is_approximate = node.attrs.integer("approximate") != 0;
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, is_approximate ? "gelu_tanh_f32" : "gelu_f32");
    return {};
  }
  // A table of the float function, as TensorFlow Lite makes it.
  const float steps_per_unit = 1 / output.scale();
  add_lookup_call(graph, node, lowering, [&](int x) {
    const float real = input.scale() * static_cast<float>(x - input.zero_point());
    const float y = is_approximate ? kernels::gelu_tanh_element(real) : kernels::gelu_element(real);
    const float steps = std::round(y * steps_per_unit) + static_cast<float>(output.zero_point());
    return static_cast<int>(std::clamp(steps, -128.0f, 127.0f));
  });
  return {};
}

/// HARD_SWISH's two multipliers have 15 bits: from steps of 1/128 of the input's scale to the
/// output's, and to 3/32768 for the factor clamp(x + 3, 0, 6) / 6.
struct HardSwish {
  int input_zero_point, output_zero_point;
  int output_multiplier, output_shift, factor_multiplier, factor_shift;
};

int to_15_bits(std::int32_t multiplier) {
  return multiplier >= kInt32Max - (1 << 15) ? 32767 : (multiplier + (1 << 15)) >> 16;
}

double hard_swish_output_factor(const graph::Node&, const graph::Tensor& input,
                                const graph::Tensor& output) {
  return double{(1.0f / 128.0f) * input.scale() / output.scale()};
}
double hard_swish_relu_factor(const graph::Node&, const graph::Tensor& input,
                              const graph::Tensor&) {
  return double{(1.0f / 128.0f) * input.scale() / (3.0f / 32768.0f)};
}

HardSwish hard_swish_of(const graph::Node& node, const graph::Tensor& input,
                        const graph::Tensor& output) {
  const auto out = quantize_multiplier(hard_swish_output_factor(node, input, output));
  const auto factor = quantize_multiplier(hard_swish_relu_factor(node, input, output));
  return {.input_zero_point = input.zero_point(),
          .output_zero_point = output.zero_point(),
          .output_multiplier = to_15_bits(out.multiplier),
          .output_shift = out.shift,
          .factor_multiplier = to_15_bits(factor.multiplier),
          .factor_shift = factor.shift};
}

int saturate_to_16_bits(std::int64_t x) {
  return static_cast<int>(std::clamp<std::int64_t>(x, -32768, 32767));
}
/// round(a * b / 2^15), halves upwards, of 16-bit numbers.
int high_mul_16(int a, int b) { return saturate_to_16_bits((a * b + (1 << 14)) >> 15); }

int hard_swish_element(const HardSwish& h, int x) {
  const int fine = static_cast<std::int16_t>((x - h.input_zero_point) * 128);
  const int scaled = high_mul_16(fine, h.output_multiplier);
  int factor = fine;
  if (h.factor_shift > 0)
    factor = saturate_to_16_bits(std::int64_t{factor} << (h.factor_shift - 1));
  factor = high_mul_16(factor, h.factor_multiplier);
  if (h.factor_shift > 0) factor = saturate_to_16_bits(std::int64_t{factor} * 2);
  if (h.factor_shift < 0) factor = rounding_shift_right(factor, -h.factor_shift);
  factor = (factor + (1 << 15)) >> 1;                                    // [-1, 1] to [0, 1]
  const int product = saturate_to_16_bits(factor * scaled / (1 << 15));  // towards zero
  const int y = rounding_shift_right(product, -h.output_shift) + h.output_zero_point;
  return std::clamp(y, -128, 127);
}

Result<void> check_hard_swish(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY((check<hard_swish_output_factor, hard_swish_relu_factor>(graph, node)));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) return {};
  const HardSwish h = hard_swish_of(node, input, output);
  // Shifts by more than 15 have no meaning on the reference's 16 bits.
  if (h.output_shift <= 0 && std::min(h.output_shift, h.factor_shift) >= -15) return {};
  return unsupported(cat("its input has scale ", input.scale(), " and its output ", output.scale(),
                         ", expected neither tiny and at most 128 times the other; re-export the "
                         "model"));
}

Result<void> lower_hard_swish(const graph::Graph& graph, const graph::Node& node,
                              Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == DType::kFloat32) {
    add_unary_call(graph, node, lowering, "hard_swish_f32");
    return {};
  }
  const HardSwish h = hard_swish_of(node, input, output);
  add_lookup_call(graph, node, lowering, [&](int x) { return hard_swish_element(h, x); });
  return {};
}

constexpr auto& kThreeTypes = kUnarySignatures<DType::kInt8, DType::kInt16, DType::kFloat32>;
constexpr auto& kReluTypes =
    kUnarySignatures<DType::kInt8, DType::kUint8, DType::kInt16, DType::kFloat32>;
constexpr auto& kTwoTypes = kUnarySignatures<DType::kInt8, DType::kFloat32>;
constexpr Signature kPrelu[] = {
    {.label = "int8", .inputs = kTypesOf<DType::kInt8, DType::kInt8>, .output = DType::kInt8},
    {.label = "int16x8", .inputs = kTypesOf<DType::kInt16, DType::kInt8>, .output = DType::kInt16},
    {.label = "float32",
     .inputs = kTypesOf<DType::kFloat32, DType::kFloat32>,
     .output = DType::kFloat32}};

}  // namespace

const Op relu = {
    .tflite_name = "RELU", .signatures = kReluTypes, .check = check_relu, .lower = lower_relu};
const Op relu6 = {.tflite_name = "RELU6",
                  .signatures = kReluTypes,
                  .check = check_relu6,
                  .lower = lower_relu6,
                  .notes = "integers of one scale"};
const Op leaky_relu = {.tflite_name = "LEAKY_RELU",
                       .signatures = kThreeTypes,
                       .check = check_leaky_relu,
                       .lower = lower_leaky_relu};
const Op prelu = {.tflite_name = "PRELU",
                  .signatures = kPrelu,
                  .min_inputs = 2,
                  .max_inputs = 2,
                  .check = check_prelu,
                  .lower = lower_prelu};
const Op elu = {
    .tflite_name = "ELU", .signatures = kTwoTypes, .check = check<elu_factor>, .lower = lower_elu};
const Op gelu = {.tflite_name = "GELU",
                 .signatures = kTwoTypes,
                 .check = check<elu_factor>,
                 .lower = lower_gelu};
const Op hard_swish = {.tflite_name = "HARD_SWISH",
                       .signatures = kTwoTypes,
                       .check = check_hard_swish,
                       .lower = lower_hard_swish};

}  // namespace mote::ops
