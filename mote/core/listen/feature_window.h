#pragma once

#include "mote/core/base/wipe.h"
#include "mote/core/listen/framer.h"
#include "mote/core/signal/mfcc.h"

namespace mote::listen {

/// The front end that MLPerf Tiny's keyword models were trained with: one second of sound at 16 kHz
/// becomes 49 frames of 10 cepstral coefficients (Banbury et al. 2021, `keyword_spotting`).
struct KeywordFrontEnd {
  static constexpr int frame = 480, hop = 320, fft = 512, bands = 40, kept = 10;
  static constexpr int frames = 49;
  static constexpr int window_hops = 50;  ///< hops of a window: 16000 samples
  static constexpr int sample_rate_hz = 16000;
  static constexpr double low_hz = 20, high_hz = 4000;
  static constexpr float floor = 1e-6f;
};

/// What the samples of a window are divided by before anything else.
enum class Normalization : unsigned char {
  kNone,  ///< one
  kPeak,  ///< the window's largest sample, but at least kQuietestPeak
};

/// Below this (-60 dBFS) a window is silence, and dividing by its peak would make words of hiss.
inline constexpr float kQuietestPeak = 1e-3f;

/// The last window of sound as a model wants it, a hop at a time.
///
/// Keeps band energies, not samples: of the sound itself only the last hop is here. The gain of a
/// window is applied to energies, which are linear in it, so that each frame is transformed once
/// however many windows it is in.
///
/// Memory: frames * bands floats (7.8 KB for KeywordFrontEnd) and the Mfcc's tables.
template <class Settings>
class FeatureWindow {
 public:
  using FrontEnd = Settings;
  static constexpr int kFeatures = Settings::frames * Settings::kept;

  explicit FeatureWindow(Normalization normalization = Normalization::kPeak)
      : normalization_(normalization) {}

  /// Takes the next Settings::hop samples, in [-1, 1].
  void push(const float* samples) {
    if (const float* frame = framer_.push(samples)) {
      mfcc_.mel(frame, energies_[next_frame_]);
      next_frame_ = next_frame_ + 1 == Settings::frames ? 0 : next_frame_ + 1;
    }
    float peak = samples[0];
    for (int n = 0; n < Settings::hop; ++n)
      if (samples[n] > peak) peak = samples[n];
    peaks_[next_peak_] = peak;
    next_peak_ = next_peak_ + 1 == Settings::window_hops ? 0 : next_peak_ + 1;
    if (pushed_ < Settings::window_hops) ++pushed_;
  }

  /// Whether a whole window has been pushed.
  bool full() const { return pushed_ == Settings::window_hops; }

  /// features[frame][coefficient] of the window that ends with the last hop, oldest frame first.
  /// Needs full().
  ///
  ///   features  kFeatures entries
  void features(float* features) {
    const float gain = normalization_ == Normalization::kPeak ? 1.0f / peak() : 1.0f;
    for (int f = 0; f < Settings::frames; ++f) {
      const int oldest_first = (next_frame_ + f) % Settings::frames;
      mfcc_.cepstrum(energies_[oldest_first], gain, features + f * Settings::kept);
    }
  }

  /// Forgets everything heard, and overwrites it.
  void wipe() {
    framer_.wipe();
    mote::wipe(&energies_[0][0], Settings::frames * Settings::bands);
    mote::wipe(peaks_, Settings::window_hops);
    mfcc_.wipe();
    pushed_ = next_frame_ = next_peak_ = 0;
  }

 private:
  static_assert(Settings::window_hops == Settings::frames + 1);

  float peak() const {
    float peak = kQuietestPeak;
    for (float p : peaks_)
      if (p > peak) peak = p;
    return peak;
  }

  Normalization normalization_;
  Framer<Settings> framer_;
  signal::Mfcc<Settings> mfcc_;
  float energies_[Settings::frames][Settings::bands] = {};
  float peaks_[Settings::window_hops] = {};
  int pushed_ = 0, next_frame_ = 0, next_peak_ = 0;
};

}  // namespace mote::listen
