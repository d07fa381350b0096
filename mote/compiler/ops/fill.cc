#include <algorithm>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// What repeats a value, or gives one that is known beforehand: BROADCAST_TO, FILL, SHAPE,
/// ZEROS_LIKE.
namespace mote::ops {
namespace {

/// Writes one element everywhere.
void spread(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
            DraftOperand value) {
  const auto count = static_cast<int>(graph::element_count(graph.output(node)));
  value.operand.shape = Extents(1);
  add_copy(lowering, value, lowering.write(node.outputs[0]),
           {.extents = {count}, .in_strides = {0}, .out_strides = {1}});
}

/// That the output has the shape that this input says.
Result<void> expect_said_shape(const graph::Graph& graph, const graph::Node& node, std::size_t i) {
  const auto shape = constant_integers(graph.input(node, i), "the shape");
  if (!shape) return tl::unexpected(shape.error());
  const graph::Tensor& output = graph.output(node);
  if (std::equal(shape->begin(), shape->end(), output.shape.begin(), output.shape.end())) return {};
  return bad_input(cat("'", output.name, "' has shape ", graph::describe_shape(output.shape),
                       ", expected the one that '", graph.input(node, i)->name, "' says"));
}

// BROADCAST_TO

Result<void> check_broadcast(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  MOTE_TRY(expect_same_type(input, output));
  MOTE_TRY(expect_said_shape(graph, node, 1));
  const std::size_t rank = input.shape.size();
  bool fits = rank <= output.shape.size();
  for (std::size_t k = 0; fits && k < rank; ++k)
    fits = input.shape[k] == 1 || input.shape[k] == output.shape[output.shape.size() - rank + k];
  if (fits) return {};
  return bad_input(cat("it repeats ", graph::describe_shape(input.shape), " to ",
                       graph::describe_shape(output.shape),
                       ", expected each dimension to be 1 or the same"));
}

Result<void> lower_broadcast(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  const std::vector<int>&in = graph.input(node, 0)->shape, &out = graph.output(node).shape;
  Copy copy{.extents = out, .out_strides = strides_of(out)};
  const std::vector<int> strides = strides_of(in);
  copy.in_strides.assign(out.size(), 0);
  const std::size_t offset = out.size() - in.size();
  for (std::size_t k = 0; k < in.size(); ++k)
    copy.in_strides[offset + k] = in[k] == 1 ? 0 : strides[k];
  add_copy(lowering, lowering.read(node.inputs[0]), lowering.write(node.outputs[0]), copy);
  return {};
}

// FILL (shape, value)

Result<void> check_fill(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_said_shape(graph, node, 0));
  const graph::Tensor* value = graph.input(node, 1);
  if (!value || graph::element_count(*value) != 1)
    return bad_input("its value is left out or has several elements, expected one");
  return expect_same_type(*value, graph.output(node));
}

Result<void> lower_fill(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  spread(graph, node, lowering, lowering.read(node.inputs[1]));
  return {};
}

// SHAPE

Result<void> check_shape(const graph::Graph& graph, const graph::Node& node) {
  const std::vector<int>& shape = graph.input(node, 0)->shape;
  if (shape.empty()) return unsupported("its input is a scalar, expected one or more dimensions");
  const int expected[] = {static_cast<int>(shape.size())};
  return expect_shape(graph.output(node), expected);
}

Result<void> lower_shape(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const std::vector<int>& shape = graph.input(node, 0)->shape;
  const std::vector<std::int32_t> values(shape.begin(), shape.end());
  add_copy(lowering, lowering.constant(values), lowering.write(node.outputs[0]),
           {.extents = {static_cast<int>(values.size())}, .in_strides = {1}, .out_strides = {1}});
  return {};
}

// ZEROS_LIKE

Result<void> check_zeros(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  return expect_shape(graph.output(node), graph.input(node, 0)->shape);
}

Result<void> lower_zeros(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  DraftOperand zero = lowering.constant(std::vector<std::int64_t>{0});
  zero.operand.type = graph.output(node).type;  // as many zero bytes of it as an element has
  spread(graph, node, lowering, zero);
  return {};
}

using enum DType;

}  // namespace

const Op broadcast_to = {
    .tflite_name = "BROADCAST_TO",
    .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32, kInt64, kBool, kUint8>,
    .min_inputs = 2,
    .max_inputs = 2,
    .check = check_broadcast,
    .lower = lower_broadcast,
    .notes = "the shape must be a constant"};
const Op fill_op = {.tflite_name = "FILL",
                    .signatures = kSignaturesOf<kInt8, kFloat32, kInt32>,
                    .min_inputs = 2,
                    .max_inputs = 2,
                    .check = check_fill,
                    .lower = lower_fill,
                    .notes = "the shape must be a constant"};
const Op shape_op = {.tflite_name = "SHAPE",
                     .signatures = kSignaturesOf<kInt32>,
                     .check = check_shape,
                     .lower = lower_shape,
                     .notes = "of any type; gives INT32"};
const Op zeros_like = {.tflite_name = "ZEROS_LIKE",
                       .signatures = kSignaturesOf<kInt8, kFloat32, kInt32, kInt64>,
                       .check = check_zeros,
                       .lower = lower_zeros};

}  // namespace mote::ops
