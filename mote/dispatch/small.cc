#include "mote/core/kernels/isa/dsp.h"
#include "mote/core/kernels/isa/mve.h"
#include "mote/core/kernels/isa/scalar_packed.h"
#include "mote/dispatch/kernels_packed.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

constexpr auto kScalarPackedKernels = packed_kernels<isa::ScalarPacked>();
constexpr auto kDspKernels = join(packed_kernels<isa::Dsp>(), rows_packed_kernels<isa::Dsp>());
constexpr auto kMveKernels = packed_kernels<isa::Mve>();

bool runs_anywhere() { return true; }

}  // namespace

const KernelTable kScalarPackedTable = {.isa = "scalar_packed",
                                        .needs = "nothing",
                                        .runs_here = runs_anywhere,
                                        .rows = kScalarPackedKernels,
                                        .fallback = &kScalarTable};
const KernelTable kDspTable = {.isa = "dsp",
                               .needs = "nothing",
                               .runs_here = runs_anywhere,
                               .rows = kDspKernels,
                               .fallback = &kScalarTable};
const KernelTable kMveTable = {.isa = "mve",
                               .needs = "nothing",
                               .runs_here = runs_anywhere,
                               .rows = kMveKernels,
                               .fallback = &kScalarTable};

}  // namespace mote::dispatch
