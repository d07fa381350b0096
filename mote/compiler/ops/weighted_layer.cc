#include "mote/compiler/ops/weighted_layer.h"

#include <algorithm>
#include <cmath>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// 64-bit accumulators are rescaled with what fits the reference's 48 bits.
constexpr std::int64_t kMaxWideBias = std::int64_t{1} << 46;
constexpr std::int64_t kMaxWideTerms = std::int64_t{1} << 23;
constexpr int kMaxWideShift = 7;

std::string quoted(const graph::Tensor& tensor) { return cat("'", tensor.name, "'"); }

bool is_int8(DType type) { return type == DType::kInt8 || type == DType::kUint8; }
bool is_int(DType type) { return is_int8(type) || type == DType::kInt16; }

/// One scale for the whole filter, or one a channel along the channels' axis, with zero points 0.
Result<void> check_filter_scales(const WeightedLayer& layer) {
  const graph::Tensor& filter = layer.filter_tensor();
  const graph::Quantization& quant = filter.quant;
  if (quant.scale.empty())
    return bad_input(cat("the filter ", quoted(filter), " has no scale; quantise the model again"));
  if (quant.scale.size() == 1) {
    if (filter.type == DType::kUint8) return {};
    if (quant.zero_point[0] < -128 || quant.zero_point[0] > 127)
      return bad_input(cat("the filter ", quoted(filter), " has zero point ", quant.zero_point[0],
                           ", expected one within [-128, 127]"));
    if (quant.zero_point[0] != 0 && arithmetic_of(layer) != Arithmetic::kInt8)
      return unsupported(cat("the filter ", quoted(filter), " has zero point ", quant.zero_point[0],
                             ", expected 0; re-export with symmetric weights"));
    return {};
  }
  if (filter.type == DType::kUint8)
    return unsupported(cat("the filter ", quoted(filter), " of type UINT8 has ", quant.scale.size(),
                           " scales, expected one; re-export with INT8 weights"));
  if (quant.axis != layer.channel_axis || static_cast<int>(quant.scale.size()) != layer.channels())
    return unsupported(cat("the filter ", quoted(filter), " has ", quant.scale.size(),
                           " scales along dimension ", quant.axis, ", expected one scale or ",
                           layer.channels(), " along dimension ", layer.channel_axis));
  if (std::any_of(quant.zero_point.begin(), quant.zero_point.end(),
                  [](std::int64_t z) { return z != 0; }))
    return unsupported(cat("the filter ", quoted(filter),
                           " has zero points other than 0 in some channels; re-export with "
                           "symmetric weights"));
  return {};
}

Result<void> check_filter(const WeightedLayer& layer, std::size_t rank) {
  const graph::Tensor* filter = layer.graph.input(layer.node, layer.filter);
  if (!layer.graph.input(layer.node, layer.input) || !filter)
    return bad_input("its input or its filter is left out, expected both");
  if (filter->shape.size() != rank)
    return bad_input(cat("the filter ", quoted(*filter), " has shape ",
                         graph::describe_shape(filter->shape), ", expected ", rank, " dimensions"));
  if (!filter->is_constant())
    return unsupported(
        cat("the filter ", quoted(*filter), " is computed at run time, expected a constant"));
  return {};
}

Result<void> check_bias(const WeightedLayer& layer) {
  const graph::Tensor* bias = layer.bias_tensor();
  if (!bias) return {};
  if (!bias->is_constant())
    return unsupported(
        cat("the bias ", quoted(*bias), " is computed at run time, expected a constant"));
  if (graph::element_count(*bias) != layer.channels())
    return bad_input(cat("the bias ", quoted(*bias), " has shape ",
                         graph::describe_shape(bias->shape), ", expected one number for each of ",
                         layer.channels(), " channels"));
  const DType in = layer.input_tensor().type;
  const bool fits = in == DType::kFloat32 ? bias->type == DType::kFloat32
                    : is_int8(in)         ? bias->type == DType::kInt32
                                          : std::count(layer.int16_bias_types.begin(),
                                                       layer.int16_bias_types.end(), bias->type) > 0;
  if (!fits)
    return unsupported(cat("the bias ", quoted(*bias), " is ", name_of(bias->type), ", expected ",
                           in == DType::kFloat32 ? "FLOAT32"
                           : is_int8(in)         ? "INT32"
                                                 : name_of(layer.int16_bias_types[0])));
  return {};
}

/// The bias as numbers of type Acc; zeros where it is left out.
template <class Acc>
std::vector<Acc> bias_values(const WeightedLayer& layer) {
  const graph::Tensor* bias = layer.bias_tensor();
  std::vector<Acc> out(static_cast<std::size_t>(layer.channels()));
  const auto copy = [&](const auto& numbers) {
    std::transform(numbers.begin(), numbers.end(), out.begin(),
                   [](auto x) { return static_cast<Acc>(x); });
  };
  if (!bias) return out;
  switch (bias->type) {
    case DType::kFloat32:
      copy(graph::values<float>(*bias));
      break;
    case DType::kInt64:
      copy(graph::values<std::int64_t>(*bias));
      break;
    case DType::kInt16:
      copy(graph::values<std::int16_t>(*bias));
      break;
    default:
      copy(graph::values<std::int32_t>(*bias));
  }
  return out;
}

/// Input scale * filter scale / output scale of one channel, as the reference multiplies them.
double factor(const WeightedLayer& layer, int channel) {
  const graph::Tensor &input = layer.input_tensor(), &filter = layer.filter_tensor();
  const double out = double{layer.output_tensor().scale()};
  if (filter.quant.scale.size() > 1)
    return double{input.scale()} * double{filter.quant.scale[static_cast<std::size_t>(channel)]} /
           out;
  if (layer.multiplies_scales_in_float || filter.zero_point() != 0 || layer.node.from_uint8)
    return double{input.scale() * filter.scale()} / out;
  return double{input.scale()} * double{filter.scale()} / out;
}

/// What the 64-bit rescaling of int16 layers can hold.
Result<void> check_wide_sums(const WeightedLayer& layer) {
  if (arithmetic_of(layer) != Arithmetic::kInt16) return {};
  const std::int64_t terms = graph::element_count(layer.filter_tensor()) / layer.channels();
  if (terms > kMaxWideTerms)
    return unsupported(
        cat("each output is a sum of ", terms, " products, expected at most ", kMaxWideTerms));
  for (std::int64_t b : bias_values<std::int64_t>(layer))
    if (b < -kMaxWideBias || b > kMaxWideBias)
      return bad_input(cat("the bias ", quoted(*layer.bias_tensor()), " holds ", b,
                           ", expected magnitudes up to 2^46"));
  for (int c = 0; c < layer.channels(); ++c)
    if (quantize_multiplier(factor(layer, c)).shift > kMaxWideShift)
      return unsupported(cat("input scale times filter scale is ", factor(layer, c),
                             " output scales in channel ", c, ", expected less than 128"));
  return {};
}

Result<void> check_scales(const WeightedLayer& layer) {
  const int activation = layer.node.attrs.integer("fused_activation_function");
  if (!is_int(layer.input_tensor().type)) {
    MOTE_TRY(float_activation_range(activation));
    return arithmetic_of(layer) == Arithmetic::kHybrid ? check_filter_scales(layer)
                                                       : Result<void>{};
  }
  MOTE_TRY(check_quantized("input", layer.input_tensor()));
  MOTE_TRY(check_filter_scales(layer));
  MOTE_TRY(check_quantized("output", layer.output_tensor()));
  MOTE_TRY(activation_range(layer.output_tensor(), activation));
  return check_wide_sums(layer);
}

/// What each channel's sums are multiplied with.
struct Factors {
  std::vector<std::int32_t> multiplier, shift;
};

Factors factors_of(const WeightedLayer& layer) {
  const int channels = layer.channels();
  Factors factors;
  factors.multiplier.reserve(static_cast<std::size_t>(channels));
  factors.shift.reserve(static_cast<std::size_t>(channels));
  for (int c = 0; c < channels; ++c) {
    const auto [multiplier, shift] = quantize_multiplier(factor(layer, c));
    factors.multiplier.push_back(multiplier);
    factors.shift.push_back(shift);
  }
  return factors;
}

template <class Acc>
void add_rescale(const WeightedLayer& layer, Lowering& lowering,
                 std::vector<DraftOperand>& operands) {
  const Factors factors = factors_of(layer);
  operands.push_back(lowering.constant(bias_values<Acc>(layer)));
  operands.push_back(lowering.constant(factors.multiplier));
  operands.push_back(lowering.constant(factors.shift));
}

/// Adds the call that makes int8 of the input; gives its results: values, scales, zero points.
std::vector<DraftOperand> quantize_input(const WeightedLayer& layer, const Extents& in,
                                         Lowering& lowering, bool asymmetric) {
  lowering.numerics = Numerics::kLitertHybrid;
  const int rows = in[0], n = volume(in) / in[0];
  DraftOperand source = lowering.read(layer.node.inputs[layer.input], Extents(rows, n));
  std::vector<DraftOperand> results = {lowering.scratch(DType::kInt8, Extents(rows, n)),
                                       lowering.scratch(DType::kFloat32, Extents(rows)),
                                       lowering.scratch(DType::kInt32, Extents(rows))};
  lowering.call(
      {.kernel = asymmetric ? "quantize_rows_asymmetric_f32" : "quantize_rows_symmetric_f32",
       .attrs = program::NoAttrs{},
       .operands = {source, results[0], results[1], results[2]}});
  results[0].operand.shape = in;
  for (DraftOperand& result : results) result.operand.access = Access::kRead;
  return results;
}

}  // namespace

Arithmetic arithmetic_of(const WeightedLayer& layer) {
  constexpr int kInt32Code = 2;  // TensorType.INT32
  if (is_int8(layer.input_tensor().type)) return Arithmetic::kInt8;
  if (layer.input_tensor().type == DType::kFloat32)
    return layer.filter_tensor().type == DType::kFloat32 ? Arithmetic::kFloat : Arithmetic::kHybrid;
  const graph::Tensor* bias = layer.bias_tensor();
  const bool may_be_narrow =
      std::count(layer.int16_bias_types.begin(), layer.int16_bias_types.end(), DType::kInt32) > 0;
  const bool is_narrow = bias ? bias->type == DType::kInt32
                              : layer.node.attrs.integer("quantized_bias_type") == kInt32Code;
  return may_be_narrow && is_narrow ? Arithmetic::kInt16Acc32 : Arithmetic::kInt16;
}

Result<void> check_quantized(const char* role, const graph::Tensor& tensor) {
  if (tensor.quant.scale.empty())
    return bad_input(cat("the ", role, " ", quoted(tensor), " of type ", name_of(tensor.type),
                         " has no scale; quantise the model again"));
  if (tensor.quant.scale.size() > 1)
    return unsupported(cat("the ", role, " ", quoted(tensor), " has ", tensor.quant.scale.size(),
                           " scales, expected one"));
  const std::int64_t zero_point = tensor.quant.zero_point[0];
  if (tensor.type == DType::kInt16 && zero_point != 0)
    return unsupported(cat("the ", role, " ", quoted(tensor), " has zero point ", zero_point,
                           ", expected 0; re-export with symmetric 16-bit activations"));
  if (tensor.type == DType::kInt8 && (zero_point < -128 || zero_point > 127))
    return bad_input(cat("the ", role, " ", quoted(tensor), " has zero point ", zero_point,
                         ", expected one within [-128, 127]"));
  return {};
}

Result<void> check_weighted(const WeightedLayer& layer, std::size_t rank) {
  MOTE_TRY(check_filter(layer, rank));
  MOTE_TRY(check_bias(layer));
  return check_scales(layer);
}

ChannelRescale channel_rescale(const WeightedLayer& layer) {
  Factors factors = factors_of(layer);
  return {.bias = bias_values<std::int32_t>(layer),
          .multiplier = std::move(factors.multiplier),
          .shift = std::move(factors.shift)};
}

QuantizedTerms quantized_terms(const WeightedLayer& layer) {
  const graph::Tensor& output = layer.output_tensor();
  const auto range =
      activation_range(output, layer.node.attrs.integer("fused_activation_function"));
  return {.input_offset = -layer.input_tensor().zero_point(),
          .filter_offset = -layer.filter_tensor().zero_point(),
          .output_offset = output.zero_point(),
          .act_min = range->min,
          .act_max = range->max};
}

std::vector<float> float_bias(const WeightedLayer& layer) { return bias_values<float>(layer); }

FloatActivationRange float_terms(const WeightedLayer& layer) {
  return *float_activation_range(layer.node.attrs.integer("fused_activation_function"));
}

std::vector<DraftOperand> weighted_operands(const WeightedLayer& layer, const Extents& in,
                                            const Extents& out, Lowering& lowering,
                                            bool asymmetric) {
  const Arithmetic arithmetic = arithmetic_of(layer);
  std::vector<DraftOperand> operands;
  if (arithmetic == Arithmetic::kHybrid)
    operands = quantize_input(layer, in, lowering, asymmetric);
  else
    operands = {lowering.read(layer.node.inputs[layer.input], in)};
  operands.push_back(lowering.read(layer.node.inputs[layer.filter]));
  if (arithmetic == Arithmetic::kHybrid) {
    std::vector<float> scales = layer.filter_tensor().quant.scale;
    scales.resize(static_cast<std::size_t>(layer.channels()), scales[0]);
    operands.push_back(lowering.constant(scales));
  }
  if (arithmetic == Arithmetic::kInt16)
    add_rescale<std::int64_t>(layer, lowering, operands);
  else if (arithmetic == Arithmetic::kInt8 || arithmetic == Arithmetic::kInt16Acc32)
    add_rescale<std::int32_t>(layer, lowering, operands);
  else
    operands.push_back(lowering.constant(bias_values<float>(layer)));
  operands.push_back(lowering.write(layer.node.outputs[0], out));
  return operands;
}

}  // namespace mote::ops
