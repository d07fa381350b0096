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

/// Only in programs that link mote::portable_tables; elsewhere there is nothing at these addresses.
[[gnu::weak]] extern const KernelTable kScalarTilesTable;
[[gnu::weak]] extern const KernelTable kScalarPackedTable;
[[gnu::weak]] extern const KernelTable kDspTable;
[[gnu::weak]] extern const KernelTable kMveTable;

/// GRU on some of those instruction sets, in programs that call with_gru(); elsewhere nothing, too.
/// No file of TensorFlow Lite has a GRU, and its kernels take 20 KB on each.
[[gnu::weak]] extern const KernelTable kGruTable, kAvx2GruTable, kNeonGruTable;
void with_gru();

}  // namespace mote::dispatch
