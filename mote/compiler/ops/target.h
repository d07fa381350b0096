#pragma once

#include <string_view>

#include "mote/core/kernels/isa/tile.h"
#include "mote/support/result.h"

namespace mote::ops {

/// What lowering knows of an instruction set. It need not be this machine's.
struct Target {
  std::string_view isa;        ///< as in Program::isa
  isa::TileLayout tile = {};   ///< how it wants filters packed; no columns: not at all
  bool sums_linearly = false;  ///< whether add_linear_s8 is quicker than add_s8
};

/// @returns kUsage, with the names that there are, for an instruction set that mote does not know.
Result<Target> target_named(std::string_view isa);

}  // namespace mote::ops
