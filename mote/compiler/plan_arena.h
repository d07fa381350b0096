#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/ops/lowering.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

namespace mote::compiler {

/// Where everything lies.
struct ArenaPlan {
  std::vector<std::int64_t> offsets;           ///< a buffer each
  std::vector<program::Placement> placements;  ///< what takes room, with nothing counted twice
  std::int64_t bytes = 0;
  std::int64_t lower_bound = 0;  ///< of plans for this order of calls, however memory is shared
};

struct ArenaOptions {
  std::int64_t limit = 0;  ///< bytes
  bool share = true;       ///< several buffers may have one memory
};

/// Plans the arena: in the file's order of calls or in one that takes less, with as much memory
/// shared as makes it smallest; where sharing takes as little, copies that it spares are left out.
///
/// Brings the calls of `lowering` into that order, without those left out. Every plan is held
/// against the plain calls by plan::validate() and plan::replay().
///
/// @returns kOutOfMemory naming the largest moment where more than the limit is needed.
Result<ArenaPlan> plan_arena(ops::Lowering& lowering, const ArenaOptions& options);

}  // namespace mote::compiler
