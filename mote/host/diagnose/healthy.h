#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mote/core/learn/baseline.h"
#include "mote/host/diagnose/feature_table.h"

namespace mote::diagnose {

/// How far a window's features are from healthy: learn::Mahalanobis, or learn::Reconstruction by a
/// network. Arguments as theirs.
using Score = std::function<float(const learn::Baseline&, const float* row, float* z)>;

/// What was learned from the healthy windows.
struct Healthy {
  watch::FeaturePlan plan;
  std::vector<float> memory;  ///< what `baseline` points into
  int windows = 0;            ///< learned from
  int typical = 0;            ///< of these, not left out as odd
  int recordings = 0;
  float held_out = 0;   ///< largest sustained score of healthy windows that were not learned from
  float threshold = 0;  ///< watch::kMargin times that

  learn::Baseline baseline() const {
    return learn::make_baseline(plan.dims(), const_cast<float*>(memory.data()));
  }
};

/// Healthy windows: rows of features and the recording each is from.
struct HealthyRows {
  watch::FeaturePlan plan;
  std::vector<float> values;
  std::vector<int> ends;  ///< as learn::Runs wants them

  void add(const FeatureTable& table, std::size_t windows);
};

/// Learns the baseline and cross-validates its threshold.
/// @returns kBadInput when there are fewer than learn::kFewestRows windows.
Result<Healthy> learn_healthy(const HealthyRows& rows, const Score& score);

}  // namespace mote::diagnose
