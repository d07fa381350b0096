#include "cli/tensor_diff.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "mote/support/cat.h"

namespace mote::cli {
namespace {

using Bytes = std::span<const std::byte>;

template <class T>
T element(Bytes bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

template <class T>
double limit(Bytes left, double tolerance) {
  double largest = 0;
  if constexpr (std::is_same_v<T, float>)
    for (std::size_t i = 0; tolerance > 0 && i < left.size() / sizeof(T); ++i)
      if (const float value = element<T>(left, i); std::isfinite(value))
        largest = std::max(largest, std::abs(double{value}));
  return tolerance * largest;
}

template <class T>
double distance(T a, T b) {
  const double d = std::abs(static_cast<double>(a) - static_cast<double>(b));
  return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

template <class T>
TensorDiff diff(Bytes left, Bytes right, double tolerance) {
  TensorDiff result;
  const double allowed = limit<T>(left, tolerance);
  for (std::size_t i = 0; i < left.size() / sizeof(T); ++i) {
    const std::byte *l = left.data() + i * sizeof(T), *r = right.data() + i * sizeof(T);
    if (std::memcmp(l, r, sizeof(T)) == 0) continue;
    const T a = element<T>(left, i), b = element<T>(right, i);
    if (tolerance > 0 && std::is_same_v<T, float> && distance(a, b) <= allowed) continue;
    if (result.differing++ == 0) {
      result.first = static_cast<std::int64_t>(i);
      result.left = cat(+a), result.right = cat(+b);
    }
    for (std::size_t k = 0; k < sizeof(T); ++k) result.bytes += l[k] != r[k];
    result.largest = std::max(result.largest, distance(a, b));
  }
  return result;
}

}  // namespace

TensorDiff diff_tensors(DType type, Bytes left, Bytes right, double tolerance) {
  switch (type) {
    case DType::kFloat32:
      return diff<float>(left, right, tolerance);
    case DType::kInt8:
      return diff<std::int8_t>(left, right, tolerance);
    case DType::kUint8:
    case DType::kBool:
      return diff<std::uint8_t>(left, right, tolerance);
    case DType::kInt16:
      return diff<std::int16_t>(left, right, tolerance);
    case DType::kUint16:
      return diff<std::uint16_t>(left, right, tolerance);
    case DType::kInt32:
      return diff<std::int32_t>(left, right, tolerance);
    case DType::kUint32:
      return diff<std::uint32_t>(left, right, tolerance);
    case DType::kInt64:
      return diff<std::int64_t>(left, right, tolerance);
    case DType::kUint64:
      return diff<std::uint64_t>(left, right, tolerance);
  }
  return {};
}

}  // namespace mote::cli
