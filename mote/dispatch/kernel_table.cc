#include "mote/dispatch/kernel_table.h"

#include <algorithm>

namespace mote::dispatch {

const KernelRow* KernelTable::find(std::string_view name) const {
  const auto it = std::find_if(rows.begin(), rows.end(),
                               [&](const KernelRow& row) { return row.name == name; });
  if (it != rows.end()) return &*it;
  if (const KernelRow* row = more ? more->find(name) : nullptr) return row;
  return fallback ? fallback->find(name) : nullptr;
}

}  // namespace mote::dispatch
