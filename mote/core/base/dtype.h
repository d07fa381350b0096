#pragma once

#include <stdint.h>

namespace mote {

/// Element types of tensors.
enum class DType : uint8_t {
  kFloat32,
  kInt8,
  kUint8,
  kInt16,
  kInt32,
  kInt64,
  kBool,
  kUint16,
  kUint32,
  kUint64
};

inline constexpr DType kDTypes[] = {DType::kFloat32, DType::kInt8,  DType::kUint8,  DType::kInt16,
                                    DType::kUint16,  DType::kInt32, DType::kUint32, DType::kInt64,
                                    DType::kUint64,  DType::kBool};

/// Bytes of one element.
constexpr int size_of(DType type) {
  switch (type) {
    case DType::kFloat32:
    case DType::kInt32:
    case DType::kUint32:
      return 4;
    case DType::kInt16:
    case DType::kUint16:
      return 2;
    case DType::kInt64:
    case DType::kUint64:
      return 8;
    case DType::kInt8:
    case DType::kUint8:
    case DType::kBool:
      return 1;
  }
  return 0;
}

constexpr bool is_signed(DType type) {
  switch (type) {
    case DType::kFloat32:
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64:
      return true;
    case DType::kUint8:
    case DType::kUint16:
    case DType::kUint32:
    case DType::kUint64:
    case DType::kBool:
      return false;
  }
  return false;
}

/// The type's name as TensorFlow Lite writes it: "INT8".
constexpr const char* name_of(DType type) {
  switch (type) {
    case DType::kFloat32:
      return "FLOAT32";
    case DType::kInt8:
      return "INT8";
    case DType::kUint8:
      return "UINT8";
    case DType::kInt16:
      return "INT16";
    case DType::kUint16:
      return "UINT16";
    case DType::kInt32:
      return "INT32";
    case DType::kUint32:
      return "UINT32";
    case DType::kInt64:
      return "INT64";
    case DType::kUint64:
      return "UINT64";
    case DType::kBool:
      return "BOOL";
  }
  return "?";
}

template <class T>
inline constexpr DType dtype_of = DType::kBool;
template <>
inline constexpr DType dtype_of<float> = DType::kFloat32;
template <>
inline constexpr DType dtype_of<int8_t> = DType::kInt8;
template <>
inline constexpr DType dtype_of<uint8_t> = DType::kUint8;
template <>
inline constexpr DType dtype_of<int16_t> = DType::kInt16;
template <>
inline constexpr DType dtype_of<uint16_t> = DType::kUint16;
template <>
inline constexpr DType dtype_of<int32_t> = DType::kInt32;
template <>
inline constexpr DType dtype_of<uint32_t> = DType::kUint32;
template <>
inline constexpr DType dtype_of<int64_t> = DType::kInt64;
template <>
inline constexpr DType dtype_of<uint64_t> = DType::kUint64;

}  // namespace mote
