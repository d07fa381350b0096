#include "mote/core/kernels/isa/avx2.h"

#include "mote/dispatch/kernels_tiled.h"
#include "mote/dispatch/kernels_vectors.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

constexpr auto kKernels = join(tiled_kernels<isa::Avx2>(), vector_kernels<isa::Avx2>());

}  // namespace

const KernelTable kAvx2Table = {.isa = "avx2",
                                .needs = "AVX2 and FMA",
                                .runs_here = runs_here,
                                .rows = kKernels,
                                .more = &kAvx2GruTable,
                                .fallback = &kScalarTable};

}  // namespace mote::dispatch
