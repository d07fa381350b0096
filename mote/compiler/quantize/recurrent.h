#pragma once

#include <map>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/parameters.h"
#include "mote/compiler/quantize/statistics.h"

/// Layers with state: GRU, which is mote's alone, and UNIDIRECTIONAL_SEQUENCE_LSTM.
namespace mote::quantize {

/// Whether a node is such a layer.
bool is_recurrent(const graph::Node& node);

/// Whether a float layer has a form for integers: its weights are constants, and nothing but itself
/// touches its state, or what fills that with zeros when a run begins.
bool has_integer_form(const graph::Graph& graph, const graph::Node& node);

/// Whether the node fills a state of such a layer with zeros.
bool zeroes_state(const graph::Graph& graph, const graph::Node& node);

/// The parameters of a layer's states, by tensor; `output` are those of its output.
std::map<int, Parameters> states_of(const graph::Node& node, const Parameters& output,
                                    const Statistics& statistics);

/// Quantises the weights and biases of a float layer, constants of `model`, in place of which the
/// node gets new ones; see quantize_gru() and quantize_lstm().
void quantize_recurrent(graph::Model& model, graph::Node& node, const Parameters& input,
                        const Parameters& output);

}  // namespace mote::quantize
