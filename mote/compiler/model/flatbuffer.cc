#include "mote/compiler/model/flatbuffer.h"

#include <bit>

#include "mote/support/cat.h"

// The format: https://flatbuffers.dev/internals. A table begins with the distance back to its
// vtable; the vtable has its own size, the table's size, and for each field the field's place in
// the table (0: absent). Offsets are unsigned and point forward from where they stand; a vector
// begins with its length; a string is a vector of bytes with a zero behind it.
namespace mote::model {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr std::uint64_t kTableCharge = 32;   // about what a small table and its offset take
constexpr std::uint64_t kTimesTheFile = 4;   // honest writers share little but vtables
constexpr std::uint64_t kAtLeast = 1 << 14;  // lets tiny files share more

}  // namespace

FlatFile::FlatFile(std::span<const std::byte> bytes)
    : bytes_(bytes), budget_(kTimesTheFile * bytes.size() + kAtLeast) {}

std::uint64_t FlatFile::damaged(const char* name, std::string_view fact) const {
  if (damage_.empty()) damage_ = cat("the '", name, "' of ", place_, " ", fact);
  return 0;
}

bool FlatFile::charge(const char* name, std::uint64_t bytes) const {
  if (!damage_.empty()) return false;
  if (bytes > budget_) {
    damaged(name, "is reached so many times that reading it would take far more than the file");
    return false;
  }
  budget_ -= bytes;
  return true;
}

std::uint64_t FlatFile::follow(const char* name, std::uint64_t position) const {
  const std::uint64_t target = position + at<std::uint32_t>(position);
  if (holds(target, 4)) return target;
  return damaged(name, cat("points to byte ", target, ", but the file has ", bytes_.size(), " B"));
}

FlatTable FlatFile::open(const char* name, std::uint64_t position) const {
  if (!charge(name, kTableCharge)) return {};
  const std::int64_t vtable = static_cast<std::int64_t>(position) - at<std::int32_t>(position);
  const auto reject = [&](std::string_view why) {
    damaged(name, cat("has its vtable at byte ", vtable, ", ", why));
    return FlatTable();
  };
  if (vtable < 0 || !holds(static_cast<std::uint64_t>(vtable), 4))
    return reject(cat("but the file has ", bytes_.size(), " B"));
  const auto start = static_cast<std::uint64_t>(vtable);
  const int vtable_bytes = at<std::uint16_t>(start), table_bytes = at<std::uint16_t>(start + 2);
  if (vtable_bytes < 4 || vtable_bytes % 2 != 0 || !holds(start, vtable_bytes))
    return reject(cat("where one of ", vtable_bytes, " B cannot be"));
  if (table_bytes < 4 || !holds(position, table_bytes))
    return reject(cat("which gives it ", table_bytes, " B at byte ", position));
  return FlatTable(*this, position, start);
}

FlatTable FlatFile::root() const {
  if (!holds(0, 4)) return {};
  const std::uint64_t position = follow("root", 0);
  return position ? open("root", position) : FlatTable();
}

std::uint64_t FlatTable::field(Slot slot, std::uint64_t bytes) const {
  if (!file_ || !file_->damage_.empty()) return 0;
  const std::uint64_t entry = 4 + 2 * static_cast<std::uint64_t>(slot.index);
  if (entry + 2 > file_->at<std::uint16_t>(vtable_)) return 0;
  const std::uint64_t offset = file_->at<std::uint16_t>(vtable_ + entry);
  if (offset == 0) return 0;
  const std::uint64_t table_bytes = file_->at<std::uint16_t>(vtable_ + 2);
  if (offset < 4 || offset + bytes > table_bytes)
    return file_->damaged(slot.name,
                          cat("lies at byte ", offset, " of a table of ", table_bytes, " B"));
  return position_ + offset;
}

std::span<const std::byte> FlatTable::vector(Slot slot, std::uint64_t element_bytes) const {
  const std::uint64_t position = field(slot, 4);
  const std::uint64_t start = position ? file_->follow(slot.name, position) : 0;
  if (!start) return {};
  const std::uint64_t count = file_->at<std::uint32_t>(start), bytes = count * element_bytes;
  if (!file_->holds(start + 4, bytes)) {
    file_->damaged(slot.name, cat("has ", count, " elements of ", element_bytes, " B at byte ",
                                  start + 4, ", but the file has ", file_->bytes_.size(), " B"));
    return {};
  }
  // A large constant is not copied, so it costs nothing that the file's size does not bound.
  if (element_bytes > 1 && !file_->charge(slot.name, bytes)) return {};
  return file_->bytes_.subspan(start + 4, bytes);
}

std::span<const std::byte> FlatTable::bytes(Slot slot) const { return vector(slot, 1); }

std::string FlatTable::text(Slot slot) const {
  const std::span<const std::byte> data = vector(slot, 1);
  if (!data.data() || !file_->charge(slot.name, data.size())) return {};
  const auto end = static_cast<std::uint64_t>(data.data() - file_->bytes_.data()) + data.size();
  if (!file_->holds(end, 1) || file_->at<std::uint8_t>(end) != 0) {
    file_->damaged(slot.name, cat("has no zero behind its ", data.size(), " characters"));
    return {};
  }
  return std::string(reinterpret_cast<const char*>(data.data()), data.size());
}

FlatTable FlatTable::table(Slot slot) const {
  const std::uint64_t position = field(slot, 4);
  const std::uint64_t target = position ? file_->follow(slot.name, position) : 0;
  return target ? file_->open(slot.name, target) : FlatTable();
}

FlatTables FlatTable::tables(Slot slot) const {
  const std::span<const std::byte> data = vector(slot, 4);
  if (data.empty()) return {};
  const auto first = static_cast<std::uint64_t>(data.data() - file_->bytes_.data());
  return FlatTables(*file_, slot, first, static_cast<int>(data.size() / 4));
}

FlatTables::FlatTables(const FlatFile& file, Slot slot, std::uint64_t first, int count)
    : file_(&file), place_(file.place_), slot_(slot), first_(first), count_(count) {}

FlatTable FlatTables::operator[](int i) const {
  if (!file_->damage_.empty()) return {};
  file_->place_ = cat(place_, ", element ", i, ",");
  const std::uint64_t target =
      file_->follow(slot_.name, first_ + 4 * static_cast<std::uint64_t>(i));
  return target ? file_->open(slot_.name, target) : FlatTable();
}

}  // namespace mote::model
