#include "mote/compiler/graph/recurrent.h"

#include <algorithm>

namespace mote::graph {

bool fills_with_zeros(const Graph& graph, const Node& node) {
  if (node.op != "STREAM_WRITE" || node.inputs.size() < 2) return false;
  const Tensor *variable = graph.input(node, 0), *value = graph.input(node, 1);
  if (!variable || !value || !value->is_constant() || value->shape != variable->shape) return false;
  const auto zero = static_cast<std::byte>(value->type == DType::kInt8 ? value->zero_point() : 0);
  return std::ranges::all_of(value->data, [&](std::byte byte) { return byte == zero; });
}

bool is_filled_with_zeros(const Graph& graph, int variable) {
  return std::ranges::any_of(graph.nodes, [&](const Node& node) {
    return fills_with_zeros(graph, node) && node.inputs[0] == variable;
  });
}

}  // namespace mote::graph
