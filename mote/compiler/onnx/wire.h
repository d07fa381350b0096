#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// The wire format of Protocol Buffers, as ONNX files are written in it: a message is a sequence of
/// fields, each a number that the schema knows, and a value.
/// https://protobuf.dev/programming-guides/encoding
namespace mote::onnx {

/// A walk over the fields of one message of unknown origin: every length is checked before it is
/// followed, and damage ends the walk.
///
///     for (Fields fields(bytes); fields.next();)
///       if (fields.number() == 3) name = fields.text();
///
/// A field is asked for what the schema says that it is; one that the file has in another form
/// gives zero, or nothing, and counts as damage.
class Fields {
 public:
  explicit Fields(std::span<const std::byte> message) : left_(message) {}

  /// Goes to the next field; false at the end, and where the message is damaged.
  bool next();
  /// Whether the walk met what no message can hold. To be asked at its end.
  bool is_damaged() const { return is_damaged_; }

  int number() const { return number_; }
  std::int64_t integer();              ///< of int32, int64, enum and bool
  float real();                        ///< of float
  std::span<const std::byte> bytes();  ///< of bytes and messages, in place
  std::string_view text();             ///< of string, in place; any bytes
  /// Of a repeated number, packed or one a field: calls `add` with each.
  template <class Add>
  void integers(Add add) {
    if (form_ != Form::kBytes) return add(integer());
    for (Fields numbers(bytes_); !numbers.left_.empty() && !is_damaged_;) {
      std::uint64_t value = 0;
      if (numbers.varint(value))
        add(static_cast<std::int64_t>(value));
      else
        is_damaged_ = true;
    }
  }
  template <class Add>
  void reals(Add add) {
    if (form_ != Form::kBytes) return add(real());
    if (bytes_.size() % sizeof(float) != 0) is_damaged_ = true;
    for (std::size_t i = 0; i + sizeof(float) <= bytes_.size(); i += sizeof(float))
      add(real_at(bytes_.subspan(i)));
  }

 private:
  enum class Form : std::uint8_t { kVarint, kFixed64, kBytes, kFixed32 };
  bool varint(std::uint64_t& value);
  bool take(std::uint64_t count, std::span<const std::byte>& taken);
  bool damaged() {
    is_damaged_ = true;
    return false;
  }
  static float real_at(std::span<const std::byte> bytes);

  std::span<const std::byte> left_, bytes_;
  std::uint64_t value_ = 0;
  int number_ = 0;
  Form form_ = Form::kVarint;
  bool is_damaged_ = false;
};

}  // namespace mote::onnx
