#include "mote/core/kernels/isa/neon.h"
#include "mote/dispatch/gru.h"
#include "mote/dispatch/kernels_matrix.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() { return true; }

constexpr auto kKernels = gru_kernels<isa::Neon>();

}  // namespace

const KernelTable kNeonGruTable = {
    .isa = "neon", .needs = "64-bit Arm", .runs_here = runs_here, .rows = kKernels};

void with_neon_gru() {}

}  // namespace mote::dispatch
