#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mote/support/result.h"

namespace mote::sources {

/// A vibration recording in memory: one to kMostChannels axes, sampled together.
struct Recording {
  static constexpr int kMostChannels = 16;
  static constexpr double kLowestRateHz = 1, kHighestRateHz = 10e6;

  std::string name;  ///< the path it was read from, for messages
  std::vector<std::string>
      axes;                    ///< a name for each channel: "x", "y", "z" where the file has none
  double sample_rate_hz = 0;   ///< within [kLowestRateHz, kHighestRateHz]
  std::vector<float> samples;  ///< finite, interleaved: frame f, axis a at [f * axes.size() + a]
  std::string unit;            ///< what the samples are in; "" where the file does not say

  int channels() const { return static_cast<int>(axes.size()); }
  std::int64_t frames() const {
    return axes.empty() ? 0 : static_cast<std::int64_t>(samples.size() / axes.size());
  }
};

/// Where a file without such information gets it from.
struct ReadOptions {
  double csv_rate_hz = 0;  ///< of CSV without a column of times or rates; 0: not given
};

/// Reads a recording from the bytes of a WAV or CSV file; tells the two apart by the first bytes.
///
/// @returns the recording, or kBadInput / kUnsupported with one sentence that begins with the name.
Result<Recording> parse_recording(std::string name, std::span<const std::byte> bytes,
                                  const ReadOptions& options);

/// Default names of `count` axes: x, y, z up to three, else 1, 2, 3...
std::vector<std::string> default_axes(int count);

/// Checks what every recording promises: channels, rate, at least one frame, finite samples.
/// @returns `recording`, or kBadInput naming frame and axis.
Result<Recording> checked(Recording recording);

}  // namespace mote::sources
