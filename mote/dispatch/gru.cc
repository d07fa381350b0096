#include "mote/dispatch/gru.h"

#include "mote/core/kernels/isa/scalar.h"
#include "mote/dispatch/kernels_matrix.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

constexpr auto kKernels = gru_kernels<isa::Scalar>();

}  // namespace

const KernelTable kGruTable = {
    .isa = "scalar", .needs = "nothing", .runs_here = [] { return true; }, .rows = kKernels};

void with_gru() {
#ifdef __x86_64__
  with_avx2_gru();
#endif
#ifdef __aarch64__
  with_neon_gru();
#endif
}

}  // namespace mote::dispatch
