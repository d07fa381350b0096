#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/onnx/file.h"

/// Constants as numbers, whatever their type.
namespace mote::onnx {

/// A constant's elements as numbers. Those of 64 bits beyond 2^53 are rounded: such stand for "to
/// the end" only.
struct Numbers {
  DType type = DType::kFloat32;
  std::vector<std::int64_t> dims;
  std::vector<double> values;

  std::int64_t count() const { return static_cast<std::int64_t>(values.size()); }
};

Numbers numbers_of(const Tensor& tensor);
Tensor tensor_of_numbers(const Numbers& numbers);
/// Dimension `order[i]` becomes dimension i.
Numbers transposed(const Numbers& numbers, const std::vector<std::int64_t>& order);
/// The nearest integer, within what 64 bits hold.
std::int64_t to_integer(double x);
/// Elements from one to the next along each dimension.
std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& dims);
/// Elements in the order of `dims`, each taken from `start` plus a stride a dimension.
std::vector<double> walk(const Numbers& from, const std::vector<std::int64_t>& dims,
                         std::int64_t start, const std::vector<std::int64_t>& strides);

}  // namespace mote::onnx
