#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/support/result.h"

/// Memory planning. Knows rectangles in time and space, not tensors.
namespace mote::plan {

struct Buffer {                  ///< one activation, seen only as a rectangle in time and space
  int first_use, last_use;       ///< indices of the first writing and last reading call, inclusive
  std::int64_t size, alignment;  ///< bytes, >= 0; alignment is a power of two

  /// Where several pieces make up one memory: the buffer that this one follows, itself not tied,
  /// and how many bytes further it must lie, a multiple of the alignment, which they share. None
  /// of them is empty.
  int tied_to = kFree;
  std::int64_t tie_offset = 0;
  static constexpr int kFree = -1;
};

/// A call that reads one buffer for the last time and makes another may write over what it has
/// read: where the reader begins at least `lead` bytes behind the writer, no byte is written before
/// it was read for the last time. They are alive together during that call only. A lead may be
/// negative, and be more than the writer has: then it says nothing.
struct Overlap {
  std::size_t writer, reader;  ///< buffers
  std::int64_t lead;           ///< bytes
};

struct Layout {
  std::vector<std::int64_t> offsets;  ///< a buffer each, in the order given
  std::int64_t size = 0;              ///< bytes: the largest end of any buffer
};

inline constexpr std::int64_t kUnlimited = std::int64_t{1} << 46;

/// Places `buffers` so that no two alive at the same call overlap, but for what `overlaps` allow,
/// in as few bytes as it finds.
///
/// Tries several orders of placing, each buffer at the lowest gap that fits. While the result is
/// above lower_bound(), searches few buffers exactly and many by moving what makes the top forward,
/// within a fixed number of steps: a few ten milliseconds at most for up to 2,000 buffers, O(n^2)
/// beyond. Buffers tied together are moved together; where there are ties or overlaps, nothing is
/// searched exactly. The same input gives the same layout.
///
/// @returns the layout, or
/// - kOutOfMemory: more than `capacity` bytes are needed; the message says how many.
Result<Layout> place(std::span<const Buffer> buffers, std::span<const Overlap> overlaps = {},
                     std::int64_t capacity = kUnlimited);

/// Bytes that no layout can go below: the most that are alive at one call, with what alignment
/// makes of their sizes, less what overlaps can save. O(n log n).
std::int64_t lower_bound(std::span<const Buffer> buffers, std::span<const Overlap> overlaps = {});

/// Checks a layout by the definition, sharing no code with place(): every buffer aligned, inside,
/// as far from what it is tied to as it must be, and apart from every other that is alive at the
/// same time, or overlapping it as is allowed. O(n^2).
///
/// @returns kBadInput naming the two buffers that overlap, or the one that is misplaced.
Result<void> validate(std::span<const Buffer> buffers, const Layout& layout,
                      std::span<const Overlap> overlaps = {});

}  // namespace mote::plan
