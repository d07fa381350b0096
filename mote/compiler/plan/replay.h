#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mote/support/result.h"

/// Whether memory that is shared still holds what every step wants to read. Knows bytes and steps,
/// not tensors and operators.
namespace mote::plan {

struct Span {
  std::int64_t begin = 0, size = 0;  ///< bytes
};

/// One step, seen only as the bytes that it touches.
struct Motion {
  int step = 0;               ///< which: the same number in both schedules
  std::vector<Span> reads;    ///< all of each
  std::vector<Span> writes;   ///< all of each
  std::vector<Span> updates;  ///< each read and then written, or written in part
  bool carries = false;       ///< gives its only write the bytes of its only read
  /// How far its first read must begin behind its only write, to lie under it: what is written then
  /// was read for the last time before.
  std::optional<std::int64_t> lead = std::nullopt;
  bool is_in_place = false;  ///< may write over what it reads, where both are the same bytes
};

/// What happens to memory in one run.
struct Schedule {
  std::vector<Motion> motions;
  std::vector<Span> at_start;  ///< holds something before the first motion: inputs, state
  std::vector<Span> at_end;    ///< read after the last: outputs, state
};

/// Checks by playing both that each step of `planned` reads what it reads in `wanted`, and that at
/// the end the same is left. It knows nothing of why memory was shared.
///
///   wanted   each buffer has bytes of its own
///   planned  the same steps in the same order; those that carry may be left out. Spans correspond
///            by their place in the lists
///
/// What is read before it was written may hold anything. O(n log n) in spans.
///
/// @returns kBadInput naming the first step that would read something else.
Result<void> replay(const Schedule& wanted, const Schedule& planned);

}  // namespace mote::plan
