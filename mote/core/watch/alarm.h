#pragma once

#include "mote/core/learn/sustained.h"

namespace mote::watch {

enum class Verdict { kNormal, kAttention, kAlarm };

/// A threshold is this many times the largest sustained score of held-out healthy windows; the
/// limit for attention, at which an alarm is also released, is half of that.
inline constexpr float kMargin = 3.4f, kAttentionShare = 0.5f;

/// A feature that moves by less than this means nothing, however steady it was while learning:
/// mounting, temperature and load move it by as much.
inline constexpr float kFloorDb = 1.0f;

/// Raises an alarm when three of the last five scores exceed the threshold, and releases it only
/// when three of the last five are back below half of it, so that it never flutters.
class Alarm {
 public:
  explicit Alarm(float threshold) : threshold_(threshold) {}

  Verdict update(float score) {
    sustained_.push(score);
    const float release = kAttentionShare * threshold_;
    if (sustained_.high() > threshold_) alarmed_ = true;
    if (sustained_.ready() && sustained_.low() < release) alarmed_ = false;
    if (alarmed_) return Verdict::kAlarm;
    return sustained_.high() > release ? Verdict::kAttention : Verdict::kNormal;
  }
  bool alarmed() const { return alarmed_; }
  float threshold() const { return threshold_; }

 private:
  learn::Sustained sustained_;
  float threshold_;
  bool alarmed_ = false;
};

}  // namespace mote::watch
