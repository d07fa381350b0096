#include "mote/compiler/onnx/wire.h"

#include <bit>
#include <cstring>

namespace mote::onnx {

/// Seven bits a byte, the lowest first; the top bit says that more follow.
bool Fields::varint(std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (left_.empty()) return false;
    const auto byte = std::to_integer<std::uint64_t>(left_[0]);
    left_ = left_.subspan(1);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool Fields::take(std::uint64_t count, std::span<const std::byte>& taken) {
  if (count > left_.size()) return false;
  taken = left_.first(count);
  left_ = left_.subspan(count);
  return true;
}

bool Fields::next() {
  std::uint64_t key = 0;
  if (is_damaged_ || left_.empty()) return false;
  if (!varint(key) || key >> 3 == 0 || key >> 3 >= std::uint64_t{1} << 29) return damaged();
  number_ = static_cast<int>(key >> 3);
  bytes_ = {};
  switch (key & 7) {
    case 0:
      form_ = Form::kVarint;
      return varint(value_) || damaged();
    case 1:
      form_ = Form::kFixed64;
      return take(sizeof(std::uint64_t), bytes_) || damaged();
    case 2: {
      form_ = Form::kBytes;
      std::uint64_t size = 0;
      return (varint(size) && take(size, bytes_)) || damaged();
    }
    case 5:
      form_ = Form::kFixed32;
      return take(sizeof(std::uint32_t), bytes_) || damaged();
    default:
      return damaged();  // groups, which nobody writes any more
  }
}

std::int64_t Fields::integer() {
  if (form_ == Form::kVarint) return static_cast<std::int64_t>(value_);
  is_damaged_ = true;
  return 0;
}

float Fields::real_at(std::span<const std::byte> bytes) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return std::bit_cast<float>(bits);
}

float Fields::real() {
  if (form_ == Form::kFixed32) return real_at(bytes_);
  is_damaged_ = true;
  return 0;
}

std::span<const std::byte> Fields::bytes() {
  if (form_ == Form::kBytes) return bytes_;
  is_damaged_ = true;
  return {};
}

std::string_view Fields::text() {
  const auto text = bytes();
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

}  // namespace mote::onnx
