#include <algorithm>

#include "mote/compiler/passes/evaluate.h"
#include "mote/compiler/passes/passes.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

/// Whether the node computes numbers from constants alone, and not many from few: what FILL and
/// TILE make is better made again than kept.
bool is_foldable(const Graph& graph, const Node& node) {
  if (node.is_custom || node.inputs.empty() || node.outputs.size() != 1) return false;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor* input = graph.input(node, i);
    if (input && (!input->is_constant() || input->is_resource)) return false;
    bytes += input ? graph::byte_count(*input) : 0;
  }
  constexpr std::int64_t kFew = 1024, kMostGrowth = 4;  // int8 to float32
  const Tensor& output = graph.output(node);
  return !output.is_variable && !output.is_resource &&
         graph::byte_count(output) <= std::max(kFew, kMostGrowth * bytes);
}

Result<std::vector<std::byte>> value_of(const Graph& graph, const Node& node,
                                        const Context& context) {
  Probe probe(node);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor* input = graph.input(node, i);
    if (input)
      probe.constant(*input, {input->data.begin(), input->data.end()});
    else
      probe.no_input();
  }
  return probe.output(graph.output(node)).run(context);
}

Result<Changes> run(graph::Model& model, const Context& context) {
  Changes changes;
  Graph& graph = model.graphs[0];
  std::vector<Node> left;
  for (Node& node : graph.nodes) {
    if (is_foldable(graph, node)) {
      // What the scalar kernels at hand cannot compute is computed when the network runs.
      if (auto value = value_of(graph, node, context)) {
        changes.lines.push_back(
            cat(graph::describe(graph, node), ": computed, ", value->size(), " B"));
        model.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(*value)));
        graph.tensors[static_cast<std::size_t>(node.outputs[0])].data = *model.storage.back();
        continue;
      }
    }
    left.push_back(std::move(node));
  }
  graph.nodes = std::move(left);
  return changes;
}

}  // namespace

const Pass fold_constants = {
    .name = "fold_constants", .summary = "compute what depends on constants alone", .run = run};

}  // namespace mote::passes
