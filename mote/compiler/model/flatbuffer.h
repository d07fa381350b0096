#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mote::model {

/// A field of a FlatBuffers table: its name in the schema and its number there.
struct Slot {
  const char* name;
  int index;
};

class FlatFile;
class FlatTables;

/// One table of a FlatFile; a default-made one stands for a table that is absent.
///
/// An absent field gives the fallback, or nothing. A damaged one does too, and FlatFile::damage
/// then says what is wrong with it.
class FlatTable {
 public:
  FlatTable() = default;

  bool exists() const { return file_ != nullptr; }
  bool has(Slot slot) const { return field(slot, 1) != 0; }
  template <class T>
  T scalar(Slot slot, T fallback = 0) const;
  template <class T>
  std::vector<T> numbers(Slot slot) const;
  std::string text(Slot slot) const;
  std::span<const std::byte> bytes(Slot slot) const;  ///< a vector of bytes, in place
  FlatTable table(Slot slot) const;
  FlatTables tables(Slot slot) const;

 private:
  friend class FlatFile;
  FlatTable(const FlatFile& file, std::uint64_t position, std::uint64_t vtable)
      : file_(&file), position_(position), vtable_(vtable) {}

  std::uint64_t field(Slot slot, std::uint64_t bytes) const;
  std::span<const std::byte> vector(Slot slot, std::uint64_t element_bytes) const;

  const FlatFile* file_ = nullptr;
  std::uint64_t position_ = 0, vtable_ = 0;
};

/// A vector of tables. Taking one of them makes "element i" of the vector what is read, for
/// damage().
class FlatTables {
 public:
  FlatTables() = default;
  int size() const { return count_; }
  FlatTable operator[](int i) const;

 private:
  friend class FlatTable;
  FlatTables(const FlatFile& file, Slot slot, std::uint64_t first, int count);

  const FlatFile* file_ = nullptr;
  std::string place_;  // FlatFile's, where the vector stands
  Slot slot_ = {"", 0};
  std::uint64_t first_ = 0;
  int count_ = 0;
};

/// A FlatBuffers file of unknown origin. Every offset and length is checked before it is followed.
///
/// The first violation is kept, and from then on every access gives the fallback: callers may read
/// a whole table and ask for damage() once.
///
/// A hostile file may let many offsets point to one large part. So everything that is read is
/// charged to a budget of a few times the file's size, which an honest file never exhausts: its
/// parts are read once each.
class FlatFile {
 public:
  explicit FlatFile(std::span<const std::byte> bytes);

  FlatTable root() const;
  /// Says what is read from now on ("subgraph 0 tensor 3"), for damage().
  void enter(std::string place) { place_ = std::move(place); }
  /// The first violation, "the 'shape' of subgraph 0 tensor 3 ..."; empty while there is none.
  const std::string& damage() const { return damage_; }
  std::span<const std::byte> bytes() const { return bytes_; }
  /// Takes what a copy of `bytes` costs from the budget; false if damaged, or if it is exhausted.
  bool charge(const char* name, std::uint64_t bytes) const;

 private:
  friend class FlatTable;
  friend class FlatTables;

  template <class T>
  T at(std::uint64_t position) const {
    T value;
    std::memcpy(&value, bytes_.data() + position, sizeof value);
    return value;
  }
  bool holds(std::uint64_t position, std::uint64_t bytes) const {
    return position <= bytes_.size() && bytes <= bytes_.size() - position;
  }
  std::uint64_t damaged(const char* name, std::string_view fact) const;
  std::uint64_t follow(const char* name, std::uint64_t position) const;
  FlatTable open(const char* name, std::uint64_t position) const;

  std::span<const std::byte> bytes_;
  mutable std::string place_ = "the model";
  mutable std::string damage_;
  mutable std::uint64_t budget_;
};

template <class T>
T FlatTable::scalar(Slot slot, T fallback) const {
  const std::uint64_t position = field(slot, sizeof(T));
  return position ? file_->at<T>(position) : fallback;
}

template <class T>
std::vector<T> FlatTable::numbers(Slot slot) const {
  const std::span<const std::byte> data = vector(slot, sizeof(T));
  std::vector<T> out(data.size() / sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), data.data(), data.size());
  return out;
}

}  // namespace mote::model
