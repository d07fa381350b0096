#include "mote/core/kernels/isa/scalar.h"
#include "mote/dispatch/kernels_matrix.h"
#include "mote/dispatch/tables.h"

namespace mote::dispatch {
namespace {

constexpr auto kKernels = gru_kernels<isa::Scalar>();

}  // namespace

const KernelTable kGruTable = {
    .isa = "gru", .needs = "nothing", .runs_here = [] { return true; }, .rows = kKernels};

void with_gru() {}

}  // namespace mote::dispatch
