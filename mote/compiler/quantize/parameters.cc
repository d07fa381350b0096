#include "mote/compiler/quantize/parameters.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mote::quantize {

Range united(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

int lowest(DType type) { return type == DType::kInt16 ? -32768 : -128; }
int highest(DType type) { return type == DType::kInt16 ? 32767 : 127; }

Parameters parameters_for(DType type, Range range) {
  const double low = std::min(0.0, double{range.low}), high = std::max(0.0, double{range.high});
  // Beyond these, 1 / scale is no number of float's.
  const auto usable = [](double scale) {
    return static_cast<float>(std::clamp(scale, 1e-30, 1e30));
  };
  if (low == 0 && high == 0) return {.type = type};
  if (type == DType::kInt16)
    return {.type = type, .scale = usable(std::max(-low, high) / highest(type))};
  const double scale = double{usable((high - low) / 255)};
  // The zero point that makes the ends fit best: from whichever end errs less when rounded.
  const double from_low = -128 - low / scale, from_high = 127 - high / scale;
  const double error_low = std::abs(-128.0) + std::abs(low / scale);
  const double error_high = std::abs(127.0) + std::abs(high / scale);
  const double exact = error_low < error_high ? from_low : from_high;
  return {.type = type,
          .scale = static_cast<float>(scale),
          .zero_point = static_cast<int>(std::clamp(std::round(exact), -128.0, 127.0))};
}

Range range_of(const Parameters& p) {
  return {p.scale * static_cast<float>(lowest(p.type) - p.zero_point),
          p.scale * static_cast<float>(highest(p.type) - p.zero_point)};
}

int quantized(const Parameters& p, float x) {
  const float steps = std::round(x / p.scale) + static_cast<float>(p.zero_point);
  return static_cast<int>(
      std::clamp(steps, static_cast<float>(lowest(p.type)), static_cast<float>(highest(p.type))));
}

float rounded(const Parameters& p, float x) {
  return p.scale * static_cast<float>(quantized(p, x) - p.zero_point);
}

graph::Quantization quantization_of(const Parameters& p) {
  return {.scale = {p.scale}, .zero_point = {p.zero_point}};
}

std::vector<std::byte> quantized_bytes(const Parameters& p, std::span<const float> values) {
  const auto size = static_cast<std::size_t>(size_of(p.type));
  std::vector<std::byte> bytes(values.size() * size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto element = static_cast<std::int16_t>(quantized(p, values[i]));
    std::memcpy(bytes.data() + i * size, &element, size);  // little-endian: the low byte first
  }
  return bytes;
}

}  // namespace mote::quantize
