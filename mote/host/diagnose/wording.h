#pragma once

#include <string>

#include "mote/host/diagnose/diagnosis.h"

namespace mote::diagnose {

/// "axis x 6.4-12.8 kHz band", "axis z crest factor", "axis y at 2x shaft speed".
std::string feature_name(const Diagnosis& diagnosis, int place);

/// "axis x 6.4-12.8 kHz band up 14 dB (5.0 times)".
std::string describe_move(const Diagnosis& diagnosis, const Mover& mover);

/// What such a pattern of moves is typical of: "impacts, as a damaged bearing or gear makes them".
/// A hint for a person, from which features moved; no classifier.
std::string likely_cause(const Diagnosis& diagnosis, const Episode& episode);

/// "12.3 s", "35 min 20 s", "2 h 09 min".
std::string duration(double seconds);

/// The verdict in one plain sentence.
std::string sentence(const Diagnosis& diagnosis);

const char* name_of(watch::Verdict verdict);

}  // namespace mote::diagnose
