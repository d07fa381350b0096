#pragma once

#include "mote/core/base/math.h"
#include "mote/core/base/wipe.h"
#include "mote/core/signal/dct.h"
#include "mote/core/signal/fft.h"
#include "mote/core/signal/mel.h"
#include "mote/core/signal/window.h"

namespace mote::signal {

/// Mel-frequency cepstral coefficients of one frame of sound, in two steps that a caller may part:
/// mel() is linear in the samples, cepstrum() applies a gain that may be known only later (the
/// largest sample of a whole second, say) before it takes the logarithm.
///
/// `Settings` names the front end:
///   frame    samples of a frame; <= fft
///   fft      a power of two >= 4; the frame is padded with zeros at its end
///   bands    triangular filters over the magnitude spectrum
///   kept     coefficients kept of the `bands` that the cosine transform has
///   sample_rate_hz, low_hz, high_hz    floor: added before the logarithm
///
/// Holds its tables and its scratch itself (about 12 KB for 480 samples, 512 points and 40 bands);
/// allocates nothing. Scratch holds traces of the last frame until wipe().
template <class Settings>
class Mfcc {
 public:
  static constexpr int kBins = Settings::fft / 2 + 1;

  Mfcc() {
    make_hann(Settings::frame, window_);
    make_twiddles(Settings::fft, twiddles_);
    make_mel_places({.bands = Settings::bands,
                     .bins = kBins,
                     .sample_rate_hz = Settings::sample_rate_hz,
                     .low_hz = Settings::low_hz,
                     .high_hz = Settings::high_hz},
                    places_);
    make_dct(Settings::bands, Settings::kept, table_);
  }

  /// energies[b] = sum over bins of weight * |spectrum|.
  ///
  ///   samples   Settings::frame entries
  ///   energies  Settings::bands entries
  void mel(const float* samples, float* energies) {
    for (int n = 0; n < Settings::frame; ++n) padded_[n] = samples[n] * window_[n];
    for (int n = Settings::frame; n < Settings::fft; ++n) padded_[n] = 0.0f;
    real_fft(padded_, Settings::fft, twiddles_, spectrum_);
    for (int k = 0; k < kBins; ++k) padded_[k] = sqrtf(norm(spectrum_[k]));
    mel_energies(padded_, places_, kBins, Settings::bands, energies);
  }

  /// coefficients = DCT-II of ln(gain * energies + floor).
  ///
  ///   energies      Settings::bands entries, from mel()
  ///   coefficients  Settings::kept entries
  void cepstrum(const float* energies, float gain, float* coefficients) {
    for (int b = 0; b < Settings::bands; ++b)
      padded_[b] = logf(gain * energies[b] + Settings::floor);
    dct(padded_, table_, Settings::bands, Settings::kept, coefficients);
  }

  /// Overwrites what is left of the last frame.
  void wipe() {
    mote::wipe(padded_, Settings::fft);
    mote::wipe(spectrum_, kBins);
  }

 private:
  static_assert(Settings::frame <= Settings::fft && Settings::bands <= Settings::fft &&
                Settings::kept <= Settings::bands);
  float window_[Settings::frame];
  Complex twiddles_[Settings::fft / 2];
  MelPlace places_[kBins];
  float table_[Settings::kept * Settings::bands];
  float padded_[Settings::fft] = {};
  Complex spectrum_[kBins] = {};
};

}  // namespace mote::signal
