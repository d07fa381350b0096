#include "mote/core/kernels/requantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/support/cat.h"

/// QUANTIZE and DEQUANTIZE.
namespace mote::ops {
namespace {

constexpr DType kF32 = DType::kFloat32, kS8 = DType::kInt8, kU8 = DType::kUint8,
                kS16 = DType::kInt16, kS32 = DType::kInt32;

double factor_between(const graph::Tensor& input, const graph::Tensor& output) {
  return double{input.scale()} / double{output.scale()};
}

Result<void> check_quantize(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_shape(graph, node));
  MOTE_TRY(expect_quantized(output));
  if (input.type == kF32) return {};
  MOTE_TRY(expect_quantized(input));
  return expect_factor(factor_between(input, output));
}

/// One row a pair of integer types, where neither is in a table of 256 results.
struct Rescale {
  DType from, to;
  const char* kernel;
};
constexpr Rescale kRescales[] = {
    {kS8, kS16, "rescale_s8_s16"},   {kS8, kS32, "rescale_s8_s32"},   {kS16, kS8, "rescale_s16_s8"},
    {kS16, kS16, "rescale_s16_s16"}, {kS16, kS32, "rescale_s16_s32"}, {kS32, kS8, "rescale_s32_s8"},
    {kS32, kS16, "rescale_s32_s16"},
};

/// Between UINT8 and INT8 of one scale, with zero points 128 apart: the number stays the same.
bool is_sign_flip(const graph::Tensor& input, const graph::Tensor& output) {
  const int apart = input.zero_point() - output.zero_point();
  return input.scale() == output.scale() && input.type != output.type &&
         ((input.type == kU8 && output.type == kS8 && apart == 128) ||
          (input.type == kS8 && output.type == kU8 && apart == -128));
}

Result<void> lower_sign_flip(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  DraftOperand in = lowering.read(node.inputs[0], flat(graph.output(node)));
  DraftOperand out = lowering.write(node.outputs[0], flat(graph.output(node)));
  in.operand.type = out.operand.type = kS8;  // bytes, signed or not
  lowering.call({.kernel = "flip_sign_s8", .operands = {in, out}});
  return {};
}

Result<void> lower_quantize(const graph::Graph& graph, const graph::Node& node,
                            Lowering& lowering) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  if (input.type == kF32) {
    add_unary_call(graph, node, lowering,
                   output.type == kS8 ? "quantize_f32_s8" : "quantize_f32_s16",
                   program::ScaleAttrs{.scale = output.scale(), .zero_point = output.zero_point()});
    return {};
  }
  if (is_sign_flip(input, output)) return lower_sign_flip(graph, node, lowering);
  const auto range = activation_range(output, 0);
  const auto [multiplier, shift] = quantize_multiplier(factor_between(input, output));
  const program::RescaleAttrs attrs = {.input_offset = -input.zero_point(),
                                       .output_offset = output.zero_point(),
                                       .multiplier = multiplier,
                                       .shift = shift,
                                       .act_min = range->min,
                                       .act_max = range->max};
  for (const Rescale& row : kRescales)
    if (row.from == input.type && row.to == output.type) {
      add_unary_call(graph, node, lowering, row.kernel, attrs);
      return {};
    }
  add_lookup_call(graph, node, lowering, [&](int x) {
    return kernels::rescale_element<std::int32_t, isa::Scalar>(attrs, x);
  });
  return {};
}

Result<void> check_dequantize(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_shape(graph, node));
  return expect_quantized(*graph.input(node, 0));
}

Result<void> lower_dequantize(const graph::Graph& graph, const graph::Node& node,
                              Lowering& lowering) {
  const graph::Tensor& input = *graph.input(node, 0);
  const char* kernel = input.type == kS8   ? "dequantize_s8_f32"
                       : input.type == kU8 ? "dequantize_u8_f32"
                                           : "dequantize_s16_f32";
  add_unary_call(graph, node, lowering, kernel,
                 program::ScaleAttrs{.scale = input.scale(), .zero_point = input.zero_point()});
  return {};
}

constexpr Signature kQuantize[] = {
    {.label = "float32 to int8", .inputs = kTypesOf<kF32>, .output = kS8},
    {.label = "float32 to uint8", .inputs = kTypesOf<kF32>, .output = kU8},
    {.label = "float32 to int16", .inputs = kTypesOf<kF32>, .output = kS16},
    {.label = "int8", .inputs = kTypesOf<kS8>, .output = kS8},
    {.label = "uint8", .inputs = kTypesOf<kU8>, .output = kU8},
    {.label = "int8 to uint8", .inputs = kTypesOf<kS8>, .output = kU8},
    {.label = "uint8 to int8", .inputs = kTypesOf<kU8>, .output = kS8},
    {.label = "int8 to int16", .inputs = kTypesOf<kS8>, .output = kS16},
    {.label = "int8 to int32", .inputs = kTypesOf<kS8>, .output = kS32},
    {.label = "int16 to int8", .inputs = kTypesOf<kS16>, .output = kS8},
    {.label = "int16", .inputs = kTypesOf<kS16>, .output = kS16},
    {.label = "int16 to int32", .inputs = kTypesOf<kS16>, .output = kS32},
    {.label = "int32 to int8", .inputs = kTypesOf<kS32>, .output = kS8},
    {.label = "int32 to int16", .inputs = kTypesOf<kS32>, .output = kS16}};
constexpr Signature kDequantize[] = {{.label = "int8", .inputs = kTypesOf<kS8>, .output = kF32},
                                     {.label = "uint8", .inputs = kTypesOf<kU8>, .output = kF32},
                                     {.label = "int16", .inputs = kTypesOf<kS16>, .output = kF32}};

}  // namespace

const Op quantize = {.tflite_name = "QUANTIZE",
                     .signatures = kQuantize,
                     .check = check_quantize,
                     .lower = lower_quantize,
                     .notes = "one scale a tensor"};
const Op dequantize = {.tflite_name = "DEQUANTIZE",
                       .signatures = kDequantize,
                       .check = check_dequantize,
                       .lower = lower_dequantize,
                       .notes = "one scale a tensor"};

}  // namespace mote::ops
