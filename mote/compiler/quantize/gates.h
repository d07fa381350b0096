#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// What GRU and LSTM have alike: gates, each a sum of weights times inputs, and a bias.
namespace mote::quantize {

/// Half of what a bias may have, so that there is room to add to: of INT32, and of INT64.
inline constexpr double kMostNarrowBias = 1 << 30;
inline constexpr double kMostWideBias = double{1ll << 45};

struct GateWeights {
  std::vector<std::int8_t> weights;  ///< symmetric within [-127, 127]
  float scale = 1;
  std::vector<std::int64_t> bias;  ///< in units of `source` times the scale
};

/// Quantises a gate's weights, with one scale, and the bias of their products with what has the
/// scale `source`. The scale is no smaller than keeps the bias below `most_bias`.
GateWeights quantize_gate(std::span<const float> weights, std::span<const float> bias, float source,
                          double most_bias);

/// A bias as a constant, of INT32 or INT64 as `info` says. @returns the tensor's index.
int add_gate_bias(graph::Model& model, graph::Tensor info, const std::vector<std::int64_t>& bias);

}  // namespace mote::quantize
