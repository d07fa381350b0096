#pragma once

#include "mote/core/base/wipe.h"
#include "mote/core/listen/framer.h"
#include "mote/core/signal/mel_spectrum.h"
#include "mote/core/signal/pcen.h"

namespace mote::listen {

/// The front end of the project's own models (models/voice_commands): one second of sound at 16 kHz
/// becomes 49 frames of 40 bands, each normalised by its own past. A frame's features depend on
/// what was before it alone, so that a network may take them one by one, and they do not change.
struct VoiceFrontEnd {
  static constexpr int frame = 512, hop = 320, fft = 512, bands = 40, kept = bands;
  static constexpr int frames = 49;
  static constexpr int window_hops = 50;  ///< hops of a window: 16000 samples
  static constexpr int sample_rate_hz = 16000;
  static constexpr double low_hz = 60, high_hz = 7600;
  static constexpr signal::PcenSettings pcen = {
      .smoothing = 0.08f, .gain = 0.95f, .bias = 1.0f, .root = 0.5f, .floor = 1e-3f};
};

/// Sound to features, a hop at a time.
///
/// Memory: about 13 KB of tables and scratch for VoiceFrontEnd.
template <class Settings>
class VoiceFeatures {
 public:
  /// Takes the next Settings::hop samples, in [-1, 1]. @returns whether they completed a frame,
  /// whose Settings::bands features are then in `features`.
  bool push(const float* samples, float* features) {
    const float* frame = framer_.push(samples);
    if (!frame) return false;
    spectrum_.push(frame, features);
    pcen_.push(features, features);
    return true;
  }

  /// Forgets everything heard, and overwrites it.
  void wipe() {
    framer_.wipe();
    spectrum_.wipe();
    pcen_.wipe();
  }

 private:
  Framer<Settings> framer_;
  signal::MelSpectrum<Settings> spectrum_;
  signal::Pcen<Settings::bands> pcen_{Settings::pcen};
};

/// The last second of features as a network for whole windows wants it; what FeatureWindow is to
/// cepstral coefficients.
///
/// Memory: frames * bands floats (7.8 KB for VoiceFrontEnd) and VoiceFeatures.
template <class Settings>
class VoiceWindow {
 public:
  using FrontEnd = Settings;
  static constexpr int kFeatures = Settings::frames * Settings::bands;

  /// Takes the next Settings::hop samples, in [-1, 1].
  void push(const float* samples) {
    if (features_.push(samples, frames_[next_]))
      next_ = next_ + 1 == Settings::frames ? 0 : next_ + 1;
    if (pushed_ < Settings::window_hops) ++pushed_;
  }

  /// Whether a whole window has been pushed.
  bool full() const { return pushed_ == Settings::window_hops; }

  /// features[frame][band] of the window that ends with the last hop, oldest frame first. Needs
  /// full().
  ///
  ///   features  kFeatures entries
  void features(float* features) const {
    for (int f = 0; f < Settings::frames; ++f) {
      const float* frame = frames_[(next_ + f) % Settings::frames];
      for (int b = 0; b < Settings::bands; ++b) *features++ = frame[b];
    }
  }

  /// Forgets everything heard, and overwrites it.
  void wipe() {
    features_.wipe();
    mote::wipe(&frames_[0][0], Settings::frames * Settings::bands);
    pushed_ = next_ = 0;
  }

 private:
  static_assert(Settings::window_hops == Settings::frames + 1);
  VoiceFeatures<Settings> features_;
  float frames_[Settings::frames][Settings::bands] = {};
  int pushed_ = 0, next_ = 0;
};

}  // namespace mote::listen
