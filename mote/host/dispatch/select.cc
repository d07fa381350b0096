#include <algorithm>

#include "mote/host/dispatch/tables.h"

namespace mote::dispatch {
namespace {

constexpr const KernelTable* kTables[] = {&kScalarTable};

}  // namespace

const KernelRow* KernelTable::find(std::string_view name) const {
  const auto it = std::find_if(rows.begin(), rows.end(),
                               [&](const KernelRow& row) { return row.name == name; });
  return it == rows.end() ? nullptr : &*it;
}

std::span<const KernelTable* const> available_tables() { return kTables; }

const KernelTable* find_table(std::string_view isa) {
  for (const KernelTable* table : available_tables())
    if (isa.empty() || table->isa == isa) return table;
  return nullptr;
}

}  // namespace mote::dispatch
