#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "mote/compiler/model/schema.h"

namespace mote::tests {

using model::Slot;

/// Puts single defects into a sound TensorFlow Lite file, which it trusts. Places are byte
/// positions.
class ModelEditor {
 public:
  explicit ModelEditor(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  std::vector<std::byte>& bytes() { return bytes_; }
  template <class T>
  T get(std::size_t place) const {
    T value;
    std::memcpy(&value, bytes_.data() + place, sizeof value);
    return value;
  }
  template <class T>
  void put(std::size_t place, T value) {
    std::memcpy(bytes_.data() + place, &value, sizeof value);
  }

  std::size_t root() const { return get<std::uint32_t>(0); }
  std::size_t vtable(std::size_t table) const { return table - get<std::int32_t>(table); }
  /// The field itself; 0 where the table does not have it.
  std::size_t field(std::size_t table, Slot slot) const;
  /// What the field points to: a table, or the length of a vector or string.
  std::size_t target(std::size_t table, Slot slot) const;
  /// The i-th table of a vector of tables, and the place of the offset that leads there.
  std::size_t element(std::size_t table, Slot slot, int i) const;
  std::size_t element_offset(std::size_t table, Slot slot, int i) const;

  /// Gives the field a value; a table that lacks it gets it.
  template <class T>
  void set(std::size_t table, Slot slot, T value) {
    std::size_t place = field(table, slot);
    if (!place) place = add_field(table, slot, sizeof value);
    put(place, value);
  }
  /// Makes the field a vector of these numbers.
  template <class T>
  void set_vector(std::size_t table, Slot slot, const std::vector<T>& numbers) {
    const std::size_t place = field(table, slot) ? field(table, slot) : add_field(table, slot, 4);
    put(place, static_cast<std::uint32_t>(bytes_.size() - place));
    append(static_cast<std::uint32_t>(numbers.size()));
    for (T number : numbers) append(number);
  }

  // Where the parts of the first subgraph stand.
  std::size_t subgraph() const { return element(root(), model::schema::model::kSubgraphs, 0); }
  std::size_t tensor(int i) const {
    return element(subgraph(), model::schema::subgraph::kTensors, i);
  }
  std::size_t quantization(int i) const {
    return target(tensor(i), model::schema::tensor::kQuantization);
  }
  std::size_t node(int i) const {
    return element(subgraph(), model::schema::subgraph::kOperators, i);
  }
  std::size_t options(int i) const { return target(node(i), model::schema::node::kBuiltinOptions); }
  std::size_t buffer(int i) const { return element(root(), model::schema::model::kBuffers, i); }
  std::size_t code(int i) const { return element(root(), model::schema::model::kOperatorCodes, i); }

  /// Elements of a vector of 32-bit numbers, and its length.
  template <class T>
  void put_element(std::size_t table, Slot slot, int i, T value) {
    put(target(table, slot) + 4 + sizeof(T) * static_cast<std::size_t>(i), value);
  }
  void put_length(std::size_t table, Slot slot, std::uint32_t length) {
    put(target(table, slot), length);
  }
  /// Makes the subgraph's tensors `count` times the same empty table, at the end of the file.
  void share_one_tensor(std::uint32_t count);

 private:
  template <class T>
  void append(T value) {
    bytes_.resize(bytes_.size() + sizeof value);
    put(bytes_.size() - sizeof value, value);
  }
  std::size_t add_field(std::size_t table, Slot slot, std::size_t size);

  std::vector<std::byte> bytes_;
};

}  // namespace mote::tests
