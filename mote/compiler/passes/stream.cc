#include <algorithm>

#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/stream_flow.h"
#include "mote/compiler/passes/stream_rewrite.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Tensor;

constexpr const char* kWayOut = "; run the model without --stream";

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// That there is one window, and that the request is about it.
Result<void> check_request(const Graph& graph, const Stream& stream) {
  if (graph.inputs.size() != 1)
    return unsupported(cat("--stream: the network has ", graph.inputs.size(),
                           " inputs, expected one window that slides", kWayOut));
  const Tensor& input = graph.tensors[at(graph.inputs[0])];
  const int rank = static_cast<int>(input.shape.size());
  if (stream.axis < 0 || stream.axis >= rank)
    return fail(
        ErrorCode::kUsage,
        cat("--stream: the axis is ", stream.axis, ", but the input '", input.name, "' of shape ",
            graph::describe_shape(input.shape), " has axes 0 to ", rank - 1));
  const int count = input.shape[at(stream.axis)];
  if (count == 1)
    return fail(
        ErrorCode::kUsage,
        cat("--stream: the input '", input.name, "' of shape ", graph::describe_shape(input.shape),
            " has one column along ", "axis ", stream.axis, ", so that no window slides along it"));
  if (stream.hop < 1 || stream.hop >= count)
    return fail(ErrorCode::kUsage,
                cat("--stream: the hop is ", stream.hop, ", but the input '", input.name,
                    "' of shape ", graph::describe_shape(input.shape), " has ", count,
                    " columns along axis ", stream.axis, ", expected a hop from 1 to ", count - 1));
  return {};
}

/// Why the hop does not fit a node's stride, and the next one that fits all.
Result<void> refuse_hop(const Graph& graph, const Stream& stream, const Flow& flow) {
  const graph::Node& node = graph.nodes[at(flow.misfit)];
  const Rule rule = *rule_of(graph, node, flow.columns);
  std::string message = cat("--stream: ", graph::describe(graph, node), " goes by ", rule.stride,
                            " columns, but a hop of ", stream.hop, " moves its input by ",
                            flow.columns[at(node.inputs[0])].shift);
  for (int hop = stream.hop + 1; hop < flow.columns[at(graph.inputs[0])].count; ++hop)
    if (follow(graph, {.axis = stream.axis, .hop = hop}).misfit < 0)
      return unsupported(cat(message, "; --stream=", stream.axis, ",", hop, " works"));
  return unsupported(cat(message, ", and no other hop fits", kWayOut));
}

/// Operators that say the same in other words: not worth a stream.
bool only_converts(const graph::Node& node, const Rule& rule) {
  return rule.kind == Rule::Kind::kReshape || node.op == "QUANTIZE" || node.op == "DEQUANTIZE" ||
         node.op == "CAST";
}

/// That something is computed for new columns only.
Result<void> check_gain(const Graph& graph, const Flow& flow) {
  for (std::size_t n = 0; n < graph.nodes.size(); ++n)
    if (flow.rules[n] && !only_converts(graph.nodes[n], *flow.rules[n]) &&
        flow.columns[at(graph.nodes[n].outputs[0])].is_streamed())
      return {};
  for (std::size_t n = 0; n < graph.nodes.size(); ++n)
    if (!flow.reasons[n].empty())
      return unsupported(cat("--stream: ", graph::describe(graph, graph.nodes[n]), " ",
                             flow.reasons[n],
                             ", so that nothing of a window can be kept for the next", kWayOut));
  return unsupported(cat("--stream: no operator reads the input", kWayOut));
}

Result<Changes> run(graph::Model& model, const Context& context) {
  const Graph& graph = model.graphs[0];
  MOTE_TRY(check_request(graph, *context.stream));
  const Flow flow = follow(graph, *context.stream);
  if (flow.misfit >= 0) MOTE_TRY(refuse_hop(graph, *context.stream, flow));
  MOTE_TRY(check_gain(graph, flow));
  return rewrite_for_stream(model, context, flow);
}

}  // namespace

const Pass stream_columns = {
    .name = "stream_columns",
    .summary = "take a window's new columns and keep what the next one needs",
    .run = run};

}  // namespace mote::passes
