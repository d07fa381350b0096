#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// What the pass `stream_columns` makes of windows: variables that keep the columns of a stream
/// that later windows still need. No file has these operators.
namespace mote::ops {
namespace {

/// A variable, as it is seen around the stream's axis, and a part of its columns.
struct Kept {
  AxisView view;
  int begin = 0, end = 0, hop = 0;  ///< columns
  std::int64_t unit = 1;            ///< bytes of an element
};

Kept kept_of(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& variable = *graph.input(node, 0);
  return {.view = around(variable.shape, node.attrs.integer("axis")),
          .begin = node.attrs.integer("begin"),
          .end = node.attrs.integer("end"),
          .hop = node.attrs.integer("hop"),
          .unit = size_of(variable.type)};
}

Result<void> check_variable(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& variable = *graph.input(node, 0);
  const int axis = node.attrs.integer("axis", -1), rank = static_cast<int>(variable.shape.size());
  if (!variable.is_variable) return bad_input(cat("'", variable.name, "' is no variable"));
  if (axis < 0 || axis >= rank)
    return bad_input(cat("its axis is ", axis, ", expected one of ", rank, " dimensions"));
  return {};
}

Result<void> check_shift(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_variable(graph, node));
  const Kept kept = kept_of(graph, node);
  if (kept.begin < 0 || kept.end > kept.view.extent || kept.hop < 1 ||
      kept.hop > kept.end - kept.begin)
    return bad_input(cat("it moves columns ", kept.begin, " to ", kept.end, " by ", kept.hop,
                         ", expected some of ", kept.view.extent));
  const graph::Tensor* first = graph.input(node, 1);
  const std::int64_t column = std::int64_t{kept.view.outer} * kept.view.inner;
  if (first && (!first->is_constant() || first->type != graph.input(node, 0)->type ||
                (graph::element_count(*first) != column &&
                 graph::element_count(*first) != column * kept.view.extent)))
    return bad_input(cat("'", first->name, "' is no constant of one column of ", column,
                         " elements, or of all ", kept.view.extent));
  return {};
}

/// Fills the variable with what it holds before the stream begins: one column in all places, or
/// all.
void fill(const graph::Graph& graph, const graph::Node& node, const Kept& kept,
          Lowering& lowering) {
  const AxisView& view = kept.view;
  const bool is_one = graph::element_count(*graph.input(node, 1)) == view.outer * view.inner;
  const int columns = is_one ? 1 : view.extent;
  const Copy spread{.extents = {view.outer, view.extent, view.inner},
                    .in_strides = {columns * view.inner, is_one ? 0 : view.inner, 1},
                    .out_strides = {view.extent * view.inner, view.inner, 1}};
  lowering.in_setup([&] {
    add_copy(lowering, lowering.read(node.inputs[1]), lowering.write(node.inputs[0]), spread);
  });
}

Result<void> lower_shift(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Kept kept = kept_of(graph, node);
  const std::int64_t column = kept.view.inner * kept.unit;
  const program::ShiftAttrs attrs{.rows = kept.view.outer,
                                  .pitch = static_cast<int>(kept.view.extent * column),
                                  .length = static_cast<int>((kept.end - kept.begin) * column),
                                  .by = static_cast<int>(kept.hop * column)};
  if (node.inputs.size() > 1) fill(graph, node, kept, lowering);
  DraftOperand state =
      lowering.state(node.inputs[0], Extents((attrs.rows - 1) * attrs.pitch + attrs.length));
  state.operand.type = DType::kInt8;
  state.operand.offset += kept.begin * column;
  lowering.call({.kernel = "shift_s8", .attrs = attrs, .operands = {state}});
  return {};
}

Result<void> check_write(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_variable(graph, node));
  const Kept kept = kept_of(graph, node);
  const graph::Tensor *variable = graph.input(node, 0), *value = graph.input(node, 1);
  if (!value) return bad_input("it writes nothing, expected a tensor");
  MOTE_TRY(expect_same_type(*variable, *value));
  std::vector<int> shape = variable->shape;
  shape[static_cast<std::size_t>(node.attrs.integer("axis"))] = kept.end - kept.begin;
  if (kept.begin < 0 || kept.end > kept.view.extent || kept.begin >= kept.end)
    return bad_input(cat("it writes columns ", kept.begin, " to ", kept.end, " of ",
                         kept.view.extent, ", expected some of them"));
  return expect_shape(*value, shape);
}

Result<void> lower_write(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Kept kept = kept_of(graph, node);
  const int count = kept.end - kept.begin, inner = kept.view.inner;
  add_copy(lowering, lowering.read(node.inputs[1]), lowering.write(node.inputs[0]),
           {.extents = {kept.view.outer, count, inner},
            .in_strides = {count * inner, inner, 1},
            .out_strides = {kept.view.extent * inner, inner, 1},
            .out_start = kept.begin * inner});
  return {};
}

}  // namespace

const Op stream_shift = {.tflite_name = "STREAM_SHIFT",
                         .signatures = {},
                         .min_inputs = 1,
                         .max_inputs = 2,
                         .min_outputs = 0,
                         .max_outputs = 0,
                         .check = check_shift,
                         .lower = lower_shift};
const Op stream_write = {.tflite_name = "STREAM_WRITE",
                         .signatures = {},
                         .min_inputs = 2,
                         .max_inputs = 2,
                         .min_outputs = 0,
                         .max_outputs = 0,
                         .check = check_write,
                         .lower = lower_write};

}  // namespace mote::ops
