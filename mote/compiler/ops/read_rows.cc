#include "mote/compiler/ops/ops.h"

/// What the pass `run_in_bands` reads an input with that stays with the caller. No file has this
/// operator.
namespace mote::ops {
namespace {

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &source = *graph.input(node, 0), &rows = graph.output(node);
  const int first = node.attrs.integer("first");
  if (source.is_source && source.type == rows.type && source.shape.size() == 4 &&
      rows.shape.size() == 4 && rows.shape[0] == 1 && source.shape[0] == 1 &&
      rows.shape[2] == source.shape[2] && rows.shape[3] == source.shape[3] && first >= 0 &&
      first <= source.shape[1] - rows.shape[1])
    return {};
  return bad_input("its output is no part of an image that stays with the caller");
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const graph::Tensor& rows = graph.output(node);
  const auto bytes = static_cast<int>(graph::byte_count(rows));
  DraftOperand from = lowering.read(node.inputs[0], Extents(bytes)),
               to = lowering.write(node.outputs[0], Extents(bytes));
  from.operand.type = to.operand.type = DType::kInt8;
  from.operand.offset += std::int64_t{bytes / rows.shape[1]} * node.attrs.integer("first");
  lowering.call({.kernel = "copy_s8", .operands = {from, to}});
  return {};
}

}  // namespace

const Op read_rows = {.tflite_name = "READ_ROWS", .signatures = {}, .check = check, .lower = lower};

}  // namespace mote::ops
