#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "mote/dispatch/tables.h"
#include "mote/support/cat.h"

namespace mote::dispatch {
namespace {

/// Every table of this build, the best first: a program is compiled for the first that the CPU has.
constexpr const KernelTable* kTables[] = {
#ifdef __x86_64__
    &kAvx512VnniTable,
    &kAvx2Table,
#endif
#ifdef __aarch64__
    &kNeonDotTable,
    &kNeonTable,
#endif
    &kScalarTable,
    // Plain C++ in the form of the fast ones, to test that form anywhere, and in that of small
    // processors, to run here what is compiled for them.
    &kScalarTilesTable,
    &kScalarPackedTable,
    &kDspTable,
    &kMveTable,
};

const KernelTable* find_table(std::string_view isa) {
  for (const KernelTable* table : available_tables())
    if (table->isa == isa) return table;
  return nullptr;
}

}  // namespace

std::span<const KernelTable* const> available_tables() {
  static const std::vector<const KernelTable*> tables = [] {
    std::vector<const KernelTable*> list;
    std::copy_if(std::begin(kTables), std::end(kTables), std::back_inserter(list),
                 [](const KernelTable* table) { return table && table->runs_here(); });
    return list;
  }();
  return tables;
}

Result<const KernelTable*> choose_table(std::string_view isa) {
  const char* from = "the instruction set";
  if (isa.empty()) {
    const char* named = std::getenv("MOTE_ISA");
    if (!named || !*named) return available_tables().front();
    isa = named;
    from = "MOTE_ISA";
  }
  if (const KernelTable* table = find_table(isa)) return table;
  std::string names;
  for (const KernelTable* table : available_tables())
    names += cat(names.empty() ? "" : ", ", table->isa);
  return fail(ErrorCode::kUsage,
              cat(from, " is '", isa, "', expected one that this machine has: ", names));
}

}  // namespace mote::dispatch
