#include "mote/compiler/quantize/recurrent.h"

#include <algorithm>
#include <span>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/quantize/gru.h"
#include "mote/compiler/quantize/lstm.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

namespace gru = graph::gru;
namespace lstm = graph::lstm;
constexpr std::size_t kStatesOfGru[] = {gru::kHidden};
constexpr std::size_t kStatesOfLstm[] = {lstm::kHidden, lstm::kCell};

std::span<const std::size_t> state_places(const Node& node) {
  if (node.op == "GRU") return kStatesOfGru;
  return kStatesOfLstm;
}

bool has_state(const Node& node, int tensor) {
  return is_recurrent(node) && std::ranges::any_of(state_places(node), [&](std::size_t place) {
           return place < node.inputs.size() && node.inputs[place] == tensor;
         });
}

}  // namespace

bool is_recurrent(const Node& node) {
  return node.op == "GRU" || node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM";
}

bool zeroes_state(const Graph& graph, const Node& node) {
  return graph::fills_with_zeros(graph, node) &&
         std::ranges::any_of(graph.nodes,
                             [&](const Node& layer) { return has_state(layer, node.inputs[0]); });
}

bool has_integer_form(const Graph& graph, const Node& node) {
  if (!is_recurrent(node)) return false;
  const bool is_gru = node.op == "GRU";
  if (is_gru ? node.inputs.size() != gru::kInputs : !is_standard_lstm(node)) return false;
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    const Tensor* input = graph.input(node, i);
    if (has_state(node, node.inputs[i])) continue;
    if (input ? !input->is_constant() || input->type != DType::kFloat32 : is_gru) return false;
  }
  return std::ranges::all_of(graph.nodes, [&](const Node& other) {
    return &other == &node || zeroes_state(graph, other) ||
           std::ranges::none_of(state_places(node), [&](std::size_t place) {
             return std::ranges::count(other.inputs, node.inputs[place]) > 0;
           });
  });
}

std::map<int, Parameters> states_of(const Node& node, const Parameters& output,
                                    const Statistics& statistics) {
  if (node.op == "GRU") return {{node.inputs[gru::kHidden], gru_state()}};
  const int cell = node.inputs[lstm::kCell];
  const Histogram* seen = statistics.of(cell);
  constexpr Range kWide = {-16, 16};  // squashed, that is as good as 1
  return {{node.inputs[lstm::kHidden], output},
          {cell, cell_parameters(seen ? seen->range : kWide)}};
}

void quantize_recurrent(graph::Model& model, Node& node, const Parameters& input,
                        const Parameters& output) {
  if (node.op == "GRU") return quantize_gru(model, node, input);
  quantize_lstm(model, node, input, output);
}

}  // namespace mote::quantize
