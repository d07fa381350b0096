#pragma once

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/parameters.h"

/// GRU with weights of INT8 and a state of INT16; mote/compiler/ops/gru.cc has its inputs.
namespace mote::quantize {

/// The state's numbers: the last output, within (-1, 1), whatever activations are.
Parameters gru_state();

/// Quantises the weights and biases of a float GRU, constants of `model`, in place of which the
/// node gets new ones.
///
///   weights         INT8, symmetric within [-127, 127], a scale a gate, along axis 0
///   input bias      INT32, of INT16 activations INT64; scale of `input` times that of the gate
///   recurrent bias  INT64; 1/32768 times the scale of the gate
///
/// A scale is no smaller than lets its bias fit what the operator takes.
void quantize_gru(graph::Model& model, graph::Node& node, const Parameters& input);

}  // namespace mote::quantize
