#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "mote/host/hear/hear.h"

namespace mote::hear {

/// A clip and the name of the recording that it is.
struct NamedClip {
  std::string recording;
  Clip clip;
};

/// What was heard, for people: a line a word, then a sentence.
void print(const Hearing& hearing, const Labels& labels, std::ostream& out);
/// The same as one JSON object.
void print_json(const Hearing& hearing, const Labels& labels, std::ostream& out);

/// A line a clip: label, score and recording, parted by tabs; then how many were padded.
void print(const std::vector<NamedClip>& clips, const Labels& labels, std::ostream& out);
/// The same as one JSON object.
void print_json(const std::vector<NamedClip>& clips, const Labels& labels, std::ostream& out);

}  // namespace mote::hear
