#pragma once

#include "mote/core/base/math.h"
#include "mote/core/base/wipe.h"
#include "mote/core/signal/fft.h"
#include "mote/core/signal/mel.h"
#include "mote/core/signal/window.h"

namespace mote::signal {

/// Magnitudes of one frame of sound in bands that are linear in mel: Hann window, FFT, triangles.
///
/// `Settings` names them:
///   frame    samples of a frame; <= fft
///   fft      a power of two >= 4; the frame is padded with zeros at its end
///   bands    triangular filters over the magnitude spectrum
///   sample_rate_hz, low_hz, high_hz
///
/// Holds its tables and its scratch itself (about 10 KB for 480 samples and 512 points); allocates
/// nothing. Scratch holds traces of the last frame until wipe().
template <class Settings>
class MelSpectrum {
 public:
  static constexpr int kBins = Settings::fft / 2 + 1;

  MelSpectrum() {
    make_hann(Settings::frame, window_);
    make_twiddles(Settings::fft, twiddles_);
    make_mel_places({.bands = Settings::bands,
                     .bins = kBins,
                     .sample_rate_hz = Settings::sample_rate_hz,
                     .low_hz = Settings::low_hz,
                     .high_hz = Settings::high_hz},
                    places_);
  }

  /// energies[b] = sum over bins of weight * |spectrum|: linear in the samples' gain.
  ///
  ///   samples   Settings::frame entries
  ///   energies  Settings::bands entries
  void push(const float* samples, float* energies) {
    for (int n = 0; n < Settings::frame; ++n) padded_[n] = samples[n] * window_[n];
    for (int n = Settings::frame; n < Settings::fft; ++n) padded_[n] = 0.0f;
    real_fft(padded_, Settings::fft, twiddles_, spectrum_);
    for (int k = 0; k < kBins; ++k) padded_[k] = sqrtf(norm(spectrum_[k]));
    mel_energies(padded_, places_, kBins, Settings::bands, energies);
  }

  /// Overwrites what is left of the last frame.
  void wipe() {
    mote::wipe(padded_, Settings::fft);
    mote::wipe(spectrum_, kBins);
  }

 private:
  static_assert(Settings::frame <= Settings::fft && Settings::bands <= Settings::fft);
  float window_[Settings::frame];
  Complex twiddles_[Settings::fft / 2];
  MelPlace places_[kBins];
  float padded_[Settings::fft] = {};
  Complex spectrum_[kBins] = {};
};

}  // namespace mote::signal
