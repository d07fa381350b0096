#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "mote/compiler/quantize/ranges.h"

namespace mote::quantize {

enum class Scheme : std::uint8_t {
  kInt8,     ///< activations and weights of 8 bits
  kInt16x8,  ///< activations of 16 bits, weights of 8
  kWeights,  ///< floats, with weights of 8 bits
};
/// Whether to do what does not help every network.
enum class Choice : std::uint8_t {
  kAuto,  ///< where the outputs of the calibration data come nearer to the float network's
  kOn,
  kOff,
};

struct Options {
  Scheme scheme = Scheme::kInt8;
  RangeMethod ranges = RangeMethod::kMinMax;
  double percentile = 99.99;  ///< of RangeMethod::kPercentile
  Choice bias_correction = Choice::kAuto, equalize = Choice::kAuto;
  bool float_io = false;           ///< inputs and outputs stay FLOAT32
  bool per_channel_dense = false;  ///< FULLY_CONNECTED with a scale a unit
  /// Nodes that stay in floats: an operator's name, the name of an output, or a node's index.
  std::vector<std::string> keep_float;
  /// The signal-to-noise ratio, in dB, that the outputs must reach: nodes that do most harm go
  /// back to floats one by one until they do. -inf: whatever it is.
  double min_sqnr_db = -std::numeric_limits<double>::infinity();
};

}  // namespace mote::quantize
