#pragma once

#include <string>
#include <vector>

#include "mote/support/result.h"

/// Runs `mote watch` with its defaults over sets of real recordings listed in an index.csv.
namespace mote::bench {

/// A run to failure, judged by its own first tenth.
struct RunToFailure {
  std::string machine;
  bool alarmed = false;
  double life_s = 0;       ///< of the whole run
  double alarm_s = 0;      ///< when the first alarm was raised
  double remaining_s = 0;  ///< from there to the end
};

/// One recording, judged by a baseline of others.
struct JudgedRecording {
  std::string path, group, fault, split;
  bool healthy = false;
  bool alarmed = false;  ///< at any time within the recording
  double ratio = 0;      ///< the largest sustained score, in thresholds
};

/// `root` is the folder of index.csv. @returns kBadInput / kIo as the recordings give.
Result<std::vector<RunToFailure>> run_to_failure(const std::string& root,
                                                 const std::string& dataset);

/// How a set's recordings are put together with their baselines.
struct SetPlan {
  std::string dataset;
  std::string group_by;  ///< column of the index: each value has its own baseline; "": one for all
  bool use_rpm = false;  ///< give the shaft's speed
};

/// Judges every recording of a set that is not a baseline (split train, label healthy), nor off.
Result<std::vector<JudgedRecording>> judge_set(const std::string& root, const SetPlan& plan);

}  // namespace mote::bench
