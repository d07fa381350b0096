#pragma once

#include <ostream>

#include "mote/host/diagnose/diagnosis.h"

namespace mote::diagnose {

/// Prints the trend, the windows around the change (or all), what moved and the verdict.
void print_report(const Diagnosis& diagnosis, bool all_windows, std::ostream& out);

/// Prints the same as one JSON object; numbers are rounded to four digits.
void print_json(const Diagnosis& diagnosis, std::ostream& out);

/// The scores over time as bars in `columns` characters, an eighth of a character being a quarter
/// of the threshold's octave; the bars of the top half lie above the threshold.
std::string trend(const Diagnosis& diagnosis, int columns);

/// Under each bar of the trend: '.' baseline, ' ' normal, '~' attention, '!' alarm.
std::string trend_marks(const Diagnosis& diagnosis, int columns);

}  // namespace mote::diagnose
