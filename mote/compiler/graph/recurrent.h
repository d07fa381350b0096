#pragma once

#include <cstddef>

#include "mote/compiler/graph/graph.h"

/// Recurrent layers in graphs: where their inputs stand, and what sets their state.
namespace mote::graph {

/// GRU, which no file of TensorFlow Lite has: mote/compiler/ops/gru.cc says what its inputs are.
namespace gru {
inline constexpr int kGates = 3;  ///< update, reset, candidate
inline constexpr std::size_t kInput = 0, kWeights = 1, kRecurrent = 2, kInputBias = 3,
                             kRecurrentBias = 4, kHidden = 5, kInputs = 6;
}  // namespace gru

/// UNIDIRECTIONAL_SEQUENCE_LSTM: where there are several of a kind, the place of the first gate's.
namespace lstm {
inline constexpr int kGates = 4;  ///< input, forget, cell, output
inline constexpr std::size_t kInput = 0, kWeights = 1, kRecurrent = 5, kPeephole = 9, kBias = 12,
                             kProjection = 16, kHidden = 18, kCell = 19, kNormalization = 20,
                             kInputs = 24;
}  // namespace lstm

/// Whether the node fills a variable, its input 0, with zeros: a STREAM_WRITE of all of it, as
/// there is one before layers that begin each run anew. Zero is the integer that stands for it.
bool fills_with_zeros(const Graph& graph, const Node& node);
/// Whether some node fills the variable so.
bool is_filled_with_zeros(const Graph& graph, int variable);

}  // namespace mote::graph
