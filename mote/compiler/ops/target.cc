#include "mote/compiler/ops/target.h"

#include <string>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr Target kTargets[] = {
    {.isa = "scalar"},
    {.isa = "scalar_tiles", .tile = isa::kScalarTilesLayout},
    {.isa = "avx2", .tile = isa::kAvx2Layout, .sums_linearly = true},
    {.isa = "avx512vnni", .tile = isa::kAvx512VnniLayout, .sums_linearly = true},
    {.isa = "neon", .tile = isa::kNeonLayout},
    {.isa = "neon_dot", .tile = isa::kNeonDotLayout},
};

}  // namespace

Result<Target> target_named(std::string_view isa) {
  std::string names;
  for (const Target& target : kTargets) {
    if (target.isa == isa) return target;
    names += cat(names.empty() ? "" : ", ", target.isa);
  }
  return fail(ErrorCode::kUsage,
              cat("mote does not know the instruction set '", isa, "'; it knows ", names));
}

}  // namespace mote::ops
