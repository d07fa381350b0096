#include "tests/golden/compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "mote/support/cat.h"

namespace mote::tests {
namespace {

std::vector<float> floats(std::span<const std::byte> bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

bool same(float a, float b, double limit) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(double(a) - double(b)) <= limit;
}

}  // namespace

std::string difference(DType type, std::span<const std::byte> actual,
                       std::span<const std::byte> expected, double tolerance) {
  if (actual.size() != expected.size())
    return cat(actual.size(), " B, expected ", expected.size(), " B");
  if (type == DType::kFloat32) {
    const auto a = floats(actual), e = floats(expected);
    double largest = 0;
    for (float v : e)
      if (std::isfinite(v)) largest = std::max(largest, std::abs(double(v)));
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!same(a[i], e[i], tolerance * largest))
        return cat("element ", i, " is ", a[i], ", expected ", e[i], " (largest ", largest, ")");
    return "";
  }
  const auto count = static_cast<std::size_t>(size_of(type));
  for (std::size_t i = 0; i < actual.size(); ++i)
    if (actual[i] != expected[i])
      return cat("byte ", i, " (element ", i / count, " of ", name_of(type), ") is ",
                 std::to_integer<int>(actual[i]), ", expected ", std::to_integer<int>(expected[i]));
  return "";
}

}  // namespace mote::tests
