#pragma once

#include "mote/core/base/math.h"
#include "mote/core/base/wipe.h"

namespace mote::signal {

/// How per-channel energy normalisation weighs what it hears.
struct PcenSettings {
  float smoothing;  ///< of the running mean, a frame, in (0, 1]: s
  float gain;       ///< how far loudness is taken out, in [0, 1]: alpha
  float bias;       ///< > 0: delta
  float root;       ///< in (0, 1]: r
  float floor;      ///< > 0, in units of the energies: epsilon; what is far below it stays quiet
};

/// Per-channel energy normalisation (Wang et al. 2017, "Trainable Frontend for Robust and Far-Field
/// Keyword Spotting"): each band is divided by its own recent mean, so that steady noise and the
/// distance to the microphone go, and onsets stay.
///
///   mean     = (1 - smoothing) mean + smoothing energy         (begins with the first frame's)
///   feature  = (energy / (floor + mean)^gain + bias)^root - bias^root
///
/// Causal: a frame's features depend on it and on those before it.
template <int kBands>
class Pcen {
 public:
  explicit Pcen(const PcenSettings& settings)
      : settings_(settings), zero_(powf(settings.bias, settings.root)) {}

  /// The features of the next frame.
  ///
  ///   energies  kBands entries >= 0
  ///   features  kBands entries >= 0; may be `energies`
  void push(const float* energies, float* features) {
    const float keep = began_ ? 1.0f - settings_.smoothing : 0.0f;
    began_ = true;
    for (int b = 0; b < kBands; ++b) {
      mean_[b] = keep * mean_[b] + (1.0f - keep) * energies[b];
      const float level = energies[b] * powf(settings_.floor + mean_[b], -settings_.gain);
      features[b] = powf(level + settings_.bias, settings_.root) - zero_;
    }
  }

  /// Forgets what it heard, and overwrites it.
  void wipe() {
    mote::wipe(mean_, kBands);
    began_ = false;
  }

 private:
  PcenSettings settings_;
  float zero_;
  float mean_[kBands] = {};
  bool began_ = false;
};

}  // namespace mote::signal
