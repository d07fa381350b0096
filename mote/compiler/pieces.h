#pragma once

#include <span>
#include <string>
#include <vector>

#include "mote/compiler/ops/lowering.h"
#include "mote/compiler/plan/plan.h"
#include "mote/compiler/share_memory.h"

namespace mote::compiler {

/// Buffers that share memory as what the planner takes: rectangles, tied to each other.
///
/// A host is cut where its guests begin and end, at multiples of program::kAlignment; each piece
/// lives from the first use of any buffer that touches it to the last.
struct Pieces {
  std::vector<plan::Buffer> buffers;
  std::vector<std::string> names;   ///< of the buffers that a piece belongs to
  std::vector<int> first_piece;     ///< by host; -1: none of its bytes is ever used
  std::vector<std::int64_t> skips;  ///< by host: how far behind its beginning its first piece is
};

/// Lifetimes must have been found, of the calls that are left.
Pieces cut_to_pieces(std::span<const ops::DraftBuffer> buffers, const Sharing& sharing);

}  // namespace mote::compiler
