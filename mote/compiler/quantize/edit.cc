#include "mote/compiler/quantize/edit.h"

#include <algorithm>
#include <utility>

namespace mote::quantize {

using graph::Graph;
using graph::Node;

int add_floats(graph::Model& model, const std::string& name, std::vector<int> shape,
               const std::vector<float>& values) {
  return graph::add_constant(model, {.name = name, .shape = std::move(shape)},
                             graph::bytes_of(values));
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

}  // namespace mote::quantize
