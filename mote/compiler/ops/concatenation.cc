#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// What joins tensors along an axis and what takes them apart: CONCATENATION, PACK, SPLIT, SPLIT_V,
/// UNPACK. All see the long tensor as [outer, extent, inner] and a part as [outer, some of the
/// extent, inner].
namespace mote::ops {
namespace {

constexpr int kAnyNumber = std::numeric_limits<int>::max();

using Tensors = std::vector<const graph::Tensor*>;

Tensors inputs_of(const graph::Graph& graph, const graph::Node& node) {
  Tensors tensors;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) tensors.push_back(graph.input(node, i));
  return tensors;
}
Tensors outputs_of(const graph::Graph& graph, const graph::Node& node) {
  Tensors tensors;
  for (std::size_t i = 0; i < node.outputs.size(); ++i) tensors.push_back(&graph.output(node, i));
  return tensors;
}

/// That the parts, one after another along `axis`, are the whole, and all of one type.
Result<void> check_parts(const Tensors& parts, const graph::Tensor& whole, int axis) {
  std::int64_t total = 0;
  for (const graph::Tensor* part : parts) {
    if (!part) return bad_input("one of its inputs is left out");
    MOTE_TRY(expect_same_type(*part, whole));
    std::vector<int> expected = whole.shape;
    const auto at = static_cast<std::size_t>(axis);
    if (part->shape.size() == expected.size()) expected[at] = part->shape[at];
    MOTE_TRY(expect_shape(*part, expected));
    total += part->shape[at];
  }
  const int extent = whole.shape[static_cast<std::size_t>(axis)];
  if (total == extent) return {};
  return bad_input(cat("its parts have ", total, " elements along dimension ", axis, ", but '",
                       whole.name, "' has ", extent));
}

/// The same for parts that have no such axis, each 1 along it.
Result<void> check_layers(const Tensors& parts, const graph::Tensor& whole, int axis) {
  std::vector<int> expected = whole.shape;
  expected.erase(expected.begin() + axis);
  for (const graph::Tensor* part : parts) {
    if (!part) return bad_input("one of its inputs is left out");
    MOTE_TRY(expect_same_type(*part, whole));
    MOTE_TRY(expect_shape(*part, expected));
  }
  const int extent = whole.shape[static_cast<std::size_t>(axis)];
  if (static_cast<std::int64_t>(parts.size()) == extent) return {};
  return bad_input(cat("it has ", parts.size(), " parts, but '", whole.name, "' has ", extent,
                       " along dimension ", axis));
}

/// Where a part lies in the whole: `in` part to whole, or with the roles exchanged.
Copy part_to_whole(const AxisView& whole, int part_extent, int start) {
  const int run = part_extent * whole.inner;
  return {.extents = {whole.outer, run},
          .in_strides = {run, 1},
          .out_strides = {whole.extent * whole.inner, 1},
          .out_start = start * whole.inner};
}
Copy whole_to_part(const AxisView& whole, int part_extent, int start) {
  Copy copy = part_to_whole(whole, part_extent, start);
  std::swap(copy.in_strides, copy.out_strides);
  std::swap(copy.in_start, copy.out_start);
  return copy;
}

/// The part in the whole's scale and zero point, where it has others. UINT8's kernel computes the
/// new bytes in float.
DraftOperand rescaled(const graph::Tensor& part, const graph::Tensor& whole, int tensor,
                      Lowering& lowering) {
  const DraftOperand in = lowering.read(tensor);
  if (part.scale() == whole.scale() && part.zero_point() == whole.zero_point()) return in;
  const float scale = part.scale() * (1.0f / whole.scale());
  const float bias = static_cast<float>(-(part.zero_point() + 128)) * scale;
  std::vector<std::int8_t> table;
  for (int x = 0; x < 256;
       ++x) {  // the byte of an INT8 element, whose UINT8 has the other sign bit
    const float steps = std::round(static_cast<float>(x ^ 0x80) * scale + bias);
    const auto y = static_cast<int>(std::clamp(steps, -1e6f, 1e6f)) + whole.zero_point();
    table.push_back(static_cast<std::int8_t>(std::clamp(y, -128, 127)));
  }
  const Extents count(static_cast<int>(graph::element_count(part)));
  DraftOperand out = lowering.scratch(DType::kInt8, count);
  lowering.call({.kernel = "lookup_s8",
                 .operands = {lowering.read(tensor, count), lowering.constant(table), out}});
  out.operand.access = Access::kRead;
  out.operand.shape = in.operand.shape;
  return out;
}

void join(const graph::Graph& graph, const graph::Node& node, Lowering& lowering, int axis) {
  const AxisView whole = around(graph.output(node).shape, axis);
  int start = 0;
  for (int input : node.inputs) {
    const graph::Tensor& part = graph.tensors[static_cast<std::size_t>(input)];
    const auto elements = static_cast<int>(graph::element_count(part));
    const int extent = elements / (whole.outer * whole.inner);
    const DraftOperand source = node.from_uint8
                                    ? rescaled(part, graph.output(node), input, lowering)
                                    : lowering.read(input);
    add_copy(lowering, source, lowering.write(node.outputs[0]),
             part_to_whole(whole, extent, start));
    start += extent;
  }
}

void take_apart(const graph::Graph& graph, const graph::Node& node, Lowering& lowering, int input,
                int axis) {
  const AxisView whole = around(graph.tensors[static_cast<std::size_t>(input)].shape, axis);
  int start = 0;
  for (int output : node.outputs) {
    const graph::Tensor& part = graph.tensors[static_cast<std::size_t>(output)];
    const auto elements = static_cast<int>(graph::element_count(part));
    const int extent = elements / (whole.outer * whole.inner);
    add_copy(lowering, lowering.read(input), lowering.write(output),
             whole_to_part(whole, extent, start));
    start += extent;
  }
}

// CONCATENATION

/// UINT8 parts may have scales of their own, if they have one each.
Result<void> expect_scales(const graph::Tensor& input, const graph::Tensor& output) {
  if (input.quant.scale.size() <= 1 && input.quant.scale.size() == output.quant.scale.size())
    return {};
  return unsupported(cat("'", input.name, "' has ", input.quant.scale.size(), " scales, '",
                         output.name, "' ", output.quant.scale.size(), ", expected one each"));
}

Result<void> check_concatenation(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& output = graph.output(node);
  if (node.attrs.integer("fused_activation_function") != 0)
    return unsupported("it has a fused activation, expected none; export it as its own operator");
  const auto axis = resolve_axis(node.attrs.integer("axis"), output.shape.size());
  if (!axis) return tl::unexpected(axis.error());
  const Tensors inputs = inputs_of(graph, node);
  MOTE_TRY(check_parts(inputs, output, *axis));
  for (const graph::Tensor* input : inputs) {
    if (output.type == DType::kInt8 && !node.from_uint8)
      MOTE_TRY(expect_same_quantization(*input, output));
    if (output.type == DType::kUint8) MOTE_TRY(expect_scales(*input, output));
    if (output.type == DType::kInt16 && (input->zero_point() != 0 || output.zero_point() != 0))
      return unsupported(
          cat("'", input->name, "' or '", output.name, "' has a zero point, expected 0 for INT16"));
  }
  return {};
}

Result<void> lower_concatenation(const graph::Graph& graph, const graph::Node& node,
                                 Lowering& lowering) {
  join(graph, node, lowering,
       *resolve_axis(node.attrs.integer("axis"), graph.output(node).shape.size()));
  return {};
}

// PACK and UNPACK

Result<void> check_pack(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& output = graph.output(node);
  const auto axis = resolve_axis(node.attrs.integer("axis"), output.shape.size());
  if (!axis) return tl::unexpected(axis.error());
  return check_layers(inputs_of(graph, node), output, *axis);
}

Result<void> lower_pack(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  join(graph, node, lowering,
       *resolve_axis(node.attrs.integer("axis"), graph.output(node).shape.size()));
  return {};
}

Result<void> check_unpack(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto axis = resolve_axis(node.attrs.integer("axis"), input.shape.size());
  if (!axis) return tl::unexpected(axis.error());
  return check_layers(outputs_of(graph, node), input, *axis);
}

Result<void> lower_unpack(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  take_apart(graph, node, lowering, node.inputs[0],
             *resolve_axis(node.attrs.integer("axis"), graph.input(node, 0)->shape.size()));
  return {};
}

// SPLIT (axis, value) and SPLIT_V (value, sizes, axis)

Result<int> split_axis(const graph::Tensor& input, const graph::Tensor* axis) {
  const auto axes = constant_integers(axis, "the axis");
  if (!axes) return tl::unexpected(axes.error());
  if (axes->size() != 1) return bad_input(cat("it has ", axes->size(), " axes, expected one"));
  return resolve_axis(axes->front(), input.shape.size());
}

Result<void> check_split(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor* input = graph.input(node, 1);
  if (!input) return bad_input("its second input, what to split, is left out");
  const auto axis = split_axis(*input, graph.input(node, 0));
  if (!axis) return tl::unexpected(axis.error());
  const Tensors parts = outputs_of(graph, node);
  for (const graph::Tensor* part : parts) MOTE_TRY(expect_shape(*part, parts[0]->shape));
  return check_parts(parts, *input, *axis);
}

Result<void> lower_split(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  take_apart(graph, node, lowering, node.inputs[1],
             *split_axis(*graph.input(node, 1), graph.input(node, 0)));
  return {};
}

Result<void> check_split_v(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto axis = split_axis(input, graph.input(node, 2));
  if (!axis) return tl::unexpected(axis.error());
  return check_parts(outputs_of(graph, node), input, *axis);
}

Result<void> lower_split_v(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  take_apart(graph, node, lowering, node.inputs[0],
             *split_axis(*graph.input(node, 0), graph.input(node, 2)));
  return {};
}

using enum DType;

}  // namespace

const Op concatenation = {
    .tflite_name = "CONCATENATION",
    .signatures = kSignaturesOf<kInt8, kUint8, kInt16, kFloat32, kInt32, kInt64, kBool>,
    .max_inputs = kAnyNumber,
    .check = check_concatenation,
    .lower = lower_concatenation,
    .notes = "all inputs with the output's scale and zero point, except uint8"};
const Op pack = {.tflite_name = "PACK",
                 .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32, kInt64>,
                 .max_inputs = kAnyNumber,
                 .check = check_pack,
                 .lower = lower_pack};
const Op unpack = {.tflite_name = "UNPACK",
                   .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32>,
                   .max_outputs = kAnyNumber,
                   .check = check_unpack,
                   .lower = lower_unpack};
const Op split = {.tflite_name = "SPLIT",
                  .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32>,
                  .min_inputs = 2,
                  .max_inputs = 2,
                  .max_outputs = kAnyNumber,
                  .check = check_split,
                  .lower = lower_split,
                  .notes = "the axis must be a constant"};
const Op split_v = {.tflite_name = "SPLIT_V",
                    .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32>,
                    .min_inputs = 3,
                    .max_inputs = 3,
                    .max_outputs = kAnyNumber,
                    .check = check_split_v,
                    .lower = lower_split_v,
                    .notes = "the axis must be a constant"};

}  // namespace mote::ops
