#include "mote/core/kernels/isa/neon.h"

#include "mote/dispatch/kernels_tiled.h"
#include "mote/dispatch/kernels_vectors.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() { return true; }

constexpr auto kKernels = join(tiled_kernels<isa::Neon>(), vector_kernels<isa::Neon>());

}  // namespace

const KernelTable kNeonTable = {.isa = "neon",
                                .needs = "64-bit Arm",
                                .runs_here = runs_here,
                                .rows = kKernels,
                                .more = &kNeonGruTable,
                                .fallback = &kScalarTable};

}  // namespace mote::dispatch
