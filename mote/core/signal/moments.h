#pragma once

#include "mote/core/base/math.h"

namespace mote::signal {

/// What the amplitude distribution of one window looks like.
struct Moments {
  float mean;
  float rms;       ///< of the samples without their mean: the standard deviation, divisor `count`
  float peak;      ///< largest |sample - mean|
  float crest;     ///< peak / rms; 1 for a square wave, 1.41 for a sine
  float skewness;  ///< third standardised moment; 0 for a symmetric distribution
  float kurtosis;  ///< fourth standardised moment; 1.5 for a sine, 3 for Gaussian noise
};

/// The moments of `count` samples, each sum in a pass of its own so that large offsets do not hurt.
///
/// Constant samples have rms 0; their crest is then 1, their skewness 0 and their kurtosis 3.
///
///   samples  count values
///   count    >= 1
inline Moments moments(const float* samples, int count) {
  const float n = static_cast<float>(count);
  float sum = 0, squares = 0, peak = 0;
  for (int i = 0; i < count; ++i) sum += samples[i];
  const float mean = sum / n;
  for (int i = 0; i < count; ++i) {
    const float d = samples[i] - mean;
    squares += d * d;
    peak = fabsf(d) > peak ? fabsf(d) : peak;
  }
  const float rms = sqrtf(squares / n);
  if (!(rms > 0)) return {mean, 0, peak, 1, 0, 3};
  float cubes = 0, fourths = 0;
  for (int i = 0; i < count; ++i) {
    const float d = (samples[i] - mean) / rms;  // standardised first, so that d^4 cannot overflow
    cubes += d * d * d;
    fourths += d * d * d * d;
  }
  return {mean, rms, peak, peak / rms, cubes / n, fourths / n};
}

}  // namespace mote::signal
