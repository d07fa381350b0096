#include "mote/compiler/onnx/numbers.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace mote::onnx {
namespace {

template <class T>
void read(const std::vector<std::byte>& data, std::vector<double>& values) {
  for (std::size_t i = 0; i + sizeof(T) <= data.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, data.data() + i, sizeof value);
    values.push_back(static_cast<double>(value));
  }
}

template <class T>
void write(const std::vector<double>& values, std::vector<std::byte>& data) {
  data.resize(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value{};
    if constexpr (std::is_same_v<T, float>)
      value = static_cast<float>(values[i]);
    else if constexpr (std::is_same_v<T, bool>)
      value = values[i] != 0;
    else
      value = static_cast<T>(to_integer(values[i]));
    std::memcpy(data.data() + i * sizeof(T), &value, sizeof value);
  }
}

/// Calls `visit` with a value of the element type.
template <class Visit>
void with_type(DType type, Visit visit) {
  switch (type) {
    case DType::kFloat32:
      return visit(float{});
    case DType::kInt8:
      return visit(std::int8_t{});
    case DType::kUint8:
      return visit(std::uint8_t{});
    case DType::kInt16:
      return visit(std::int16_t{});
    case DType::kUint16:
      return visit(std::uint16_t{});
    case DType::kInt32:
      return visit(std::int32_t{});
    case DType::kUint32:
      return visit(std::uint32_t{});
    case DType::kInt64:
      return visit(std::int64_t{});
    case DType::kUint64:
      return visit(std::uint64_t{});
    case DType::kBool:
      return visit(bool{});
  }
}

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace

std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& dims) {
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return strides;
}

std::vector<double> walk(const Numbers& from, const std::vector<std::int64_t>& dims,
                         std::int64_t start, const std::vector<std::int64_t>& strides) {
  std::int64_t count = 1;
  for (std::int64_t dim : dims) count *= dim;
  std::vector<double> values;
  values.reserve(at(count));
  std::vector<std::int64_t> index(dims.size());
  std::int64_t place = start;
  for (std::int64_t n = 0; n < count; ++n) {
    values.push_back(from.values[at(place)]);
    for (std::size_t k = dims.size(); k-- > 0;) {
      place += strides[k];
      if (++index[k] < dims[k]) break;
      place -= strides[k] * dims[k];
      index[k] = 0;
    }
  }
  return values;
}

std::int64_t to_integer(double x) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (std::isnan(x)) return 0;
  if (x >= kLimit) return std::numeric_limits<std::int64_t>::max();
  if (x < -kLimit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(x);
}

Numbers numbers_of(const Tensor& tensor) {
  Numbers out{tensor.type, tensor.dims, {}};
  with_type(tensor.type, [&](auto zero) { read<decltype(zero)>(tensor.data, out.values); });
  return out;
}

Tensor tensor_of_numbers(const Numbers& numbers) {
  Tensor out{.name = "", .type = numbers.type, .dims = numbers.dims, .data = {}};
  with_type(numbers.type, [&](auto zero) { write<decltype(zero)>(numbers.values, out.data); });
  return out;
}

Numbers transposed(const Numbers& numbers, const std::vector<std::int64_t>& order) {
  const std::vector<std::int64_t> own = strides_of(numbers.dims);
  std::vector<std::int64_t> dims, strides;
  for (std::int64_t axis : order)
    dims.push_back(numbers.dims[at(axis)]), strides.push_back(own[at(axis)]);
  return {numbers.type, dims, walk(numbers, dims, 0, strides)};
}

}  // namespace mote::onnx
