#include <algorithm>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/linear_sum.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// ADD, SUB and SQUARED_DIFFERENCE: what brings both inputs to one scale first.
namespace mote::ops {
namespace {

int activation_of(const graph::Node& node) {
  return node.attrs.integer("fused_activation_function");
}

bool is_quantized(const graph::Tensor& tensor) {
  return tensor.type == DType::kInt8 || tensor.type == DType::kUint8 ||
         tensor.type == DType::kInt16;
}

/// From each input to the common scale, and from there to the output.
struct Factors {
  int left_shift = 0;
  double input1 = 0, input2 = 0, output = 0;
};

// The reference computes ADD's factors in double and SUB's in float.
Factors add_factors(float scale1, float scale2, const graph::Tensor& output) {
  const int left_shift = output.type == DType::kInt16 ? 15 : 20;
  const double common = 2 * double{std::max(scale1, scale2)};
  return {.left_shift = left_shift,
          .input1 = double{scale1} / common,
          .input2 = double{scale2} / common,
          .output = common / ((1 << left_shift) * double{output.scale()})};
}

Factors sub_factors(float scale1, float scale2, const graph::Tensor& output) {
  const int left_shift = output.type == DType::kInt16 ? 15 : 20;
  const float common = 2 * std::max(scale1, scale2);
  const float steps = static_cast<float>(1 << left_shift) * output.scale();
  return {.left_shift = left_shift,
          .input1 = double{scale1 / common},
          .input2 = double{scale2 / common},
          .output = double{common / steps}};
}

Factors squared_difference_factors(float scale1, float scale2, const graph::Tensor& output) {
  const int left_shift = output.type == DType::kInt16 ? 0 : 7;
  const double common = 2.0 * double{std::max(scale1, scale2)};
  const float steps = static_cast<float>(1 << (2 * left_shift)) * output.scale();
  return {.left_shift = left_shift,
          .input1 = double{scale1} / common,
          .input2 = double{scale2} / common,
          .output = common * common / double{steps}};
}

template <auto kFactors>
Factors factors_of(const graph::Graph& graph, const graph::Node& node) {
  return kFactors(graph.input(node, 0)->scale(), graph.input(node, 1)->scale(), graph.output(node));
}

Result<void> check_factors(const Factors& factors, int largest_shift) {
  for (double factor : {factors.input1, factors.input2, factors.output}) {
    MOTE_TRY(expect_factor(factor));
    if (factor <= 0)
      return unsupported("its scales are too far apart for 32-bit arithmetic; re-export the model");
  }
  if (quantize_multiplier(factors.output).shift <= largest_shift) return {};
  return unsupported(cat("its output's scale is too fine for its inputs': the factor between them ",
                         "is ", factors.output, ", expected less than 2^", largest_shift,
                         "; re-export the model"));
}

template <auto kFactors>
Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  constexpr bool kSquares = kFactors == &squared_difference_factors;
  const graph::Tensor& output = graph.output(node);
  MOTE_TRY(expect_broadcast(graph, node));
  MOTE_TRY(expect_usual_quantization(graph, node));
  if (is_quantized(output))
    MOTE_TRY(check_factors(factors_of<kFactors>(graph, node), kSquares ? 30 : 0));
  if (kSquares) return {};
  MOTE_TRY(float_activation_range(activation_of(node)));
  if (kFactors == &add_factors && output.type == DType::kInt32 && activation_of(node) != 0)
    return unsupported(
        "its fused activation on INT32 is ignored by the reference, expected NONE; export the "
        "activation as an operator of its own");
  return {};
}

program::AlignedScalesAttrs aligned_scales(const graph::Graph& graph, const graph::Node& node,
                                           const Factors& factors) {
  const graph::Tensor& output = graph.output(node);
  const auto [multiplier1, shift1] = quantize_multiplier(factors.input1);
  const auto [multiplier2, shift2] = quantize_multiplier(factors.input2);
  const auto [multiplier, shift] = quantize_multiplier(factors.output);
  const auto range = activation_range(output, activation_of(node));
  return {.left_shift = factors.left_shift,
          .input1_offset = -graph.input(node, 0)->zero_point(),
          .input1_multiplier = multiplier1,
          .input1_shift = shift1,
          .input2_offset = -graph.input(node, 1)->zero_point(),
          .input2_multiplier = multiplier2,
          .input2_shift = shift2,
          .output_offset = output.zero_point(),
          .output_multiplier = multiplier,
          .output_shift = shift,
          .act_min = range->min,
          .act_max = range->max};
}

/// ADD on int8 of two tensors of one shape, in its quickest form.
bool add_linear_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                     const program::AlignedScalesAttrs& exact) {
  const std::int64_t count = graph::element_count(graph.output(node));
  if (!lowering.target().sums_linearly || graph::element_count(*graph.input(node, 0)) != count ||
      graph::element_count(*graph.input(node, 1)) != count)
    return false;
  const auto linear = find_linear_sum(exact);
  if (linear) add_binary_call(graph, node, lowering, "add_linear_s8", *linear);
  return linear.has_value();
}

/// One operator's kernels, by type.
struct Kernels {
  const char *s8, *s16, *s32, *f32;
};
constexpr Kernels kAdd = {"add_s8", "add_s16", "add_s32", "add_f32"};
constexpr Kernels kSub = {"sub_s8", "sub_s16", "sub_s32", "sub_f32"};
constexpr Kernels kSquaredDifference = {"squared_difference_s8", "squared_difference_s16",
                                        "squared_difference_s32", "squared_difference_f32"};

template <auto kFactors, const Kernels& kKernels>
Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const DType type = graph.output(node).type;
  const bool is_float = type == DType::kFloat32;
  const auto add = [&](const char* kernel, const Attributes& attrs) {
    add_binary_call(graph, node, lowering, kernel, attrs);
    return Result<void>();
  };
  if (is_quantized(graph.output(node))) {
    const auto attrs = aligned_scales(graph, node, factors_of<kFactors>(graph, node));
    if (kFactors == &add_factors && type == DType::kInt8 &&
        add_linear_call(graph, node, lowering, attrs))
      return {};
    return add(type == DType::kInt8 ? kKernels.s8 : kKernels.s16, attrs);
  }
  if (kFactors == &squared_difference_factors)
    return add(is_float ? kKernels.f32 : kKernels.s32, program::NoAttrs());
  if (is_float) {
    const auto range = float_activation_range(activation_of(node));
    return add(kKernels.f32, program::FloatActivationAttrs{range->min, range->max});
  }
  const auto range = plain_activation_range(activation_of(node));
  return add(kKernels.s32, program::ActivationAttrs{range->min, range->max});
}

constexpr auto& kSignatures =
    kBinarySignatures<DType::kInt8, DType::kInt16, DType::kInt32, DType::kFloat32>;
constexpr auto& kAddSignatures =
    kBinarySignatures<DType::kInt8, DType::kUint8, DType::kInt16, DType::kInt32, DType::kFloat32>;

}  // namespace

const Op add = {.tflite_name = "ADD",
                .signatures = kAddSignatures,
                .min_inputs = 2,
                .max_inputs = 2,
                .check = check<add_factors>,
                .lower = lower<add_factors, kAdd>,
                .notes = "broadcasts; int16 with zero point 0"};
const Op sub = {.tflite_name = "SUB",
                .signatures = kSignatures,
                .min_inputs = 2,
                .max_inputs = 2,
                .check = check<sub_factors>,
                .lower = lower<sub_factors, kSub>,
                .notes = "broadcasts; int16 with zero point 0"};
const Op squared_difference = {.tflite_name = "SQUARED_DIFFERENCE",
                               .signatures = kSignatures,
                               .min_inputs = 2,
                               .max_inputs = 2,
                               .check = check<squared_difference_factors>,
                               .lower = lower<squared_difference_factors, kSquaredDifference>,
                               .notes = "broadcasts; int16 with zero point 0"};

}  // namespace mote::ops
