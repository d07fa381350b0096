#include <algorithm>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// One dimension: `before` and `after` elements around `inside`.
struct Padding {
  int before = 0, inside = 1, after = 0;
  int outside() const { return before + inside + after; }
};

Result<std::vector<Padding>> plan_pad(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto values = constant_integers(graph.input(node, 1), "the paddings");
  if (!values) return tl::unexpected(values.error());
  if (values->size() != 2 * input.shape.size())
    return bad_input(cat("it has ", values->size(), " paddings, expected two for each of ",
                         input.shape.size(), " dimensions"));
  std::vector<Padding> paddings;
  std::vector<int> shape;
  for (std::size_t k = 0; k < input.shape.size(); ++k) {
    const std::int64_t before = (*values)[2 * k], after = (*values)[2 * k + 1];
    constexpr std::int64_t kMost = 1 << 30;
    if (before < 0 || after < 0 || before > kMost || after > kMost ||
        before + input.shape[k] + after > kMost)
      return bad_input(cat("it pads dimension ", k, " by ", before, " and ", after,
                           ", expected numbers from 0 to 2^30"));
    paddings.push_back({static_cast<int>(before), input.shape[k], static_cast<int>(after)});
    shape.push_back(paddings.back().outside());
  }
  if (const auto fits = expect_shape(graph.output(node), shape); !fits)
    return tl::unexpected(fits.error());
  return paddings;
}

/// Takes dimensions that are not padded as part of the one before them.
std::vector<Padding> merge(const std::vector<Padding>& paddings) {
  std::vector<Padding> merged;
  for (const Padding& p : paddings) {
    if (merged.empty() || p.before != 0 || p.after != 0) {
      merged.push_back(p);
    } else {
      Padding& last = merged.back();
      last = {last.before * p.inside, last.inside * p.inside, last.after * p.inside};
    }
  }
  return merged;
}

template <class Attrs>
Attrs attributes(const std::vector<Padding>& paddings) {
  Attrs attrs;
  const std::size_t offset = std::size(attrs.before) - paddings.size();
  for (std::size_t k = 0; k < paddings.size(); ++k) {
    attrs.in_extents[offset + k] = paddings[k].inside;
    attrs.out_extents[offset + k] = paddings[k].outside();
    attrs.before[offset + k] = paddings[k].before;
  }
  return attrs;
}

/// The operand as a flat array of integers as wide as its elements.
DraftOperand as_integers(DraftOperand operand) {
  const DType type = operand.operand.type;
  operand.operand.shape = Extents(volume(operand.operand.shape));
  operand.operand.type = size_of(type) == 4   ? DType::kInt32
                         : size_of(type) == 2 ? DType::kInt16
                                              : DType::kInt8;
  return operand;
}

// PAD and PADV2

Result<void> check_value(const graph::Tensor& value, const graph::Tensor& output) {
  MOTE_TRY(expect_same_type(value, output));
  if (graph::element_count(value) != 1)
    return bad_input(cat("the padding value '", value.name, "' has ", graph::element_count(value),
                         " elements, expected one"));
  if (output.type != DType::kInt8 && output.type != DType::kUint8) return {};
  return expect_same_quantization(value, output);
}

Result<void> check_pad(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_type(input, output));
  MOTE_TRY(plan_pad(graph, node));
  if (const graph::Tensor* value = graph.input(node, 2)) return check_value(*value, output);
  if (output.type == DType::kInt8 && (output.zero_point() < -128 || output.zero_point() > 127))
    return bad_input(cat("'", output.name, "' has zero point ", output.zero_point(),
                         ", expected one from -128 to 127"));
  return {};
}

/// What surrounds: the third input, or the real number 0 (the reference takes 0 as such on int16).
DraftOperand padding_value(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& output = graph.output(node);
  if (graph.input(node, 2)) return as_integers(lowering.read(node.inputs[2]));
  switch (size_of(output.type)) {
    case 1:
      return lowering.constant(std::vector{static_cast<std::int8_t>(output.zero_point())});
    case 2:
      return lowering.constant(std::vector<std::int16_t>{0});
    default:
      return lowering.constant(std::vector<std::int32_t>{0});
  }
}

Result<void> lower_pad(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const int bytes = size_of(graph.output(node).type);
  lowering.call({.kernel = bytes == 4   ? "pad_s32"
                           : bytes == 2 ? "pad_s16"
                                        : "pad_s8",
                 .attrs = attributes<program::PadAttrs>(merge(*plan_pad(graph, node))),
                 .operands = {as_integers(lowering.read(node.inputs[0])),
                              padding_value(graph, node, lowering),
                              as_integers(lowering.write(node.outputs[0]))}});
  return {};
}

// MIRROR_PAD

int edge_of(const graph::Node& node) { return node.attrs.integer("mode") == 0 ? 1 : 0; }

Result<void> check_mirror(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  const auto paddings = plan_pad(graph, node);
  if (!paddings) return tl::unexpected(paddings.error());
  for (const Padding& p : *paddings)
    if (std::max(p.before, p.after) > p.inside - edge_of(node))
      return bad_input(cat("it mirrors ", std::max(p.before, p.after), " elements of ", p.inside,
                           ", expected at most ", p.inside - edge_of(node)));
  return {};
}

Result<void> lower_mirror(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  auto attrs = attributes<program::MirrorPadAttrs>(*plan_pad(graph, node));
  attrs.edge = edge_of(node);
  const int bytes = size_of(graph.output(node).type);
  lowering.call({.kernel = bytes == 4 ? "mirror_pad_s32" : "mirror_pad_s8",
                 .attrs = attrs,
                 .operands = {as_integers(lowering.read(node.inputs[0])),
                              as_integers(lowering.write(node.outputs[0]))}});
  return {};
}

using enum DType;
constexpr auto& kPadSignatures = kSignaturesOf<kInt8, kUint8, kInt16, kFloat32, kInt32>;
constexpr std::string_view kNotes = "the paddings must be a constant";

}  // namespace

const Op pad = {.tflite_name = "PAD",
                .signatures = kPadSignatures,
                .min_inputs = 2,
                .max_inputs = 3,
                .check = check_pad,
                .lower = lower_pad,
                .notes = kNotes};
const Op padv2 = {.tflite_name = "PADV2",
                  .signatures = kPadSignatures,
                  .min_inputs = 2,
                  .max_inputs = 3,
                  .check = check_pad,
                  .lower = lower_pad,
                  .notes = kNotes};
const Op mirror_pad = {.tflite_name = "MIRROR_PAD",
                       .signatures = kSignaturesOf<kInt8, kFloat32>,
                       .min_inputs = 2,
                       .max_inputs = 2,
                       .check = check_mirror,
                       .lower = lower_mirror,
                       .notes = kNotes};

}  // namespace mote::ops
