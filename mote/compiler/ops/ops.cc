#include "mote/compiler/ops/ops.h"

#include <algorithm>
#include <vector>

#include "mote/compiler/ops/op.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// The whole list. An operator that is not here does not exist.
constexpr const Op* kOps[] = {&abs,
                              &add,
                              &arg_max,
                              &arg_min,
                              &assign_variable,
                              &average_pool_2d,
                              &batch_matmul,
                              &call_once,
                              &cast,
                              &ceil,
                              &concatenation,
                              &conv_2d,
                              &cos,
                              &depthwise_conv_2d,
                              &dequantize,
                              &div,
                              &elu,
                              &exp,
                              &expand_dims,
                              &floor,
                              &fully_connected,
                              &gather,
                              &gather_nd,
                              &hard_swish,
                              &l2_normalization,
                              &leaky_relu,
                              &log,
                              &log_softmax,
                              &logistic,
                              &max_pool_2d,
                              &maximum,
                              &mean,
                              &minimum,
                              &mirror_pad,
                              &mul,
                              &neg,
                              &pack,
                              &pad,
                              &padv2,
                              &prelu,
                              &quantize,
                              &read_variable,
                              &reduce_max,
                              &reduce_min,
                              &relu,
                              &relu6,
                              &reshape,
                              &resize_bilinear,
                              &resize_nearest_neighbor,
                              &round,
                              &rsqrt,
                              &sin,
                              &slice,
                              &softmax,
                              &split,
                              &split_v,
                              &sqrt,
                              &square,
                              &squared_difference,
                              &squeeze,
                              &strided_slice,
                              &sub,
                              &sum,
                              &svdf,
                              &tanh,
                              &transpose,
                              &transpose_conv,
                              &unidirectional_sequence_lstm,
                              &unpack,
                              &var_handle,
                              &batch_to_space_nd,
                              &broadcast_to,
                              &depth_to_space,
                              &fill_op,
                              &reverse_v2,
                              &shape_op,
                              &space_to_batch_nd,
                              &space_to_depth,
                              &zeros_like};

/// What passes and other formats than TensorFlow Lite put into graphs; GRU: or nullptr.
constexpr const Op* kOpsOfPasses[] = {&gelu, &gru, &read_rows, &stream_shift, &stream_write};

bool matches(const Signature& signature, const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i = 0; i < signature.inputs.size(); ++i) {
    const graph::Tensor* input = graph.input(node, i);
    if (input && input->type != signature.inputs[i]) return false;
  }
  return node.outputs.empty() || graph.output(node).type == signature.output;
}

/// "INT8, FLOAT32 -> INT8".
std::string types_of(const graph::Graph& graph, const graph::Node& node) {
  std::string text;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const graph::Tensor* input = graph.input(node, i))
      text += cat(text.empty() ? "" : ", ", name_of(input->type));
  return cat(text, " -> ", node.outputs.empty() ? "nothing" : name_of(graph.output(node).type));
}

Result<void> check_counts(const Op& op, const graph::Node& node) {
  const auto within = [](std::size_t n, int low, int high) {
    return static_cast<int>(n) >= low && static_cast<int>(n) <= high;
  };
  if (!within(node.inputs.size(), op.min_inputs, op.max_inputs))
    return bad_input(cat("it has ", node.inputs.size(), " inputs, expected ", op.min_inputs,
                         op.max_inputs == op.min_inputs ? "" : cat(" to ", op.max_inputs)));
  if (!within(node.outputs.size(), op.min_outputs, op.max_outputs))
    return bad_input(cat("it has ", node.outputs.size(), " outputs, expected ", op.min_outputs,
                         op.max_outputs == op.min_outputs ? "" : cat(" to ", op.max_outputs)));
  return {};
}

Result<void> check_ranks(const graph::Graph& graph, const graph::Node& node) {
  const auto check_rank = [&](const graph::Tensor& tensor) -> Result<void> {
    if (tensor.shape.size() <= std::size_t{kMaxRank}) return {};
    return unsupported(cat("'", tensor.name, "' has ", tensor.shape.size(),
                           " dimensions, mote takes up to ", kMaxRank));
  };
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const graph::Tensor* input = graph.input(node, i)) MOTE_TRY(check_rank(*input));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) MOTE_TRY(check_rank(graph.output(node, i)));
  return {};
}

/// Handles hold no numbers: only operators on variables are given any.
Result<void> check_handles(const Op& op, const graph::Graph& graph, const graph::Node& node) {
  const auto check_one = [&](const graph::Tensor* tensor, std::size_t i) -> Result<void> {
    if (!tensor || !tensor->is_resource || (op.takes_handles && i == 0)) return {};
    return bad_input(cat("'", tensor->name, "' is a variable's handle, expected numbers"));
  };
  for (std::size_t i = 0; i < node.inputs.size(); ++i) MOTE_TRY(check_one(graph.input(node, i), i));
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    MOTE_TRY(check_one(&graph.output(node, i), i));
  return {};
}

Result<void> check_types(const Op& op, const graph::Graph& graph, const graph::Node& node) {
  if (op.signatures.empty()) return {};
  std::string known;
  for (const Signature& signature : op.signatures) {
    if (matches(signature, graph, node)) return {};
    known += cat(known.empty() ? "" : ", ", signature.label);
  }
  return unsupported(cat("its types are ", types_of(graph, node), ", mote has ", known));
}

Result<void> check_all(const graph::Graph& graph, const graph::Node& node) {
  const Op* op = node.is_custom ? nullptr : find_op(node.op);
  if (!op)
    return unsupported(node.is_custom       ? "mote does not know this custom operator"
                       : node.op == "WHILE" ? "loops run in programs that set LoadOptions::loops"
                                            : "mote does not have this operator; see `mote ops`");
  MOTE_TRY(check_counts(*op, node));
  for (int i = 0; i < op->min_inputs; ++i)
    if (node.inputs[static_cast<std::size_t>(i)] == graph::kNoTensor && i == 0)
      return bad_input("its first input is left out");
  MOTE_TRY(check_ranks(graph, node));
  MOTE_TRY(check_handles(*op, graph, node));
  MOTE_TRY(check_types(*op, graph, node));
  return op->check(graph, node);
}

}  // namespace

std::span<const Op* const> all_ops() { return kOps; }

const Op* find_op(std::string_view tflite_name) {
  for (const std::span<const Op* const> list :
       {all_ops(), std::span<const Op* const>(kOpsOfPasses)})
    for (const Op* op : list)
      if (op && op->tflite_name == tflite_name) return op;
  return nullptr;
}

Result<void> check_node(const graph::Graph& graph, const graph::Node& node) {
  auto result = check_all(graph, node);
  if (!result)
    return fail(result.error().code,
                cat(graph::describe(graph, node), ": ", result.error().message));
  return result;
}

std::vector<Unsupported> find_unsupported(const graph::Model& model) {
  std::vector<Unsupported> list;
  for (std::size_t g = 0; g < model.graphs.size(); ++g)
    for (const graph::Node& node : model.graphs[g].nodes)
      if (const auto result = check_node(model.graphs[g], node); !result)
        list.push_back({.graph = static_cast<int>(g),
                        .node = node.index,
                        .op = node.op,
                        .place = graph::describe(model.graphs[g], node),
                        .message = result.error().message});
  return list;
}

std::vector<std::string> lines_of(std::span<const Unsupported> list) {
  const auto reason = [](const Unsupported& entry) {
    return std::string_view(entry.message).substr(entry.place.size());
  };
  std::vector<std::string> lines;
  std::vector<bool> said(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (said[i]) continue;
    int more = 0;
    std::string others;
    for (std::size_t k = i + 1; k < list.size(); ++k)
      if (list[k].op == list[i].op && list[k].graph == list[i].graph &&
          reason(list[k]) == reason(list[i])) {
        said[k] = true;
        others += cat(more++ == 0 ? "" : ", ", list[k].node);
      }
    lines.push_back(more == 0 ? list[i].message
                              : cat(list[i].place, " and ", more, " more (node",
                                    more == 1 ? " " : "s ", others, ")", reason(list[i])));
  }
  return lines;
}

}  // namespace mote::ops
