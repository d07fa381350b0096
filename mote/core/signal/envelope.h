#pragma once

#include "mote/core/base/math.h"
#include "mote/core/signal/fft.h"

namespace mote::signal {

/// The envelope of a signal's upper band, length/8 < bin < length/2, from its spectrum, in place.
///
/// The envelope is the magnitude of the analytic signal: the positive frequencies of the band only,
/// transformed back (Randall and Antoni, "Rolling element bearing diagnostics - a tutorial", MSSP
/// 25, 2011, section 5). Shifting the band down to 0 Hz changes no magnitude, so a transform of
/// half the length is enough: every second sample of the envelope, in the memory of the spectrum.
///
///   spectrum  length/2 + 1 entries from real_fft; overwritten
///   length    a power of two >= 16
///   twiddles  from make_twiddles(length)
///   envelope  length/2 values; may be the memory of the samples, not that of the spectrum
inline void envelope_from_spectrum(Complex* spectrum, int length, const Complex* twiddles,
                                   float* envelope) {
  const int half = length / 2, low = length / 8 + 1, kept = half - low;
  for (int k = 0; k < kept; ++k) spectrum[k] = {spectrum[low + k].re, -spectrum[low + k].im};
  for (int k = kept; k < half; ++k) spectrum[k] = {0, 0};
  // The forward transform of the conjugate is the conjugate of the inverse: the same magnitude.
  complex_fft(spectrum, half, twiddles, /*twiddle_stride=*/2);
  const float scale = 2.0f / static_cast<float>(length);
  for (int n = 0; n < half; ++n) envelope[n] = scale * sqrtf(norm(spectrum[n]));
}

}  // namespace mote::signal
