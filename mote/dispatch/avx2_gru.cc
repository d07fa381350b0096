#include "mote/core/kernels/isa/avx2.h"
#include "mote/dispatch/gru.h"
#include "mote/dispatch/kernels_matrix.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

constexpr auto kKernels = gru_kernels<isa::Avx2>();

}  // namespace

const KernelTable kAvx2GruTable = {
    .isa = "avx2", .needs = "AVX2 and FMA", .runs_here = runs_here, .rows = kKernels};

void with_avx2_gru() {}

}  // namespace mote::dispatch
