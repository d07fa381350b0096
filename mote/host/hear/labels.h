#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mote/support/result.h"

namespace mote::hear {

/// The names of a model's classes, in the order of its outputs.
struct Labels {
  std::vector<std::string> names;
  std::uint64_t words = 0;  ///< bit c: class c is a word to be reported, not silence or the rest

  int count() const { return static_cast<int>(names.size()); }
};

/// Reads a list of labels: one a line, blank lines at the end ignored. `silence`, `unknown`,
/// `background`, `noise` and whatever begins with an underscore are no words.
///
/// @returns the labels, or kBadInput: there is none, there are more than listen::kMaxClasses, or
/// one is empty, repeated, longer than 64 bytes or holds control characters. `source` names the
/// file.
Result<Labels> parse_labels(std::span<const std::byte> text, const std::string& source);

}  // namespace mote::hear
