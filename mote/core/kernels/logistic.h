#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/base/math.h"

/// One element of LOGISTIC and TANH, for all kernels that need it.
namespace mote::kernels {

/// The smallest float above which the logistic function rounds to 1.
inline constexpr float kLogisticIsOneAbove = 16.619047164916992188f;

/// 1 / (1 + exp(-x))
MOTE_INLINE float logistic(float x) {
  if (x > kLogisticIsOneAbove) return 1.0f;
  return x < -9 ? expf(x) : 1 / (1 + expf(-x));
}

/// 1 / (1 + exp(-x)) in units of 1/32768, x in steps of 1 / (24 * 512); interpolates between the
/// entries of `table`, 65536 / (1 + exp(-i / 24)) - 32768 for i in [0, 256).
MOTE_INLINE int16_t logistic_of_steps(const int16_t* table, int32_t steps) {
  const int32_t magnitude = steps < 0 ? -steps : steps;
  const int32_t entry = magnitude >> 9, rest = magnitude & 511;
  int32_t y = 0x7fff << 10;  // of 2^25
  if (entry < 255) {
    const int32_t low = table[entry] + 32768, high = table[entry + 1] + 32768;
    y = (low << 9) + rest * (high - low);
  }
  return static_cast<int16_t>((steps >= 0 ? y + 512 : (1 << 25) - y + 511) >> 10);
}

/// tanh(x) = 2 / (1 + exp(-2x)) - 1 in the same units, by the same table.
MOTE_INLINE int16_t tanh_of_steps(const int16_t* table, int32_t steps) {
  const int32_t magnitude = steps < 0 ? -steps : steps;
  const int32_t entry = magnitude >> 8, rest = magnitude & 255;
  int32_t y = 0xffff << 8;  // of 2^24
  if (entry < 255) {
    const int32_t low = table[entry] + 32768, high = table[entry + 1] + 32768;
    y = (low << 8) + rest * (high - low);
  }
  const int32_t centered = y - (1 << 23);
  return static_cast<int16_t>((steps >= 0 ? centered + 128 : 127 - centered) >> 8);
}

}  // namespace mote::kernels
