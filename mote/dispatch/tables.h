#pragma once

#include "mote/dispatch/kernel_table.h"

/// One table an instruction set, each in a file of its own.
namespace mote::dispatch {

extern const KernelTable kScalarTable;
#ifdef __x86_64__
extern const KernelTable kAvx2Table;
extern const KernelTable kAvx512VnniTable;
#endif
#ifdef __aarch64__
extern const KernelTable kNeonTable;
extern const KernelTable kNeonDotTable;
#endif

/// Only in programs that link mote::scalar_tiles; elsewhere there is nothing at this address.
[[gnu::weak]] extern const KernelTable kScalarTilesTable;

}  // namespace mote::dispatch
