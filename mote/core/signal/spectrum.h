#pragma once

#include "mote/core/signal/fft.h"

namespace mote::signal {

/// spectrum = FFT of (samples - mean) * window.
///
///   samples   length values, overwritten by the windowed ones
///   window    length values, from make_hann
///   length    a power of two >= 4
///   twiddles  from make_twiddles(length)
///   spectrum  length/2 + 1 entries
inline void windowed_spectrum(float* samples, const float* window, int length, float mean,
                              const Complex* twiddles, Complex* spectrum) {
  for (int i = 0; i < length; ++i) samples[i] = (samples[i] - mean) * window[i];
  real_fft(samples, length, twiddles, spectrum);
}

/// Number of octave bands of a spectrum: bins 1-2, 3-4, 5-8, ... up to half the sampling rate.
///
///   length  of the window, a power of two >= 4
constexpr int octave_bands(int length) {
  int bands = 0;
  for (int half = length / 2; half > 1; half /= 2) ++bands;
  return bands;
}

/// The bins of octave band `band`: above `low`, up to and including `high`.
struct BandBins {
  int low, high;
};
constexpr BandBins octave_band_bins(int band) {
  return {band == 0 ? 0 : 1 << band, 1 << (band + 1)};
}

/// powers[b] = sum of |spectrum[k]|^2 over the bins of octave band b; the bin of the mean is in
/// none.
///
///   spectrum  length/2 + 1 entries
///   powers    octave_bands(length) entries
inline void octave_band_powers(const Complex* spectrum, int length, float* powers) {
  const int bands = octave_bands(length);
  for (int b = 0; b < bands; ++b) {
    const BandBins bins = octave_band_bins(b);
    float power = 0;
    for (int k = bins.low + 1; k <= bins.high; ++k) power += norm(spectrum[k]);
    powers[b] = power;
  }
}

/// |sum_n samples[n] * exp(-2*pi*i*cycles*n/length)|^2 at any frequency, not only at a bin's.
///
/// A rotating phasor instead of the Goertzel recursion, whose error grows at low frequencies
/// (Gentleman 1969), which is where the shaft turns.
///
///   cycles  periods within the window, in [0, length/2]
inline float power_at(const float* samples, int length, double cycles) {
  const double step = -2.0 * 3.14159265358979323846 * cycles / length;
  const double turn_re = cos(step), turn_im = sin(step);
  double re = 1, im = 0, sum_re = 0, sum_im = 0;
  for (int n = 0; n < length; ++n) {
    sum_re += static_cast<double>(samples[n]) * re;
    sum_im += static_cast<double>(samples[n]) * im;
    const double next = re * turn_re - im * turn_im;
    im = re * turn_im + im * turn_re;
    re = next;
  }
  return static_cast<float>(sum_re * sum_re + sum_im * sum_im);
}

}  // namespace mote::signal
