#include "mote/compiler/quantize/edit.h"

#include <algorithm>
#include <utility>

namespace mote::quantize {

using graph::Graph;
using graph::Node;

int add_tensor(graph::Model& model, graph::Tensor tensor) {
  auto& tensors = model.graphs[0].tensors;
  tensors.push_back(std::move(tensor));
  return static_cast<int>(tensors.size()) - 1;
}

int add_constant(graph::Model& model, graph::Tensor tensor, std::vector<std::byte> bytes) {
  model.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor.data = *model.storage.back();
  return add_tensor(model, std::move(tensor));
}

int add_floats(graph::Model& model, const std::string& name, std::vector<int> shape,
               const std::vector<float>& values) {
  return add_constant(model, {.name = name, .shape = std::move(shape)}, bytes_of(values));
}

int reader_count(const Graph& graph, int tensor) {
  auto count = std::count(graph.outputs.begin(), graph.outputs.end(), tensor);
  for (const Node& node : graph.nodes)
    count += std::count(node.inputs.begin(), node.inputs.end(), tensor);
  return static_cast<int>(count);
}

Node* only_reader(Graph& graph, int tensor) {
  if (reader_count(graph, tensor) != 1 || is_output(graph, tensor)) return nullptr;
  for (Node& node : graph.nodes)
    if (std::count(node.inputs.begin(), node.inputs.end(), tensor) > 0) return &node;
  return nullptr;
}

Node* maker(Graph& graph, int tensor) {
  for (Node& node : graph.nodes)
    if (std::count(node.outputs.begin(), node.outputs.end(), tensor) > 0) return &node;
  return nullptr;
}

bool is_output(const Graph& graph, int tensor) {
  return std::count(graph.outputs.begin(), graph.outputs.end(), tensor) > 0;
}

std::vector<int> compact(graph::Model& model) {
  Graph& graph = model.graphs[0];
  std::vector<int> places(graph.tensors.size(), -1);
  const auto visit = [&](auto action) {
    for (int& tensor : graph.inputs) action(tensor);
    for (Node& node : graph.nodes) {
      for (int& tensor : node.inputs) action(tensor);
      for (int& tensor : node.outputs) action(tensor);
    }
    for (int& tensor : graph.outputs) action(tensor);
  };
  visit([&](int tensor) {
    if (tensor >= 0) places[static_cast<std::size_t>(tensor)] = 0;
  });
  std::vector<graph::Tensor> kept;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] < 0) continue;
    places[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(graph.tensors[i]));
  }
  graph.tensors = std::move(kept);
  visit([&](int& tensor) {
    if (tensor >= 0) tensor = places[static_cast<std::size_t>(tensor)];
  });
  return places;
}

}  // namespace mote::quantize
