#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/core/base/dtype.h"

/// Scales and zero points as TensorFlow Lite's quantisation specification has them.
namespace mote::quantize {

/// The real numbers that a tensor is to hold.
struct Range {
  float low = 0, high = 0;
};
/// The smallest range that holds both.
Range united(const Range& a, const Range& b);

/// real = scale * (integer - zero_point), one for the whole tensor.
struct Parameters {
  DType type = DType::kInt8;
  float scale = 1;
  int zero_point = 0;

  bool operator==(const Parameters&) const = default;
};

/// The lowest and the highest integer of INT8 or INT16.
int lowest(DType type);
int highest(DType type);

/// INT8: asymmetric, over all 256 values; the range is widened to hold 0, which becomes an integer.
/// INT16: symmetric, of 32767 steps each way. An empty range (0 to 0) gets the scale 1.
Parameters parameters_for(DType type, Range range);

/// What the integers of the parameters' type can express.
Range range_of(const Parameters& parameters);

/// round(x / scale) + zero point, halves away from zero, saturated to the type.
int quantized(const Parameters& parameters, float x);
/// The real number that is left of x.
float rounded(const Parameters& parameters, float x);

/// As the graph has them.
graph::Quantization quantization_of(const Parameters& parameters);

/// The bytes of numbers quantised one by one.
std::vector<std::byte> quantized_bytes(const Parameters& parameters, std::span<const float> values);

}  // namespace mote::quantize
