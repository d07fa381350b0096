#pragma once

#include "mote/core/learn/baseline.h"
#include "mote/core/signal/window.h"
#include "mote/core/watch/alarm.h"
#include "mote/core/watch/features.h"

namespace mote::watch {

/// What a monitor says about one window.
struct WindowResult {
  float score;
  Verdict verdict;
};

/// The whole application for a microcontroller: windows in, verdicts out, all memory inside.
///
/// Takes 16 B a frame of kWindow and 8 B a feature, whatever the number of axes (64 KiB for windows
/// of 4096 frames, 16 KiB for 1024); the frames' own buffer is the caller's. The baseline and its
/// threshold come from fit_baseline and held_out_score, on the device or on a PC.
///
///   kWindow  frames, a power of two in [FeaturePlan::kShortestWindow, kLongestWindow]
///   kDims    FeaturePlan::dims() of the plan it is given
///   Score    how far from healthy features are: learn::Mahalanobis, or learn::Reconstruction by a
///            trained network
template <int kWindow, int kDims, class Score = learn::Mahalanobis>
class Monitor {
 public:
  /// `baseline` and what it points to must outlive the monitor.
  Monitor(const FeaturePlan& plan, const learn::Baseline& baseline, float threshold,
          const Score& score = {})
      : plan_(plan), baseline_(baseline), score_(score), alarm_(threshold) {
    signal::make_hann(kWindow, hann_);
    signal::make_twiddles(kWindow, twiddles_);
  }

  /// frames: kWindow interleaved frames, the newest window.
  WindowResult process(const float* frames) {
    extract_features(plan_, frames, {hann_, twiddles_, samples_, spectrum_}, features_);
    const float s = score_(baseline_, features_, z_);
    return {s, alarm_.update(s)};
  }
  /// The latest window's features, kDims of them.
  const float* features() const { return features_; }

 private:
  FeaturePlan plan_;
  learn::Baseline baseline_;
  Score score_;
  Alarm alarm_;
  float hann_[kWindow], samples_[kWindow];
  signal::Complex twiddles_[kWindow / 2], spectrum_[kWindow / 2 + 1];
  float features_[kDims], z_[kDims];
};

}  // namespace mote::watch
