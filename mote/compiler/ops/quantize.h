#pragma once

#include <cstdint>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

/// Turning scales into integers, as TensorFlow Lite's converter and Prepare functions do.
namespace mote::ops {

/// A positive real factor as multiplier / 2^31 * 2^shift.
struct QuantizedMultiplier {
  std::int32_t multiplier = 0;  ///< in [2^30, 2^31), or 0 for factors below 2^-32
  int shift = 0;                ///< in [-31, 30]
};

/// Splits a factor into Q31 mantissa and power of two, rounded halves away from zero
/// (QuantizeMultiplier of TensorFlow Lite's quantization_util.cc).
QuantizedMultiplier quantize_multiplier(double factor);

/// Bounds that a fused activation puts on a quantised output, in its units.
struct ActivationRange {
  int min = 0, max = 0;
};

/// The range of `output`'s integer type, narrowed by its fused activation (TensorFlow Lite's enum:
/// 0 NONE, 1 RELU, 2 RELU_N1_TO_1, 3 RELU6).
/// @returns kUnsupported for the other activations (TANH, SIGN_BIT).
Result<ActivationRange> activation_range(const graph::Tensor& output, int activation);

/// The same for float outputs.
struct FloatActivationRange {
  float min = 0, max = 0;
};
Result<FloatActivationRange> float_activation_range(int activation);

}  // namespace mote::ops
