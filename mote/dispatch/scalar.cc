#include "mote/core/kernels/isa/scalar.h"

#include "mote/dispatch/kernel_list.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {

const KernelTable kScalarTable = {.isa = "scalar",
                                  .needs = "nothing",
                                  .runs_here = [] { return true; },
                                  .rows = kAllKernels<isa::Scalar>,
                                  .more = &kGruTable};

}  // namespace mote::dispatch
