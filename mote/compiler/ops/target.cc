#include "mote/compiler/ops/target.h"

#include <string>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr Target kTargets[] = {
    {.isa = "scalar"},
    {.isa = "scalar_tiles",
     .tile = isa::kScalarTilesLayout,
     .float_tile = isa::kScalarTilesFloatLayout,
     .rates = {.dense = 0.7, .depthwise = 0.8},
     .float_rates = {.dense = 0.7, .depthwise = 0.5}},
    {.isa = "avx2",
     .tile = isa::kAvx2Layout,
     .float_tile = isa::kAvx2FloatLayout,
     .rates = {.dense = 12, .depthwise = 3},
     .float_rates = {.dense = 30, .depthwise = 8},
     .plain_rates = {.dense = 8, .depthwise = 2.5},
     .sums_linearly = true},
    {.isa = "avx512vnni",
     .tile = isa::kAvx512VnniLayout,
     .float_tile = isa::kAvx512FloatLayout,
     .rates = {.dense = 120, .depthwise = 16},
     .float_rates = {.dense = 45, .depthwise = 12},
     .plain_rates = {.dense = 8, .depthwise = 2.5},
     .sums_linearly = true},
    {.isa = "neon",
     .tile = isa::kNeonLayout,
     .float_tile = isa::kNeonFloatLayout,
     .rates = {.dense = 10, .depthwise = 3},
     .float_rates = {.dense = 8, .depthwise = 3},
     .plain_rates = {.dense = 4, .depthwise = 2}},
    {.isa = "neon_dot",
     .tile = isa::kNeonDotLayout,
     .float_tile = isa::kNeonFloatLayout,
     .rates = {.dense = 40, .depthwise = 6},
     .float_rates = {.dense = 14, .depthwise = 4},
     .plain_rates = {.dense = 4, .depthwise = 2}},
    {.isa = "scalar_packed", .packed = isa::kScalarPackedLayout, .sums_linearly = true},
    {.isa = "dsp", .packed = isa::kDspLayout, .sums_linearly = true},
    {.isa = "mve", .packed = isa::kMveLayout, .sums_linearly = true},
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
