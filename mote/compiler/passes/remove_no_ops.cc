#include <algorithm>
#include <array>
#include <string_view>

#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

/// Operators that give their first input where its shape, type and scale stay as they are.
constexpr std::array<std::string_view, 8> kNames = {"RESHAPE", "SQUEEZE", "EXPAND_DIMS", "QUANTIZE",
                                                    "PAD",     "PADV2",   "CAST",        "SLICE"};
constexpr std::array<std::string_view, 3> kReshapes = {"RESHAPE", "SQUEEZE", "EXPAND_DIMS"};

template <std::size_t kCount>
bool is_one_of(std::string_view name, const std::array<std::string_view, kCount>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A constant list of 32-bit numbers that counts upwards from zero.
bool counts_up(const Tensor* tensor) {
  if (!tensor || !tensor->is_constant() || tensor->type != DType::kInt32) return false;
  const auto values = graph::values<std::int32_t>(*tensor);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != static_cast<std::int32_t>(i)) return false;
  return true;
}

bool is_no_op(const Graph& graph, const Node& node) {
  if (node.is_custom || node.inputs.empty() || node.outputs.size() != 1) return false;
  const Tensor* input = graph.input(node, 0);
  // A variable may change before the output is read.
  if (!input || input->is_variable || input->is_resource || !is_alike(*input, graph.output(node)))
    return false;
  if (node.op == "TRANSPOSE") return counts_up(graph.input(node, 1));
  if (node.op == "CONCATENATION") return node.inputs.size() == 1;
  return is_one_of(node.op, kNames);
}

/// Lets a reshape of a reshape start from the first one's input.
bool skip_reshape(Graph& graph, Node& node) {
  if (!is_one_of(node.op, kReshapes)) return false;
  const Node* before = writer_of(graph, node.inputs[0]);
  if (!before || !is_one_of(before->op, kReshapes) || graph.input(*before, 0)->is_variable)
    return false;
  // What the operators in between say of axes is about another shape; the output's own holds.
  node.op = "RESHAPE";
  node.inputs = {before->inputs[0]};
  return true;
}

/// Leaves the node out, if whoever reads its output can read something else.
bool leave_out(Graph& graph, std::size_t at) {
  const int input = graph.nodes[at].inputs[0], output = graph.nodes[at].outputs[0];
  if (!is_output(graph, output)) {
    redirect_readers(graph, output, input);
  } else {
    // The network's outputs keep their tensors: the input's writer writes there instead.
    Node* writer = writer_of(graph, input);
    if (!writer || is_output(graph, input)) return false;
    std::replace(writer->outputs.begin(), writer->outputs.end(), input, output);
    redirect_readers(graph, input, output);
  }
  graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

Result<Changes> run(graph::Model& model, const Context&) {
  Changes changes;
  Graph& graph = model.graphs[0];
  for (Node& node : graph.nodes) {
    const std::string name = graph::describe(graph, node);
    if (skip_reshape(graph, node))
      changes.lines.push_back(cat(name, ": starts from what the reshape before it started from"));
  }
  for (std::size_t at = 0; at < graph.nodes.size();) {
    const std::string name = graph::describe(graph, graph.nodes[at]);
    if (is_no_op(graph, graph.nodes[at]) && leave_out(graph, at))
      changes.lines.push_back(cat(name, ": left out, its output is its input"));
    else
      ++at;
  }
  return changes;
}

}  // namespace

const Pass remove_no_ops = {.name = "remove_no_ops",
                            .summary = "leave out operators whose output is their input",
                            .run = run};

}  // namespace mote::passes
