#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/core/watch/features.h"
#include "mote/host/sources/recording.h"
#include "mote/support/result.h"

namespace mote::diagnose {

/// When the captures of a recording were made; empty where there is no such table.
struct Times {
  std::vector<double> t_s;          ///< a capture each, ascending
  std::vector<double> remaining_s;  ///< the same length, or empty
};

/// Reads a table with the columns t_s and, where known, remaining_s and start_frame: a row a
/// capture.
///
/// @returns kBadInput for what is missing, not ascending, or contradicts `segment_frames`.
Result<Times> parse_times(const std::string& name, std::span<const std::byte> bytes,
                          std::int64_t segment_frames);

/// How a recording is cut into windows.
struct Cut {
  std::int64_t segment_frames = 0;  ///< captures put end to end, never crossed by a window; 0: one
  double scale = 1;                 ///< every sample is multiplied by it
};

/// One window: where it lies and its features.
struct Window {
  std::int64_t frame = 0;   ///< its first frame
  double t_s = 0;           ///< since the recording began
  double remaining_s = -1;  ///< what Times says, or -1
};

/// The features of all windows of a recording, in order of time.
struct FeatureTable {
  std::string name;
  watch::FeaturePlan plan;
  std::vector<Window> windows;
  std::vector<float> values;  ///< [windows][plan.dims()]

  const float* row(std::size_t window) const {
    return values.data() + window * static_cast<std::size_t>(plan.dims());
  }
};

/// Frames of a window where none are asked for: the power of two that is about a second, at most
/// 4096, never longer than a segment (0: none).
int default_window(double sample_rate_hz, std::int64_t segment_frames);

/// Cuts a recording into windows that overlap by half and extracts their features.
///
/// @returns kBadInput: it is shorter than three windows, ends within a segment, has more than three
/// axes, does not fit `times`, or an axis never moves.
Result<FeatureTable> extract_table(const sources::Recording& recording,
                                   const watch::FeaturePlan& plan, const Cut& cut,
                                   const Times& times);

}  // namespace mote::diagnose
