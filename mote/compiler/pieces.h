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
  std::vector<std::string> names;    ///< of the buffers that a piece belongs to
  std::vector<int> first_piece;      ///< by host; -1: none of its bytes is ever used
  std::vector<std::int64_t> skips;   ///< by host: how far behind its beginning its first piece is
  std::vector<int> hosts;            ///< by piece
  std::vector<std::int64_t> begins;  ///< by piece: where in its host it begins
};

/// What calls that may write over what they have read allow: of each, every pair of a piece of its
/// input and one of its output that are alive together during that call only.
std::vector<plan::Overlap> overlaps_of(std::span<const ops::DraftCall> setup_calls,
                                       std::span<const ops::DraftCall> calls, const Pieces& pieces,
                                       const Sharing& sharing);

/// Lifetimes must have been found, of the calls that are left.
Pieces cut_to_pieces(std::span<const ops::DraftBuffer> buffers, const Sharing& sharing);

}  // namespace mote::compiler
