#include "mote/compiler/ops/linear_sum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mote/core/kernels/add.h"
#include "mote/core/kernels/isa/scalar.h"

namespace mote::ops {
namespace {

using isa::Scalar;

constexpr int kValues = 256, kLowBits = 15;

/// What each value of an input is at the common scale.
using Aligned = std::array<std::int32_t, kValues>;

/// For each output above act_min, the least sum that gives it or more; then a sum out of reach.
std::array<std::int64_t, kValues + 1> thresholds(const program::AlignedScalesAttrs& exact,
                                                 std::int64_t low, std::int64_t high) {
  std::array<std::int64_t, kValues + 1> list{};
  list.fill(std::numeric_limits<std::int64_t>::max());
  const auto gives = [&](std::int64_t sum) {
    return kernels::output_of_aligned<std::int8_t, Scalar>(exact, static_cast<std::int32_t>(sum));
  };
  for (int v = exact.act_min + 1; v <= exact.act_max && v <= gives(high); ++v) {
    std::int64_t first = low, end = high;  // the threshold lies within [first, end]
    while (first < end) {
      const std::int64_t middle = first + (end - first) / 2;
      if (gives(middle) >= v)
        end = middle;
      else
        first = middle + 1;
    }
    list[static_cast<std::size_t>(v - exact.act_min - 1)] = low = first;
  }
  return list;
}

double real_factor(int multiplier, int shift) { return std::ldexp(multiplier, shift - 31); }

/// The least c of a * m1 + b * m2 + c >> shift that gives every pair's output; nothing if none
/// does.
std::optional<std::int64_t> find_addend(const program::AlignedScalesAttrs& exact,
                                        std::int64_t factor1, std::int64_t factor2, int shift) {
  Aligned a, b;
  for (int i = 0; i < kValues; ++i) {
    a[static_cast<std::size_t>(i)] = kernels::align_input1<Scalar>(exact, i - 128);
    b[static_cast<std::size_t>(i)] = kernels::align_input2<Scalar>(exact, i - 128);
  }
  const auto edges =
      thresholds(exact, std::int64_t{a.front()} + b.front(), std::int64_t{a.back()} + b.back());
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < kValues; ++i) {
    std::size_t next = 0;  // edge above the output
    for (int j = 0; j < kValues; ++j) {
      const std::int64_t sum =
          std::int64_t{a[static_cast<std::size_t>(i)]} + b[static_cast<std::size_t>(j)];
      while (sum >= edges[next]) ++next;
      const int output = exact.act_min + static_cast<int>(next);
      const std::int64_t line = (i - 128) * factor1 + (j - 128) * factor2;
      const std::int64_t floor = (std::int64_t{output} << shift) - line;
      if (output > exact.act_min) least = std::max(least, floor);
      if (output < exact.act_max) most = std::min(most, floor + (std::int64_t{1} << shift) - 1);
    }
  }
  if (least > most) return std::nullopt;
  return least == std::numeric_limits<std::int64_t>::min() ? most : least;
}

}  // namespace

std::optional<program::LinearSumAttrs> find_linear_sum(const program::AlignedScalesAttrs& exact) {
  constexpr int kFactorBits = 29, kMostShift = 20;
  const double output = real_factor(exact.output_multiplier, exact.output_shift + exact.left_shift);
  const double real1 = real_factor(exact.input1_multiplier, exact.input1_shift) * output;
  const double real2 = real_factor(exact.input2_multiplier, exact.input2_shift) * output;
  const int shift = kFactorBits - std::max(std::ilogb(real1), std::ilogb(real2)) - 1;
  if (shift < kLowBits || shift - kLowBits > kMostShift) return std::nullopt;
  const auto factor1 = std::llround(std::ldexp(real1, shift));
  const auto factor2 = std::llround(std::ldexp(real2, shift));
  const auto addend = find_addend(exact, factor1, factor2, shift);
  if (!addend || std::abs(*addend) >> kLowBits >= 1 << 29) return std::nullopt;
  constexpr int kLowMask = (1 << kLowBits) - 1;
  return program::LinearSumAttrs{.low1 = static_cast<int>(factor1 & kLowMask),
                                 .low2 = static_cast<int>(factor2 & kLowMask),
                                 .low = static_cast<int>(*addend & kLowMask),
                                 .high1 = static_cast<int>(factor1 >> kLowBits),
                                 .high2 = static_cast<int>(factor2 >> kLowBits),
                                 .high = static_cast<int>(*addend >> kLowBits),
                                 .shift = shift - kLowBits,
                                 .act_min = exact.act_min,
                                 .act_max = exact.act_max};
}

}  // namespace mote::ops
