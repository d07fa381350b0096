#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mote/host/diagnose/autoencoder.h"
#include "mote/host/diagnose/diagnosis.h"

namespace mote::diagnose {

/// A file's bytes, read but not yet looked at.
struct File {
  std::string name;
  std::vector<std::byte> bytes;
};

/// Everything `mote watch` was given, in memory.
struct Inputs {
  File recording;
  std::vector<File> baselines;  ///< healthy recordings of the same machine; may be empty
  std::optional<File> times;    ///< when the recording's captures were made
  std::optional<File> index;    ///< what is known of the recordings
};

/// Which part of the recording is healthy, where no other recordings say so.
struct Options {
  std::optional<double> baseline_seconds;
  std::optional<double> baseline_fraction;  ///< of the time, (0, 1)
  std::int64_t segment_frames = 0;          ///< 0: as the index says, else none
  double scale = 1;                         ///< of samples, where the index does not say
  double csv_rate_hz = 0;
  double shaft_rpm = 0;  ///< 0: not known
  int window = 0;        ///< frames, a power of two; 0: default_window
  /// What windows are scored by in place of their Mahalanobis distance; outlives the call.
  Autoencoder* autoencoder = nullptr;
};

/// The share of a recording that is taken as healthy where nothing was said.
inline constexpr double kDefaultFraction = 0.1;

/// Reads the inputs, learns what healthy is and judges the recording by it.
///
/// @returns the diagnosis, or kBadInput / kUnsupported with one sentence: an unreadable or too
/// short recording; baselines of another rate or number of axes; a baseline that takes in the whole
/// recording; an autoencoder for other windows.
Result<Diagnosis> diagnose(const Inputs& inputs, const Options& options);

}  // namespace mote::diagnose
