#pragma once

#include <string_view>

#include "mote/compiler/ops/cost.h"
#include "mote/core/kernels/isa/packed.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/support/result.h"

namespace mote::ops {

/// What lowering knows of an instruction set. It need not be this machine's.
struct Target {
  std::string_view isa;             ///< as in Program::isa
  isa::TileLayout tile = {};        ///< how it wants filters packed; no columns: not at all
  isa::TileLayout float_tile = {};  ///< the same of floats
  isa::PackedLayout packed = {};    ///< how it wants layers packed; no channels: not at all
  Rates rates = {};                 ///< with tiles
  Rates float_rates = {};           ///< with tiles of floats
  Rates plain_rates = {};           ///< of convolutions without
  int threads = 1;                  ///< that calls may be split for
  bool split_all = false;           ///< whatever it costs
  bool sums_linearly = false;       ///< whether add_linear_s8 is quicker than add_s8
};

/// How many shares a call should be split into; 1: none.
inline int share_count(const Target& target, const Work& work, const Rates& rates) {
  return target.split_all ? target.threads : profitable_shares(work, rates, target.threads);
}

/// @returns kUsage, with the names that there are, for an instruction set that mote does not know.
Result<Target> target_named(std::string_view isa);

}  // namespace mote::ops
