#include "mote/compiler/onnx/integer_constants.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace mote::onnx {
namespace {

template <class T>
std::vector<std::byte> narrowed(const std::vector<std::int64_t>& numbers) {
  std::vector<std::byte> bytes(numbers.size() * sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = static_cast<T>(numbers[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &number, sizeof number);
  }
  return bytes;
}

/// How many elements lie between one place along the axis and the next.
std::size_t elements_below(const std::vector<int>& shape, int axis) {
  std::size_t count = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < shape.size(); ++i)
    count *= static_cast<std::size_t>(shape[i]);
  return count;
}

}  // namespace

std::int64_t least_of(DType type) {
  return type == DType::kInt8    ? std::numeric_limits<std::int8_t>::min()
         : type == DType::kInt16 ? std::numeric_limits<std::int16_t>::min()
                                 : std::numeric_limits<std::int32_t>::min();
}

std::int64_t most_of(DType type) { return -(least_of(type) + 1); }

std::optional<std::vector<std::int64_t>> steps_of(const graph::Tensor& constant, const Grid& grid) {
  constexpr double kNear = 0.01;  // of a step: what multiplying in float may have moved
  if (constant.type != DType::kFloat32 || !constant.is_constant()) return std::nullopt;
  const std::vector<float> numbers = graph::values<float>(constant);
  const auto& [scale, zero_point, axis] = grid.quant;
  const std::size_t below = scale.size() > 1 ? elements_below(constant.shape, axis) : 1;
  std::vector<std::int64_t> steps;
  steps.reserve(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t channel = i / below % scale.size();
    const double step = double{numbers[i]} / double{scale[channel]};
    const double nearest = std::nearbyint(step);
    const double stored = nearest + static_cast<double>(zero_point[channel]);
    if (!(std::abs(step - nearest) <= kNear) || stored < static_cast<double>(least_of(grid.type)) ||
        stored > static_cast<double>(most_of(grid.type)))
      return std::nullopt;
    steps.push_back(static_cast<std::int64_t>(stored));
  }
  return steps;
}

std::vector<std::int64_t> nearest_steps(const graph::Tensor& constant, const Grid& grid) {
  std::vector<std::int64_t> steps;
  const auto least = static_cast<double>(least_of(grid.type)),
             most = static_cast<double>(most_of(grid.type));
  for (float number : graph::values<float>(constant)) {
    const double step = std::nearbyint(double{number} / double{grid.quant.scale[0]}) +
                        static_cast<double>(grid.quant.zero_point[0]);
    // What is no number becomes 0.
    steps.push_back(std::isnan(step) ? grid.quant.zero_point[0]
                                     : static_cast<std::int64_t>(std::clamp(step, least, most)));
  }
  return steps;
}

std::vector<std::byte> bytes_of(const std::vector<std::int64_t>& numbers, DType type) {
  switch (size_of(type)) {
    case 1:
      return narrowed<std::int8_t>(numbers);
    case 2:
      return narrowed<std::int16_t>(numbers);
    case 4:
      return narrowed<std::int32_t>(numbers);
    default:
      return narrowed<std::int64_t>(numbers);
  }
}

int add_steps(Twins& twins, const std::string& name, const Grid& grid,
              const std::vector<int>& shape, const std::vector<std::int64_t>& steps) {
  return twins.add_constant(name, grid, shape, bytes_of(steps, grid.type));
}

}  // namespace mote::onnx
