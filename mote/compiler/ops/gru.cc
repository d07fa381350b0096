#include <utility>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/ops/gates.h"
#include "mote/compiler/ops/logistic_table.h"
#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/support/cat.h"

/// GRU, which no file of TensorFlow Lite has: see mote/core/kernels/gru.h for what it computes.
///
///   0 input            [batch, time, features], or [time, batch, features] when `time_major`
///   1 weights          [3, units, features]  gates in the order update, reset, candidate
///   2 recurrent        [3, units, units]
///   3 input bias       [3, units]
///   4 recurrent bias   [3, units]
///   5 hidden           [batch, units]        a variable
///   output             [batch, time, units], or [time, batch, units]
///
/// Attributes: `time_major`, `linear_before_reset`; both 0 where they are missing.
///
/// Types, in this order and then the output's:
///
///   int8     INT8, INT8, INT8, INT32, INT64, INT16, INT8
///   int16x8  INT16, INT8, INT8, INT64, INT64, INT16, INT16
///   float32  all FLOAT32
///
/// Weights have zero point 0 and one scale, or one a gate (along axis 0). The hidden state's scale
/// is 1/32768. Biases are in units of what they are added to: the input's scale times the weights'
/// of that gate, and 1/32768 times the recurrent weights'; their own quantisation is not looked at.
namespace mote::ops {
namespace {

using namespace graph::gru;

struct Sizes {
  bool time_major, linear_before_reset;
  int batch, features, units;
};

Sizes sizes_of(const graph::Graph& graph, const graph::Node& node) {
  const auto& in = graph.input(node, kInput)->shape;
  const bool time_major = node.attrs.integer("time_major") != 0;
  return {.time_major = time_major,
          .linear_before_reset = node.attrs.integer("linear_before_reset") != 0,
          .batch = in[time_major ? 1 : 0],
          .features = in[2],
          .units = graph.input(node, kHidden)->shape[1]};
}

Result<void> check_roles(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i = kInput; i <= kHidden; ++i) {
    const graph::Tensor* tensor = graph.input(node, i);
    if (!tensor) return bad_input(cat("its input ", i, " is left out, expected six"));
    if (i >= kWeights && i <= kRecurrentBias && !tensor->is_constant())
      return unsupported(
          cat("the weights '", tensor->name, "' are computed at run time, expected a constant"));
    const std::size_t rank = i == kInput ? 3 : 2;
    if ((i == kInput || i == kHidden) && tensor->shape.size() != rank)
      return bad_input(cat("'", tensor->name, "' has shape ", graph::describe_shape(tensor->shape),
                           ", expected ", rank, " dimensions"));
  }
  if (const graph::Tensor& state = *graph.input(node, kHidden); !state.is_variable)
    return bad_input(cat("the state '", state.name, "' is no variable, expected one"));
  return {};
}

Result<void> check_shapes(const graph::Graph& graph, const graph::Node& node) {
  const Sizes sizes = sizes_of(graph, node);
  MOTE_TRY(expect_shape(*graph.input(node, kWeights),
                        std::vector<int>{kGates, sizes.units, sizes.features}));
  MOTE_TRY(expect_shape(*graph.input(node, kRecurrent),
                        std::vector<int>{kGates, sizes.units, sizes.units}));
  MOTE_TRY(expect_shape(*graph.input(node, kInputBias), std::vector<int>{kGates, sizes.units}));
  MOTE_TRY(expect_shape(*graph.input(node, kRecurrentBias), std::vector<int>{kGates, sizes.units}));
  MOTE_TRY(expect_shape(*graph.input(node, kHidden), std::vector<int>{sizes.batch, sizes.units}));
  const auto& in = graph.input(node, kInput)->shape;
  return expect_shape(graph.output(node), std::vector<int>{in[0], in[1], sizes.units});
}

float scale_of_gate(const graph::Tensor& weights, int gate) {
  const auto& scales = weights.quant.scale;
  return scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(gate)];
}

/// From a gate's sums to Q3.12.
double gate_factor(const graph::Graph& graph, const graph::Node& node, std::size_t weights,
                   int gate) {
  const graph::Tensor& source = *graph.input(node, weights == kWeights ? kInput : kHidden);
  return double{source.scale()} * double{scale_of_gate(*graph.input(node, weights), gate)} /
         double{kGateScale};
}

Result<void> check_weights(const graph::Tensor& weights) {
  const std::size_t scales = weights.quant.scale.size();
  if (scales != 1 && (scales != kGates || weights.quant.axis != 0))
    return unsupported(cat("the weights '", weights.name, "' have ", scales,
                           " scales, expected one, or one for each of three gates"));
  for (std::int64_t zero_point : weights.quant.zero_point)
    if (zero_point != 0)
      return unsupported(
          cat("the weights '", weights.name, "' have zero point ", zero_point, ", expected 0"));
  return {};
}

Result<void> check_scales(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_quantized("input", *graph.input(node, kInput)));
  MOTE_TRY(check_quantized("hidden state", *graph.input(node, kHidden)));
  MOTE_TRY(check_quantized("output", graph.output(node)));
  const bool is_wide = graph.output(node).type == DType::kInt16;
  if (const float scale = graph.input(node, kHidden)->scale(); scale != kSquashedScale)
    return unsupported(cat("the hidden state's scale is ", scale, ", expected 1/32768"));
  for (std::size_t i : {kWeights, kRecurrent}) {
    const graph::Tensor& weights = *graph.input(node, i);
    MOTE_TRY(check_weights(weights));
    for (int gate = 0; gate < kGates; ++gate)
      if (is_wide || i == kRecurrent)
        MOTE_TRY(expect_wide_factor(gate_factor(graph, node, i, gate), weights,
                                    scale_of_gate(weights, gate)));
  }
  const Sizes sizes = sizes_of(graph, node);
  MOTE_TRY(expect_terms_of_wide_sums(sizes.features, sizes.units));
  MOTE_TRY(expect_wide_bias(*graph.input(node, kRecurrentBias)));
  if (is_wide) MOTE_TRY(expect_wide_bias(*graph.input(node, kInputBias)));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_roles(graph, node));
  MOTE_TRY(check_shapes(graph, node));
  if (graph.output(node).type == DType::kFloat32) return {};
  return check_scales(graph, node);
}

program::GruAttrs quantized_attrs(const graph::Graph& graph, const graph::Node& node,
                                  const Sizes& sizes) {
  program::GruAttrs attrs{.time_major = sizes.time_major,
                          .linear_before_reset = sizes.linear_before_reset};
  for (int gate = 0; gate < kGates; ++gate) {
    const auto input = quantize_multiplier(gate_factor(graph, node, kWeights, gate));
    const auto recurrent = quantize_multiplier(gate_factor(graph, node, kRecurrent, gate));
    attrs.input_multiplier[gate] = input.multiplier, attrs.input_shift[gate] = input.shift;
    attrs.recurrent_multiplier[gate] = recurrent.multiplier;
    attrs.recurrent_shift[gate] = recurrent.shift;
  }
  const graph::Tensor& out = graph.output(node);
  const auto output = quantize_multiplier(double{kSquashedScale} / double{out.scale()});
  attrs.output_multiplier = output.multiplier, attrs.output_shift = output.shift;
  attrs.output_offset = out.zero_point();
  return attrs;
}

template <class T>
DraftOperand constant_of(const graph::Tensor& tensor, Lowering& lowering) {
  return lowering.constant(std::span<const T>(graph::values<T>(tensor)), extents_of(tensor));
}

/// The bias of what is multiplied with the input, its zero point's share added.
template <class Bias>
DraftOperand input_bias(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& bias = *graph.input(node, kInputBias);
  const auto folded = fold_zero_point(graph::values<Bias>(bias),
                                      graph::values<std::int8_t>(*graph.input(node, kWeights)),
                                      graph.input(node, kInput)->zero_point());
  return lowering.constant(std::span(folded), extents_of(bias));
}

std::vector<DraftOperand> constants_of(const graph::Graph& graph, const graph::Node& node,
                                       Lowering& lowering) {
  const DType type = graph.output(node).type;
  const graph::Tensor &weights = *graph.input(node, kWeights),
                      &recurrent = *graph.input(node, kRecurrent),
                      &recurrent_bias = *graph.input(node, kRecurrentBias);
  if (type == DType::kFloat32)
    return {constant_of<float>(weights, lowering), constant_of<float>(recurrent, lowering),
            constant_of<float>(*graph.input(node, kInputBias), lowering),
            constant_of<float>(recurrent_bias, lowering)};
  return {constant_of<std::int8_t>(weights, lowering),
          constant_of<std::int8_t>(recurrent, lowering),
          type == DType::kInt8 ? input_bias<std::int32_t>(graph, node, lowering)
                               : input_bias<std::int64_t>(graph, node, lowering),
          constant_of<std::int64_t>(recurrent_bias, lowering), lowering.constant(logistic_table())};
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Sizes sizes = sizes_of(graph, node);
  const DType type = graph.output(node).type;
  const bool is_float = type == DType::kFloat32;
  std::vector<DraftOperand> operands = {lowering.read(node.inputs[kInput])};
  for (DraftOperand& operand : constants_of(graph, node, lowering))
    operands.push_back(std::move(operand));
  operands.push_back(lowering.state(node.inputs[kHidden], Extents(sizes.batch, sizes.units)));
  operands.push_back(lowering.scratch(is_float ? DType::kFloat32 : DType::kInt16,
                                      Extents(sizes.linear_before_reset ? 1 : 2, sizes.units)));
  operands.push_back(lowering.write(node.outputs[0]));
  Attributes attrs;
  if (is_float)
    attrs = program::GruFloatAttrs{.time_major = sizes.time_major,
                                   .linear_before_reset = sizes.linear_before_reset};
  else
    attrs = quantized_attrs(graph, node, sizes);
  const std::int64_t outputs = graph::element_count(graph.output(node));
  lowering.call({.kernel = is_float               ? "gru_f32"
                           : type == DType::kInt8 ? "gru_s8"
                                                  : "gru_s16",
                 .attrs = attrs,
                 .operands = std::move(operands),
                 .macs = outputs * kGates * (sizes.features + sizes.units)});
  return {};
}

constexpr DType kInt8Gru[] = {DType::kInt8,  DType::kInt8,  DType::kInt8,
                              DType::kInt32, DType::kInt64, DType::kInt16};
constexpr DType kInt16Gru[] = {DType::kInt16, DType::kInt8,  DType::kInt8,
                               DType::kInt64, DType::kInt64, DType::kInt16};
constexpr DType kFloatGru[] = {DType::kFloat32, DType::kFloat32, DType::kFloat32,
                               DType::kFloat32, DType::kFloat32, DType::kFloat32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8Gru, .output = DType::kInt8},
    {.label = "int16x8", .inputs = kInt16Gru, .output = DType::kInt16},
    {.label = "float32", .inputs = kFloatGru, .output = DType::kFloat32}};

}  // namespace

const Op gru = {.tflite_name = "GRU",
                .signatures = kSignatures,
                .min_inputs = 6,
                .max_inputs = 6,
                .check = check,
                .lower = lower};

void with_gru() {}

}  // namespace mote::ops
