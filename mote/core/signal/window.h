#pragma once

#include "mote/core/base/math.h"

namespace mote::signal {

/// window[n] = 0.5 - 0.5 * cos(2*pi*n/length): the periodic Hann window, as TensorFlow's
/// `tf.signal.hann_window` and SciPy's `hann(length, sym=False)` give it.
///
///   length  >= 1
///   window  length entries
inline void make_hann(int length, float* window) {
  const double step = 2.0 * 3.14159265358979323846 / length;
  for (int n = 0; n < length; ++n) window[n] = static_cast<float>(0.5 - 0.5 * cos(step * n));
}

}  // namespace mote::signal
