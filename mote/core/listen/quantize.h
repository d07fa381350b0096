#pragma once

#include <stdint.h>

#include "mote/core/base/math.h"

namespace mote::listen {

/// The nearest int8 to value/scale + zero_point, saturated; a half goes away from zero.
inline int8_t quantize(float value, float scale, int zero_point) {
  const float q = roundf(value / scale) + static_cast<float>(zero_point);
  return static_cast<int8_t>(q < -128.0f ? -128.0f : q > 127.0f ? 127.0f : q);
}

/// (value - zero_point) * scale.
constexpr float dequantize(int8_t value, float scale, int zero_point) {
  return static_cast<float>(value - zero_point) * scale;
}

}  // namespace mote::listen
