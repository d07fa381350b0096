#pragma once

#include "mote/core/base/wipe.h"

namespace mote::listen {

/// Cuts a stream of hops into overlapping frames.
///
///   |-hop-|-hop-|-hop-| ...
///   [ frame ]                   a frame is one hop and the beginning of the next
///         [ frame ]
///
/// `Settings` has `frame` and `hop`, samples each, hop <= frame <= 2 hop.
template <class Settings>
class Framer {
 public:
  /// Takes the next Settings::hop samples. @returns the frame that they complete, Settings::frame
  /// samples that stay until the next call, or null for the first hop.
  const float* push(const float* samples) {
    constexpr int kOverlap = Settings::frame - Settings::hop;
    for (int n = 0; n < Settings::hop; ++n) frame_[n] = hop_[n];
    for (int n = 0; n < kOverlap; ++n) frame_[Settings::hop + n] = samples[n];
    for (int n = 0; n < Settings::hop; ++n) hop_[n] = samples[n];
    const bool complete = began_;
    began_ = true;
    return complete ? frame_ : nullptr;
  }

  /// Forgets what it holds, and overwrites it.
  void wipe() {
    mote::wipe(frame_, Settings::frame);
    mote::wipe(hop_, Settings::hop);
    began_ = false;
  }

 private:
  static_assert(Settings::frame >= Settings::hop && Settings::frame <= 2 * Settings::hop);
  float frame_[Settings::frame] = {};
  float hop_[Settings::hop] = {};
  bool began_ = false;
};

}  // namespace mote::listen
