#pragma once

#include "mote/host/sources/recording.h"

namespace mote::sources {

/// A table of text: rows of cells, separated by comma, semicolon or tab (whichever the first row
/// has). Lines that begin with '#' and empty lines are skipped; cells lose their surrounding blanks
/// and quotes, and a quoted cell may hold separators.
struct Table {
  std::vector<std::vector<std::string>> rows;
  std::vector<int> lines;  ///< the line of the file that each row stands on, from 1
};

Table parse_table(std::span<const std::byte> bytes);

/// The finite number that `cell` is, whole, or nothing.
bool parse_number(const std::string& cell, double& value);

/// Reads a recording from CSV: a row a frame, a column an axis.
///
/// A first row that is not all numbers is a header. Columns named t, time, t_s or time_s hold
/// seconds; columns named rate, rate_hz or sample_rate_hz the rate; columns without a name are
/// refused; the others are axes, "x [g]" naming the unit.
///
/// The rate comes from the column of rates, else from the times, else from `rate_hz` (0: not
/// given). Times must be evenly spaced, to a tenth of a step; a hole is refused, never filled.
///
/// @returns kBadInput naming the line for what is missing, not a number, or uneven.
Result<Recording> parse_csv(std::string name, std::span<const std::byte> bytes, double rate_hz);

}  // namespace mote::sources
