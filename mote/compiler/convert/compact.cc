#include "mote/compiler/convert/compact.h"

namespace mote::convert {
namespace {

/// Calls visit(tensor) for each place in the graph that names one.
template <class Visit>
void each_tensor(graph::Graph& graph, Visit visit) {
  for (auto* list : {&graph.inputs, &graph.outputs})
    for (int& tensor : *list) visit(tensor);
  for (graph::Node& node : graph.nodes) {
    for (auto* list : {&node.inputs, &node.outputs})
      for (int& tensor : *list)
        if (tensor != graph::kNoTensor) visit(tensor);
    std::vector<std::int64_t> inner = node.attrs.integers("intermediates");
    for (std::int64_t& wide : inner) {
      int tensor = static_cast<int>(wide);
      if (tensor >= 0 && tensor < static_cast<int>(graph.tensors.size())) visit(tensor);
      wide = tensor;
    }
    if (!inner.empty()) node.attrs.set("intermediates", inner);
  }
}

}  // namespace

void compact(graph::Model& model) {
  for (graph::Graph& graph : model.graphs) {
    std::vector<char> used(graph.tensors.size());
    each_tensor(graph, [&](int& tensor) { used[static_cast<std::size_t>(tensor)] = 1; });
    std::vector<int> place(graph.tensors.size());
    std::vector<graph::Tensor> kept;
    for (std::size_t t = 0; t < used.size(); ++t) {
      place[t] = static_cast<int>(kept.size());
      if (used[t]) kept.push_back(std::move(graph.tensors[t]));
    }
    each_tensor(graph, [&](int& tensor) { tensor = place[static_cast<std::size_t>(tensor)]; });
    graph.tensors = std::move(kept);
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) graph.nodes[n].index = static_cast<int>(n);
  }
}

}  // namespace mote::convert
