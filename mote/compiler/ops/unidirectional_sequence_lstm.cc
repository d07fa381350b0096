#include <algorithm>
#include <cmath>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/ops/gates.h"
#include "mote/compiler/ops/logistic_table.h"
#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

using namespace graph::lstm;

struct Sizes {
  bool time_major;
  int batch, times, features, units;
};

Sizes sizes_of(const graph::Graph& graph, const graph::Node& node) {
  const auto& in = graph.input(node, kInput)->shape;
  const bool time_major = node.attrs.integer("time_major") != 0;
  return {.time_major = time_major,
          .batch = in[time_major ? 1 : 0],
          .times = in[time_major ? 0 : 1],
          .features = in[2],
          .units = graph.input(node, kHidden)->shape[1]};
}

Result<void> expect_shape(const graph::Tensor& tensor, const std::vector<int>& expected) {
  if (tensor.shape == expected) return {};
  return bad_input(cat("'", tensor.name, "' has shape ", graph::describe_shape(tensor.shape),
                       ", expected ", graph::describe_shape(expected)));
}

/// The standard form: all gates, no peepholes, projection or normalisation.
Result<void> check_form(const graph::Graph& graph, const graph::Node& node) {
  const auto is_there = [&](std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i)
      if (graph.input(node, i)) return true;
    return false;
  };
  for (std::size_t i = 0; i <= kCell; ++i) {
    const bool is_optional = (i >= kPeephole && i < kBias) || (i >= kProjection && i < kHidden);
    if (!is_optional && !graph.input(node, i))
      return unsupported(
          cat("its input ", i, " is left out, expected the standard form with four gates"));
  }
  if (is_there(kPeephole, 3) || is_there(kProjection, 2) || is_there(kNormalization, 4))
    return unsupported(
        "it has peepholes, a projection or layer normalisation, expected the "
        "standard form, as Keras' LSTM layer gives it");
  constexpr int kTanh = 4;
  if (node.attrs.integer("fused_activation_function") != kTanh)
    return unsupported(cat("its activation is ", node.attrs.integer("fused_activation_function"),
                           ", expected 4 (TANH)"));
  if (node.attrs.integer("diagonal_recurrent_tensors") != 0)
    return unsupported("its recurrent weights are diagonal, expected full matrices");
  return {};
}

Result<void> check_roles(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i = kWeights; i < kBias + kGates; ++i)
    if (const graph::Tensor* tensor = graph.input(node, i); tensor && !tensor->is_constant())
      return unsupported(
          cat("the weights '", tensor->name, "' are computed at run time, expected a constant"));
  for (std::size_t i : {kHidden, kCell})
    if (const graph::Tensor& state = *graph.input(node, i); !state.is_variable)
      return bad_input(cat("the state '", state.name, "' is no variable, expected one"));
  return {};
}

Result<void> check_shapes(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i : {kInput, kHidden}) {
    const graph::Tensor& tensor = *graph.input(node, i);
    const std::size_t rank = i == kInput ? 3 : 2;
    if (tensor.shape.size() != rank)
      return bad_input(cat("'", tensor.name, "' has shape ", graph::describe_shape(tensor.shape),
                           ", expected ", rank, " dimensions"));
  }
  const Sizes sizes = sizes_of(graph, node);
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    MOTE_TRY(expect_shape(*graph.input(node, kWeights + gate), {sizes.units, sizes.features}));
    MOTE_TRY(expect_shape(*graph.input(node, kRecurrent + gate), {sizes.units, sizes.units}));
    MOTE_TRY(expect_shape(*graph.input(node, kBias + gate), {sizes.units}));
  }
  MOTE_TRY(expect_shape(*graph.input(node, kHidden), {sizes.batch, sizes.units}));
  MOTE_TRY(expect_shape(*graph.input(node, kCell), {sizes.batch, sizes.units}));
  const auto& in = graph.input(node, kInput)->shape;
  return expect_shape(graph.output(node), {in[0], in[1], sizes.units});
}

/// How a gate's two sums become Q3.12; the reference multiplies scales as floats.
double gate_factor(const graph::Graph& graph, const graph::Node& node, std::size_t source,
                   std::size_t weights) {
  return double{graph.input(node, source)->scale() * graph.input(node, weights)->scale()} /
         double{kGateScale};
}

/// log2 of the cell's scale, rounded, as the reference computes it.
int cell_power(const graph::Graph& graph, const graph::Node& node) {
  const float scale = graph.input(node, kCell)->scale();
  return static_cast<int>(std::round(std::log(scale) * (1.0f / std::log(2.0f))));
}

Result<void> check_scales(const graph::Graph& graph, const graph::Node& node) {
  if (graph.output(node).type == DType::kFloat32) return {};
  MOTE_TRY(check_quantized("input", *graph.input(node, kInput)));
  MOTE_TRY(check_quantized("hidden state", *graph.input(node, kHidden)));
  MOTE_TRY(check_quantized("cell state", *graph.input(node, kCell)));
  const bool is_wide = graph.output(node).type == DType::kInt16;
  for (std::size_t i = kWeights; i < kRecurrent + kGates; ++i) {
    const graph::Tensor& weights = *graph.input(node, i);
    MOTE_TRY(check_quantized("weights", weights));
    if (weights.zero_point() != 0)
      return unsupported(cat("the weights '", weights.name, "' have zero point ",
                             weights.zero_point(), ", expected 0"));
    const std::size_t source = i < kRecurrent ? kInput : kHidden;
    if (is_wide)
      MOTE_TRY(expect_wide_factor(gate_factor(graph, node, source, i), weights, weights.scale()));
  }
  if (const int power = cell_power(graph, node); power < -40 || power > 2)
    return unsupported(cat("the cell state's scale is ", graph.input(node, kCell)->scale(),
                           ", expected a power of two from 2^-40 to 4"));
  return {};
}

/// What the 64-bit rescaling of 16-bit activations can hold.
Result<void> check_wide_sums(const graph::Graph& graph, const graph::Node& node) {
  if (graph.output(node).type != DType::kInt16) return {};
  const Sizes sizes = sizes_of(graph, node);
  MOTE_TRY(expect_terms_of_wide_sums(sizes.features, sizes.units));
  for (std::size_t gate = 0; gate < kGates; ++gate)
    MOTE_TRY(expect_wide_bias(*graph.input(node, kBias + gate)));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_form(graph, node));
  MOTE_TRY(check_roles(graph, node));
  MOTE_TRY(check_shapes(graph, node));
  MOTE_TRY(check_scales(graph, node));
  return check_wide_sums(graph, node);
}

/// The four gates' tensors from input `first` on, one after another.
template <class T>
std::vector<T> gather_gates(const graph::Graph& graph, const graph::Node& node, std::size_t first) {
  std::vector<T> all;
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    const auto part = graph::values<T>(*graph.input(node, first + gate));
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

program::LstmAttrs quantized_attrs(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &hidden = *graph.input(node, kHidden), &cell = *graph.input(node, kCell);
  program::LstmAttrs attrs{.time_major = node.attrs.integer("time_major")};
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    const auto input = quantize_multiplier(gate_factor(graph, node, kInput, kWeights + gate));
    const auto recurrent =
        quantize_multiplier(gate_factor(graph, node, kHidden, kRecurrent + gate));
    attrs.input_multiplier[gate] = input.multiplier, attrs.input_shift[gate] = input.shift;
    attrs.recurrent_multiplier[gate] = recurrent.multiplier;
    attrs.recurrent_shift[gate] = recurrent.shift;
  }
  const double squashed = double{kSquashedScale}, cell_scale = double{cell.scale()};
  const auto forget = quantize_multiplier(squashed * cell_scale / cell_scale);
  const auto update = quantize_multiplier(squashed * squashed / cell_scale);
  const auto output = quantize_multiplier(squashed * squashed / double{hidden.scale()});
  attrs.forget_multiplier = forget.multiplier, attrs.forget_shift = forget.shift;
  attrs.update_multiplier = update.multiplier, attrs.update_shift = update.shift;
  attrs.output_multiplier = output.multiplier, attrs.output_shift = output.shift;
  attrs.output_offset = hidden.zero_point();
  const float clip = node.attrs.real("cell_clip");
  if (clip > 0) attrs.cell_clip = static_cast<int>(std::min(double{clip} / cell_scale, 32767.0));
  const int steps = 12 + cell_power(graph, node);  // from the cell's scale to Q3.12
  attrs.tanh_multiplier = steps < 0 ? 3 : 3 << steps;
  attrs.tanh_shift = steps < 0 ? -steps : 0;
  return attrs;
}

template <class Bias>
std::vector<DraftOperand> gate_operands(const graph::Graph& graph, const graph::Node& node,
                                        const Sizes& sizes, Lowering& lowering) {
  const auto weights = gather_gates<std::int8_t>(graph, node, kWeights);
  const auto recurrent = gather_gates<std::int8_t>(graph, node, kRecurrent);
  const auto bias = gather_gates<Bias>(graph, node, kBias);
  const auto input_bias = fold_zero_point(bias, weights, graph.input(node, kInput)->zero_point());
  const auto recurrent_bias = fold_zero_point(std::vector<Bias>(bias.size()), recurrent,
                                              graph.input(node, kHidden)->zero_point());
  const Extents by_gate(kGates, sizes.units);
  return {lowering.constant(std::span(weights), Extents(kGates, sizes.units, sizes.features)),
          lowering.constant(std::span(recurrent), Extents(kGates, sizes.units, sizes.units)),
          lowering.constant(std::span(input_bias), by_gate),
          lowering.constant(std::span(recurrent_bias), by_gate),
          lowering.constant(logistic_table())};
}

std::vector<DraftOperand> float_operands(const graph::Graph& graph, const graph::Node& node,
                                         const Sizes& sizes, Lowering& lowering) {
  const auto weights = gather_gates<float>(graph, node, kWeights);
  const auto recurrent = gather_gates<float>(graph, node, kRecurrent);
  const auto bias = gather_gates<float>(graph, node, kBias);
  return {lowering.constant(std::span(weights), Extents(kGates, sizes.units, sizes.features)),
          lowering.constant(std::span(recurrent), Extents(kGates, sizes.units, sizes.units)),
          lowering.constant(std::span(bias), Extents(kGates, sizes.units))};
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Sizes sizes = sizes_of(graph, node);
  const DType type = graph.output(node).type;
  std::vector<DraftOperand> operands = {lowering.read(node.inputs[kInput])};
  const auto gates = type == DType::kFloat32 ? float_operands(graph, node, sizes, lowering)
                     : type == DType::kInt8
                         ? gate_operands<std::int32_t>(graph, node, sizes, lowering)
                         : gate_operands<std::int64_t>(graph, node, sizes, lowering);
  operands.insert(operands.end(), gates.begin(), gates.end());
  const Extents state(sizes.batch, sizes.units);
  operands.push_back(lowering.state(node.inputs[kHidden], state));
  operands.push_back(lowering.state(node.inputs[kCell], state));
  operands.push_back(lowering.write(node.outputs[0]));
  Attributes attrs;
  if (type == DType::kFloat32)
    attrs = program::LstmFloatAttrs{.time_major = sizes.time_major,
                                    .cell_clip = node.attrs.real("cell_clip")};
  else
    attrs = quantized_attrs(graph, node);
  const std::int64_t outputs = graph::element_count(graph.output(node));
  lowering.call({.kernel = type == DType::kFloat32 ? "lstm_f32"
                           : type == DType::kInt8  ? "lstm_s8"
                                                   : "lstm_s16",
                 .attrs = attrs,
                 .operands = std::move(operands),
                 .macs = outputs * 4 * (sizes.features + sizes.units)});
  return {};
}

/// Types of the inputs: activations, weights, biases and cell; those in between are left out.
template <DType kAct, DType kWeight, DType kBiasType, DType kCellType>
constexpr DType kTypes[] = {kAct,      kWeight,   kWeight, kWeight, kWeight, kWeight,   kWeight,
                            kWeight,   kWeight,   kWeight, kWeight, kWeight, kBiasType, kBiasType,
                            kBiasType, kBiasType, kWeight, kWeight, kAct,    kCellType};
constexpr Signature kSignatures[] = {
    {.label = "int8",
     .inputs = kTypes<DType::kInt8, DType::kInt8, DType::kInt32, DType::kInt16>,
     .output = DType::kInt8},
    {.label = "int16x8",
     .inputs = kTypes<DType::kInt16, DType::kInt8, DType::kInt64, DType::kInt16>,
     .output = DType::kInt16},
    {.label = "float32",
     .inputs = kTypes<DType::kFloat32, DType::kFloat32, DType::kFloat32, DType::kFloat32>,
     .output = DType::kFloat32}};

}  // namespace

const Op unidirectional_sequence_lstm = {
    .tflite_name = "UNIDIRECTIONAL_SEQUENCE_LSTM",
    .signatures = kSignatures,
    .min_inputs = kInputs,
    .max_inputs = kInputs,
    .check = check,
    .lower = lower,
    .notes =
        "standard form: no peepholes, projection or layer normalisation; keeps state from "
        "run to run"};

}  // namespace mote::ops
