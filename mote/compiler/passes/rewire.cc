#include "mote/compiler/passes/rewire.h"

#include <algorithm>

namespace mote::passes {

graph::Node* writer_of(graph::Graph& graph, int tensor) {
  for (graph::Node& node : graph.nodes)
    if (std::count(node.outputs.begin(), node.outputs.end(), tensor) > 0) return &node;
  return nullptr;
}

int reader_count(const graph::Graph& graph, int tensor) {
  auto count = std::count(graph.outputs.begin(), graph.outputs.end(), tensor);
  for (const graph::Node& node : graph.nodes)
    count += std::count(node.inputs.begin(), node.inputs.end(), tensor);
  return static_cast<int>(count);
}

bool is_output(const graph::Graph& graph, int tensor) {
  return std::count(graph.outputs.begin(), graph.outputs.end(), tensor) > 0;
}

void redirect_readers(graph::Graph& graph, int old_tensor, int new_tensor) {
  for (graph::Node& node : graph.nodes)
    std::replace(node.inputs.begin(), node.inputs.end(), old_tensor, new_tensor);
}

bool has_same_quantization(const graph::Tensor& a, const graph::Tensor& b) {
  return a.quant.scale == b.quant.scale && a.quant.zero_point == b.quant.zero_point &&
         (a.quant.scale.size() <= 1 || a.quant.axis == b.quant.axis);
}

bool is_alike(const graph::Tensor& a, const graph::Tensor& b) {
  return a.type == b.type && a.shape == b.shape && has_same_quantization(a, b);
}

}  // namespace mote::passes
