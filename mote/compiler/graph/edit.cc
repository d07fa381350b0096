#include "mote/compiler/graph/edit.h"

#include <memory>
#include <utility>

namespace mote::graph {
namespace {

/// Calls visit(tensor) for each place in the graph that names one.
template <class Visit>
void each_tensor(Graph& graph, Visit visit) {
  for (auto* list : {&graph.inputs, &graph.outputs})
    for (int& tensor : *list) visit(tensor);
  for (Node& node : graph.nodes) {
    for (auto* list : {&node.inputs, &node.outputs})
      for (int& tensor : *list)
        if (tensor != kNoTensor) visit(tensor);
    std::vector<std::int64_t> inner = node.attrs.integers("intermediates");
    for (std::int64_t& wide : inner) {
      int tensor = static_cast<int>(wide);
      if (tensor >= 0 && tensor < static_cast<int>(graph.tensors.size())) visit(tensor);
      wide = tensor;
    }
    if (!inner.empty()) node.attrs.set("intermediates", inner);
  }
}

/// @returns where each tensor is now; -1: nowhere.
std::vector<int> compact(Graph& graph) {
  std::vector<int> places(graph.tensors.size(), -1);
  each_tensor(graph, [&](int& tensor) { places[static_cast<std::size_t>(tensor)] = 0; });
  std::vector<Tensor> kept;
  for (std::size_t t = 0; t < places.size(); ++t) {
    if (places[t] < 0) continue;
    places[t] = static_cast<int>(kept.size());
    kept.push_back(std::move(graph.tensors[t]));
  }
  each_tensor(graph, [&](int& tensor) { tensor = places[static_cast<std::size_t>(tensor)]; });
  graph.tensors = std::move(kept);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) graph.nodes[n].index = static_cast<int>(n);
  return places;
}

}  // namespace

int add_tensor(Model& model, Tensor tensor) {
  auto& tensors = model.graphs[0].tensors;
  tensors.push_back(std::move(tensor));
  return static_cast<int>(tensors.size()) - 1;
}

int add_constant(Model& model, Tensor tensor, std::vector<std::byte> bytes) {
  model.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor.data = *model.storage.back();
  return add_tensor(model, std::move(tensor));
}

std::vector<int> compact(Model& model) {
  std::vector<int> first;
  for (std::size_t g = 0; g < model.graphs.size(); ++g) {
    auto places = compact(model.graphs[g]);
    if (g == 0) first = std::move(places);
  }
  return first;
}

}  // namespace mote::graph
