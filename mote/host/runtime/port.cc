#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"

namespace mote::runtime {
namespace {

/// One number as T: through scale and zero point where there are any, rounded and saturated.
template <class T>
T to_element(float value, const program::TensorInfo& info) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    const double scaled =
        info.scale == 0 ? double{value} : double{value} / double{info.scale} + info.zero_point;
    // The largest 64-bit integers round up to a double that is not one of them.
    const double rounded = std::round(scaled);
    if (rounded <= static_cast<double>(std::numeric_limits<T>::min()))
      return std::numeric_limits<T>::min();
    if (rounded >= static_cast<double>(std::numeric_limits<T>::max()))
      return std::numeric_limits<T>::max();
    return static_cast<T>(rounded);
  }
}

template <class T>
float to_real(T element, const program::TensorInfo& info) {
  if constexpr (std::is_same_v<T, float>) {
    return element;
  } else {
    if (info.scale == 0) return static_cast<float>(element);
    return static_cast<float>((double(element) - info.zero_point) * double{info.scale});
  }
}

/// Calls `use` with a value of the C++ type that elements of `type` have.
template <class Use>
void with_type(DType type, Use use) {
  switch (type) {
    case DType::kFloat32:
      return use(float{});
    case DType::kInt8:
      return use(std::int8_t{});
    case DType::kUint8:
    case DType::kBool:
      return use(std::uint8_t{});
    case DType::kInt16:
      return use(std::int16_t{});
    case DType::kUint16:
      return use(std::uint16_t{});
    case DType::kInt32:
      return use(std::int32_t{});
    case DType::kUint32:
      return use(std::uint32_t{});
    case DType::kInt64:
      return use(std::int64_t{});
    case DType::kUint64:
      return use(std::uint64_t{});
  }
}

}  // namespace

Result<void> Port::expect_type(DType type) const {
  if (type == info_->type) return {};
  return bad_input(
      cat("'", info_->name, "' holds ", name_of(info_->type), ", not ", name_of(type)));
}

Result<void> Port::write_real(std::span<const float> values) const {
  const std::size_t count = static_cast<std::size_t>(info_->bytes / size_of(info_->type));
  if (values.size() != count)
    return bad_input(cat("'", info_->name, "' takes ", count, " numbers, got ", values.size()));
  for (float value : values)
    if (!std::isfinite(value)) return bad_input(cat("'", info_->name, "' was given ", value));
  with_type(info_->type, [&]<class T>(T) {
    for (std::size_t i = 0; i < count; ++i) {
      const T element = to_element<T>(values[i], *info_);
      std::memcpy(data_ + i * sizeof(T), &element, sizeof(T));
    }
  });
  return {};
}

std::vector<float> Port::read_real() const {
  std::vector<float> values(static_cast<std::size_t>(info_->bytes / size_of(info_->type)));
  with_type(info_->type, [&]<class T>(T) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      T element;
      std::memcpy(&element, data_ + i * sizeof(T), sizeof(T));
      values[i] = to_real(element, *info_);
    }
  });
  return values;
}

}  // namespace mote::runtime
