#pragma once

#include <string>
#include <vector>

#include "mote/core/watch/alarm.h"
#include "mote/host/diagnose/healthy.h"

namespace mote::diagnose {

/// A feature that moved.
struct Mover {
  int place = 0;      ///< in the feature vector
  float spreads = 0;  ///< how many healthy spreads it moved
  float db = 0;       ///< and how many decibels
};

/// One window and what was thought of it.
struct Judged {
  Window window;
  bool baseline = false;  ///< learned from, not judged
  float score = 0;
  watch::Verdict verdict = watch::Verdict::kNormal;
  Mover moved[2];  ///< the features that moved most, the largest first
};

/// A stretch of windows with the alarm raised.
struct Episode {
  std::size_t since = 0;      ///< the first window above the threshold of those that raised it
  std::size_t raised = 0;     ///< the window at which it was believed
  std::size_t end = 0;        ///< one past its last window
  std::vector<Mover> movers;  ///< at `raised`, the largest move first
};

/// All that `mote watch` has to say about one recording.
struct Diagnosis {
  std::string name;
  std::vector<std::string> axes;
  std::string baseline_text;  ///< "first 10 % of the recording"
  std::vector<std::string> notes;
  Healthy healthy;
  std::vector<Judged> windows;
  std::size_t first_judged = 0;
  std::vector<Episode> episodes;
  std::vector<Mover>
      movers_at_end;  ///< of the last five windows, all features, in their places' order

  bool ever_alarmed() const { return !episodes.empty(); }
  /// The alarm stands at the last window.
  bool alarmed() const { return ever_alarmed() && episodes.back().end == windows.size(); }
  watch::Verdict verdict() const { return windows.back().verdict; }
};

/// Scores the windows of `table` from `first_judged` on, raises and releases the alarm.
void judge(const FeatureTable& table, const Healthy& healthy, const Score& score,
           std::size_t first_judged, Diagnosis& diagnosis);

/// How the mean features of windows [begin, end) differ from healthy, a Mover for every feature.
std::vector<Mover> moves(const FeatureTable& table, const Healthy& healthy, std::size_t begin,
                         std::size_t end);

}  // namespace mote::diagnose
