#pragma once

#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/layers.h"

/// Filters and biases as integers.
namespace mote::quantize {

/// A filter of INT8, symmetric within [-127, 127].
struct Weights {
  std::vector<std::int8_t> values;  ///< in the filter's order
  std::vector<float> scales;        ///< one, or one a channel
  float scale_of(int channel) const {
    return scales[scales.size() > 1 ? static_cast<std::size_t>(channel) : 0];
  }
};

/// Quantises a layer's filter, with a scale a channel or one for all. A scale is no smaller than
/// lets the bias, in units of `input_scale` times it, fit `bias_bits` bits with room to add to.
/// `bias` may be empty.
Weights quantize_weights(const Layer& layer, std::span<const float> filter,
                         std::span<const float> bias, float input_scale, bool per_channel);

/// The scale of a bias: that of the input times that of the filter, in double as the reference's
/// multipliers are computed.
double bias_scale(float input_scale, float filter_scale);

}  // namespace mote::quantize
