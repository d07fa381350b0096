#pragma once

#include "mote/core/base/math.h"
#include "mote/core/base/wipe.h"
#include "mote/core/signal/dct.h"
#include "mote/core/signal/mel_spectrum.h"

namespace mote::signal {

/// Mel-frequency cepstral coefficients of one frame of sound, in two steps that a caller may part:
/// mel() is linear in the samples, cepstrum() applies a gain that may be known only later (the
/// largest sample of a whole second, say) before it takes the logarithm.
///
/// `Settings` names the front end: what MelSpectrum asks for, and
///   kept     coefficients kept of the `bands` that the cosine transform has
///   floor    added before the logarithm
///
/// About 12 KB for 480 samples, 512 points and 40 bands; allocates nothing. Scratch holds traces of
/// the last frame until wipe().
template <class Settings>
class Mfcc {
 public:
  Mfcc() { make_dct(Settings::bands, Settings::kept, table_); }

  /// energies[b] = sum over bins of weight * |spectrum|.
  ///
  ///   samples   Settings::frame entries
  ///   energies  Settings::bands entries
  void mel(const float* samples, float* energies) { spectrum_.push(samples, energies); }

  /// coefficients = DCT-II of ln(gain * energies + floor).
  ///
  ///   energies      Settings::bands entries, from mel()
  ///   coefficients  Settings::kept entries
  void cepstrum(const float* energies, float gain, float* coefficients) {
    for (int b = 0; b < Settings::bands; ++b) logs_[b] = logf(gain * energies[b] + Settings::floor);
    dct(logs_, table_, Settings::bands, Settings::kept, coefficients);
  }

  /// Overwrites what is left of the last frame.
  void wipe() {
    spectrum_.wipe();
    mote::wipe(logs_, Settings::bands);
  }

 private:
  static_assert(Settings::kept <= Settings::bands);
  MelSpectrum<Settings> spectrum_;
  float table_[Settings::kept * Settings::bands];
  float logs_[Settings::bands] = {};
};

}  // namespace mote::signal
