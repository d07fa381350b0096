#pragma once

#include "mote/host/diagnose/diagnose.h"

namespace mote::diagnose {

/// Where the inputs lie.
struct InputPaths {
  std::string recording;
  std::vector<std::string>
      baselines;             ///< files, or folders whose .wav and .csv files are all meant
  std::string times, index;  ///< "": none
};

/// The largest file that is read: an hour of three axes at 50 kHz and 16 bits.
inline constexpr std::int64_t kLargestFile = std::int64_t{1} << 30;

/// Reads all files whole, parsing none of them. Folders are read in the order of their files'
/// names.
///
/// @returns kIo / kBadInput naming the file or the folder without recordings.
Result<Inputs> read_inputs(const InputPaths& paths);

}  // namespace mote::diagnose
