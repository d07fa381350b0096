#pragma once

#include "mote/host/dispatch/kernel_table.h"

/// One table an instruction set, each in a file of its own.
namespace mote::dispatch {

extern const KernelTable kScalarTable;
extern const KernelTable kScalarTilesTable;
#ifdef __x86_64__
extern const KernelTable kAvx2Table;
extern const KernelTable kAvx512VnniTable;
#endif
#ifdef __aarch64__
extern const KernelTable kNeonTable;
extern const KernelTable kNeonDotTable;
#endif

}  // namespace mote::dispatch
