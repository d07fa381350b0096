#include "mote/compiler/ops/single_rescale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mote/core/base/fixed_point.h"

namespace mote::ops {
namespace {

int by_reference(const ExactRescale& exact, std::int64_t a) {
  const int y = requantize(static_cast<std::int32_t>(a), exact.multiplier, exact.shift);
  return std::clamp(y + exact.zero_point, exact.act_min, exact.act_max);
}
int by_one_rounding(const ExactRescale& exact, const SingleRescale& single, std::int64_t a) {
  const std::int64_t high = ((a + single.bias) * single.multiplier) >> 32;
  return static_cast<int>(std::clamp<std::int64_t>((high + single.addend) >> single.shift,
                                                   exact.act_min, exact.act_max));
}

/// Multipliers, shifts and zero points as they come, of layers with RELU (outputs of one sign).
ExactRescale random_relu(std::mt19937& random) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  ExactRescale exact{.multiplier = static_cast<std::int32_t>(pick(1 << 30, kInt32Max)),
                     .shift = static_cast<int>(-pick(1, 12)),
                     .zero_point = static_cast<int>(pick(-128, 127))};
  exact.act_min = exact.zero_point;
  exact.low = -pick(0, 1 << 20);
  exact.high = pick(0, 1 << 20);
  return exact;
}

TEST(SingleRescale, GivesTheReferencesOutputForEverySumOfReluLayers) {
  std::mt19937 random(1);
  for (int i = 0; i < 60; ++i) {
    const ExactRescale exact = random_relu(random);
    const auto single = find_single_rescale(exact);
    ASSERT_TRUE(single) << exact.multiplier << " shift " << exact.shift;
    for (std::int64_t a = exact.low; a <= exact.high; ++a)
      ASSERT_EQ(by_one_rounding(exact, *single, a), by_reference(exact, a))
          << exact.multiplier << " shift " << exact.shift << " sum " << a;
  }
}

TEST(SingleRescale, IsRightWhereverItIsFoundForOutputsOfBothSigns) {
  std::mt19937 random(2);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    ExactRescale exact = random_relu(random);
    exact.act_min = -128;
    exact.low /= 64, exact.high /= 64;
    const auto single = find_single_rescale(exact);
    if (!single) continue;
    ++found;
    for (std::int64_t a = exact.low; a <= exact.high; ++a)
      ASSERT_EQ(by_one_rounding(exact, *single, a), by_reference(exact, a)) << "sum " << a;
  }
  EXPECT_GT(found, 0);
}

TEST(SingleRescale, IsRightUpToTheLastSumForAllShifts) {
  std::mt19937 random(3);
  for (int i = 0; i < 400; ++i) {
    ExactRescale exact = random_relu(random);
    exact.shift = -1 - i % 20;
    exact.low /= 256, exact.high = (std::int64_t{1} << (1 + i % 20)) * (i % 256);
    exact.high = std::min<std::int64_t>(exact.high, 1 << 17);
    const auto single = find_single_rescale(exact);
    if (!single) continue;
    for (std::int64_t a = exact.low; a <= exact.high; ++a)
      ASSERT_EQ(by_one_rounding(exact, *single, a), by_reference(exact, a))
          << exact.multiplier << " shift " << exact.shift << " sum " << a;
  }
}

TEST(SingleRescale, HoldsForPowersOfTwo) {
  for (int e = 1; e <= 12; ++e) {
    const ExactRescale exact{
        .multiplier = 1 << 30, .shift = -e, .zero_point = -128, .low = -5000, .high = 1 << 20};
    const auto single = find_single_rescale(exact);
    ASSERT_TRUE(single) << e;
    for (std::int64_t a = exact.low; a <= exact.high; ++a)
      ASSERT_EQ(by_one_rounding(exact, *single, a), by_reference(exact, a)) << e << " sum " << a;
  }
}

TEST(SingleRescale, OfAMultiplierOfZeroIsTheZeroPoint) {
  const ExactRescale exact{.zero_point = 7, .low = -100, .high = 100};
  EXPECT_EQ(by_one_rounding(exact, *find_single_rescale(exact), 50), 7);
}

TEST(SingleRescale, IsNotFoundForMultipliersOfOneOrMore) {
  EXPECT_FALSE(find_single_rescale({.multiplier = 1 << 30, .shift = 1, .low = -10, .high = 10}));
}

}  // namespace
}  // namespace mote::ops
