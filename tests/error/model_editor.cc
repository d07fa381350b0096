#include "tests/error/model_editor.h"

#include <algorithm>

namespace mote::tests {

std::size_t ModelEditor::field(std::size_t table, Slot slot) const {
  const std::size_t entry = 4 + 2 * static_cast<std::size_t>(slot.index);
  if (entry + 2 > get<std::uint16_t>(vtable(table))) return 0;
  const std::size_t offset = get<std::uint16_t>(vtable(table) + entry);
  return offset ? table + offset : 0;
}

std::size_t ModelEditor::target(std::size_t table, Slot slot) const {
  const std::size_t place = field(table, slot);
  return place + get<std::uint32_t>(place);
}

std::size_t ModelEditor::element_offset(std::size_t table, Slot slot, int i) const {
  return target(table, slot) + 4 + 4 * static_cast<std::size_t>(i);
}

std::size_t ModelEditor::element(std::size_t table, Slot slot, int i) const {
  const std::size_t place = element_offset(table, slot, i);
  return place + get<std::uint32_t>(place);
}

// A table cannot grow where it stands. But its vtable may lie anywhere, and fields anywhere in the
// 64 KiB behind the table: both go to the end of the file.
std::size_t ModelEditor::add_field(std::size_t table, Slot slot, std::size_t size) {
  const std::size_t place = bytes_.size();
  bytes_.resize(place + size);
  const std::size_t entry = 4 + 2 * static_cast<std::size_t>(slot.index);
  const std::size_t old = vtable(table), old_size = get<std::uint16_t>(old);
  std::vector<std::byte> copy(bytes_.begin() + static_cast<std::ptrdiff_t>(old),
                              bytes_.begin() + static_cast<std::ptrdiff_t>(old + old_size));
  copy.resize(std::max(old_size, entry + 2));
  const std::size_t fresh = bytes_.size();
  bytes_.insert(bytes_.end(), copy.begin(), copy.end());
  put(fresh, static_cast<std::uint16_t>(copy.size()));
  put(fresh + 2, static_cast<std::uint16_t>(place + size - table));
  put(fresh + entry, static_cast<std::uint16_t>(place - table));
  put(table, static_cast<std::int32_t>(static_cast<std::int64_t>(table) -
                                       static_cast<std::int64_t>(fresh)));
  return place;
}

void ModelEditor::share_one_tensor(std::uint32_t count) {
  set_vector(subgraph(), model::schema::subgraph::kTensors, std::vector<std::uint32_t>(count));
  const std::size_t table = bytes().size() + 4;
  bytes().resize(bytes().size() + 8);
  put(table - 4, std::uint32_t{4 << 16 | 4});  // the vtable: without fields, for a table of 4 B
  put(table, std::int32_t{4});
  for (int i = 0; i < static_cast<int>(count); ++i) {
    const std::size_t place = element_offset(subgraph(), model::schema::subgraph::kTensors, i);
    put(place, static_cast<std::uint32_t>(table - place));
  }
}

}  // namespace mote::tests
