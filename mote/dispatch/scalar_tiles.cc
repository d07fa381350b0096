#include "mote/core/kernels/isa/scalar_tiles.h"

#include "mote/dispatch/kernels_tiled.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

constexpr auto kKernels = tiled_kernels<isa::ScalarTiles>();

}  // namespace

const KernelTable kScalarTilesTable = {.isa = "scalar_tiles",
                                       .needs = "nothing",
                                       .runs_here = [] { return true; },
                                       .rows = kKernels,
                                       .fallback = &kScalarTable};

}  // namespace mote::dispatch
