#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mote/support/result.h"

/// What microcontrollers have and draw, and what cells hold: facts with their sources, and the
/// arithmetic from an inference to days.
namespace mote::power {

/// A microcontroller that can be bought.
struct Part {
  std::string_view name;     ///< "STM32L4R5ZI"
  std::string_view target;   ///< as mote compile has it; "": mote has no compiler for its processor
  std::string_view core;     ///< "Cortex-M4F"
  std::int64_t flash_bytes;  ///< for code and constants
  std::int64_t ram_bytes;    ///< all of it, of which a firmware needs some for itself
  int clock_mhz;             ///< the most
  std::string_view source;   ///< a document
  char grade;  ///< A: the vendor's, or who measured it; B: others quote it; C: from memory
  std::string_view note = "";  ///< what else is to be known: "" where nothing
};

/// The whole table; names are unique.
std::span<const Part> all_parts();

/// The part of that name, or the only one whose name begins so; case does not matter.
/// @returns kUsage, with the names that are near, where there is none or more than one.
Result<const Part*> find_part(std::string_view name);

/// The smallest part of the table that has at least so much, nullptr where there is none; only
/// those of `target`, where that is not empty.
const Part* smallest_part(std::int64_t flash_bytes, std::int64_t ram_bytes,
                          std::string_view target);

}  // namespace mote::power
