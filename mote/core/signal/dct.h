#pragma once

#include "mote/core/base/math.h"

namespace mote::signal {

/// Fills `table[c][n] = sqrt(2/size) * cos(pi/size * c * (n + 1/2))`, which dct() wants: the DCT-II
/// as TensorFlow's `mfccs_from_log_mel_spectrograms` scales it (orthonormal but for c = 0).
///
///   size   inputs, >= 1
///   count  coefficients kept, in [1, size]
///   table  count * size entries
inline void make_dct(int size, int count, float* table) {
  const double scale = sqrt(2.0 / size), step = 3.14159265358979323846 / size;
  for (int c = 0; c < count; ++c)
    for (int n = 0; n < size; ++n)
      table[c * size + n] = static_cast<float>(scale * cos(step * c * (n + 0.5)));
}

/// out[c] = sum_n table[c][n] * in[n].
///
///   in     size entries
///   table  from make_dct(size, count)
///   out    count entries; must not overlap `in`
inline void dct(const float* in, const float* table, int size, int count, float* out) {
  for (int c = 0; c < count; ++c) {
    float sum = 0.0f;
    for (int n = 0; n < size; ++n) sum += table[c * size + n] * in[n];
    out[c] = sum;
  }
}

}  // namespace mote::signal
