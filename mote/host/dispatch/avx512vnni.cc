#include "mote/core/kernels/isa/avx512vnni.h"

#include "mote/host/dispatch/kernels_tiled.h"
#include "mote/host/dispatch/kernels_vectors.h"
#include "mote/host/dispatch/tables.h"

namespace mote::dispatch {
namespace {

bool runs_here() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}

constexpr auto kKernels = join(tiled_kernels<isa::Avx512Vnni>(), across_kernels<isa::Avx512Vnni>(),
                               vector_kernels<isa::Avx512Vnni>());

}  // namespace

const KernelTable kAvx512VnniTable = {.isa = "avx512vnni",
                                      .needs = "AVX-512 F, BW, DQ, VL and VNNI",
                                      .runs_here = runs_here,
                                      .rows = kKernels,
                                      .fallback = &kScalarTable};

}  // namespace mote::dispatch
