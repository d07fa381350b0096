#pragma once

#include <vector>

#include "mote/core/listen/listener.h"
#include "mote/host/hear/keyword_model.h"
#include "mote/host/sources/audio_file.h"

/// `mote listen`: which words are in a recording, and when.
namespace mote::hear {

inline constexpr int kSampleRateHz = listen::KeywordFrontEnd::sample_rate_hz;

/// The samples of one window: one second.
inline constexpr int kWindowSamples =
    listen::KeywordFrontEnd::window_hops * listen::KeywordFrontEnd::hop;

struct Options {
  listen::Normalization normalization = listen::Normalization::kPeak;
  float threshold = 0.75f;  ///< a word is heard when its smoothed score reaches this, in (0, 1]
};

/// A word that was heard.
struct Word {
  double time_s;  ///< its middle, from the recording's beginning
  int label;      ///< index into Labels::names
  float score;    ///< in [threshold, 1]
};

struct Hearing {
  std::vector<Word> words;  ///< in the order of time
  double seconds = 0;       ///< length of the recording
  bool padded = false;      ///< it was shorter than a window: silence was put behind it
};

/// Slides the model's window over a recording, 80 ms a step, and reports each word once.
///
/// Holds 20 ms of sound at a time, and zeroes that. @returns kBadInput as AudioReader::next() and
/// KeywordModel::check_scores() do; words heard before the fault are then not told.
Result<Hearing> hear(sources::AudioReader& audio, KeywordModel& model, const Options& options);

/// What a recording of at most one second is as a whole: the class with the highest score.
struct Clip {
  int label = 0;  ///< index into Labels::names; may be one that is no word
  float score = 0;
  double seconds = 0;
  bool padded = false;
};

/// Runs the model once over a recording, silence put behind it up to one second.
///
/// @returns kBadInput as hear(), and when the recording is longer than a second.
Result<Clip> hear_clip(sources::AudioReader& audio, KeywordModel& model, const Options& options);

}  // namespace mote::hear
