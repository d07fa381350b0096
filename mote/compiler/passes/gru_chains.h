#pragma once

#include <array>
#include <span>
#include <vector>

#include "mote/compiler/graph/recurrent.h"

/// GRUs in a graph that computes them step by step; see recognise_gru().
namespace mote::passes {

using Bytes = std::span<const std::byte>;

/// Some rows of a dense layer: weights * source + bias.
struct GruRows {
  int source = graph::kNoTensor;
  int axis = -1, step = -1;  ///< -1: all of the source; otherwise its part there along time
  Bytes weights, bias;       ///< of floats; no bias: zeros

  bool is_of_step() const { return step >= 0; }
};

/// One step of a GRU.
struct GruStep {
  int before = graph::kNoTensor;  ///< the state; graph::kNoTensor: it is zero, and formulas are
                                  ///< what is left then
  bool is_linear = true;
  std::array<GruRows, graph::gru::kGates> input, state;
};

/// A whole GRU: the tensors of its states, in order, and what its steps have in common.
struct GruChain {
  std::vector<int> states;
  GruStep step;
};

/// The chains of steps that make up whole GRUs. Weights point into the model's storage.
std::vector<GruChain> find_gru_chains(const graph::Graph& graph);

}  // namespace mote::passes
