#include <algorithm>

#include "mote/compiler/passes/passes.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

/// Operators whose effect is not in their outputs: they stay whether or not anything reads them.
bool has_side_effect(const graph::Graph& graph, const graph::Node& node) {
  if (node.is_custom || node.op == "CALL_ONCE" || node.op == "ASSIGN_VARIABLE") return true;
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](int input) {
    return input != graph::kNoTensor && graph.tensors[static_cast<std::size_t>(input)].is_variable;
  });
}

bool is_needed(const graph::Graph& graph, const graph::Node& node,
               const std::vector<bool>& needed) {
  return has_side_effect(graph, node) ||
         std::any_of(node.outputs.begin(), node.outputs.end(),
                     [&](int output) { return needed[static_cast<std::size_t>(output)]; });
}

/// Which tensors something needs, going from the outputs backwards.
std::vector<bool> needed_tensors(const graph::Graph& graph) {
  std::vector<bool> needed(graph.tensors.size());
  const auto need = [&](int tensor) {
    if (tensor != graph::kNoTensor) needed[static_cast<std::size_t>(tensor)] = true;
  };
  std::for_each(graph.outputs.begin(), graph.outputs.end(), need);
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node)
    if (is_needed(graph, *node, needed))
      std::for_each(node->inputs.begin(), node->inputs.end(), need);
  return needed;
}

Result<Changes> run(graph::Model& model, const Context&) {
  Changes changes;
  for (graph::Graph& graph : model.graphs) {
    const std::vector<bool> needed = needed_tensors(graph);
    std::erase_if(graph.nodes, [&](const graph::Node& node) {
      if (is_needed(graph, node, needed)) return false;
      changes.lines.push_back(cat(graph::describe(graph, node), ": left out, nothing reads it"));
      return true;
    });
  }
  return changes;
}

}  // namespace

const Pass remove_unused = {.name = "remove_unused",
                            .summary = "leave out operators whose results nothing reads",
                            .run = run};

}  // namespace mote::passes
