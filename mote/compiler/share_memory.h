#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/ops/lowering.h"

/// Several buffers in one memory.
namespace mote::compiler {

/// What sharing may do.
enum class Freedom : std::uint8_t {
  kNone,
  kInPlace,  ///< calls may write their result over an input that nobody needs any more
  kAll,      ///< and copies of neighbouring bytes need not run: source and target are one memory
};

/// Which buffers lie inside which others.
struct Sharing {
  struct Place {
    int host = 0;             ///< the buffer that it lies in: itself where it stands alone
    std::int64_t offset = 0;  ///< bytes from the host's beginning
  };
  std::vector<Place> places;  ///< by buffer
  std::vector<bool> is_idle;  ///< by call: a copy whose source is its target
  bool is_empty = true;       ///< nothing is shared
};

/// Finds what may share memory in the present order of the main calls.
///
/// A part that is carried, byte for byte, into the one place of a larger buffer (CONCATENATION,
/// PACK), or out of it (SPLIT, UNPACK, SLICE, STRIDED_SLICE), lies in that place from the
/// beginning: where the source is not written afterwards, the target not touched between the
/// source's first use and the copy, and not written by anybody else later. A call in place lies
/// over an input that nobody touches afterwards. State stays where it is, but others may lie in it:
/// what is read from it, and what it is about to become. What setup calls touch besides state
/// shares nothing. Elements stay aligned to their size.
///
/// Copies that are spared never let more bytes be alive at once, but may be in the way of a call in
/// place: one that reads a part and the whole. O(uses of a buffer's memory) for each call that
/// could share.
Sharing share_memory(const ops::Lowering& lowering, Freedom freedom);

}  // namespace mote::compiler
