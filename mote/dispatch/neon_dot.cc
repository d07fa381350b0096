#include "mote/core/kernels/isa/neon_dot.h"

#include <sys/auxv.h>

#include "mote/dispatch/kernels_tiled.h"
#include "mote/dispatch/kernels_vectors.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }

constexpr auto kKernels = join(tiled_kernels<isa::NeonDot>(), vector_kernels<isa::NeonDot>());

}  // namespace

const KernelTable kNeonDotTable = {.isa = "neon_dot",
                                   .needs = "64-bit Arm with dot products",
                                   .runs_here = runs_here,
                                   .rows = kKernels,
                                   .fallback = &kScalarTable};

}  // namespace mote::dispatch
