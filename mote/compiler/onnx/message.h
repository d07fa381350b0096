#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mote::onnx {

/// A message of Protocol Buffers, written field by field: the other side of Fields (wire.h).
class Message {
 public:
  Message& integer(int field, std::int64_t value);
  Message& real(int field, float value);
  Message& bytes(int field, std::string_view value);
  Message& message(int field, const Message& value) { return bytes(field, value.text_); }
  /// The message's bytes.
  const std::string& text() const { return text_; }

 private:
  void varint(std::uint64_t value);
  std::string text_;
};

}  // namespace mote::onnx
