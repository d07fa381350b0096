#include "mote/compiler/ops/float_rescale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "mote/core/base/fixed_point.h"

namespace mote::ops {
namespace {

using isa::Rounding;

int by_reference(const ExactRescale& exact, std::int64_t a) {
  const int y = requantize(static_cast<std::int32_t>(a), exact.multiplier, exact.shift);
  return std::clamp(y + exact.zero_point, exact.act_min, exact.act_max);
}

/// The next float towards minus infinity.
float rounded_down(long double x) {
  const auto y = static_cast<float>(x);
  return y > x ? std::nextafter(y, -std::numeric_limits<float>::infinity()) : y;
}

/// In long double, where no other sum here is rounded at all.
int by_float(const ExactRescale& exact, const FloatRescale& by, Rounding rounding, std::int64_t a) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  const bool mirrored = rounding == Rounding::kToZero && a < 0;
  const auto sum = static_cast<long double>(mirrored ? -a : a + by.bias);
  const long double y = std::floor(sum * by.multiplier + rounded_down(sum * by.rest + by.addend));
  const int zero_point = rounding == Rounding::kToZero ? exact.zero_point : 0;
  return static_cast<int>(
      std::clamp<long double>((mirrored ? -y : y) + zero_point, exact.act_min, exact.act_max));
}

/// Multipliers, shifts and zero points as they come.
ExactRescale random_layer(std::mt19937& random, bool relu) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  ExactRescale exact{.multiplier = static_cast<std::int32_t>(pick(1 << 30, kInt32Max)),
                     .shift = static_cast<int>(-pick(0, 12)),
                     .zero_point = static_cast<int>(pick(-128, 127))};
  if (relu) exact.act_min = exact.zero_point;
  const std::int64_t reach = pick(0, 1) == 0 ? 1 << 9 : 1 << 17;
  exact.low = -pick(-reach / 8, reach);
  exact.high = exact.low + pick(0, reach);
  return exact;
}

/// How many of `count` such layers have a rescale, each of which is right for every sum.
int found_and_right(bool relu, Rounding rounding, int count) {
  std::mt19937 random(relu ? 1 : 2);
  int found = 0;
  for (int i = 0; i < count; ++i) {
    const ExactRescale exact = random_layer(random, relu);
    const auto by = find_float_rescale(exact, rounding);
    if (!by) continue;
    ++found;
    for (std::int64_t a = exact.low; a <= exact.high; ++a)
      if (by_float(exact, *by, rounding, a) != by_reference(exact, a)) {
        ADD_FAILURE() << exact.multiplier << " shift " << exact.shift << " zero point "
                      << exact.zero_point << " from " << exact.act_min << ", sums " << exact.low
                      << " to " << exact.high << ": sum " << a << " gives "
                      << by_float(exact, *by, rounding, a) << ", not " << by_reference(exact, a);
        break;
      }
  }
  return found;
}

TEST(FloatRescale, IsNearlyAlwaysFoundForReluLayersAndAlwaysRight) {
  EXPECT_GT(found_and_right(true, Rounding::kDown, 300), 240);
}

TEST(FloatRescale, IsRightWhereverItIsFoundForOutputsOfBothSigns) {
  EXPECT_GT(found_and_right(false, Rounding::kDown, 300), 0);
}

TEST(FloatRescale, RoundsTowardsZeroForOutputsOfBothSigns) {
  EXPECT_GT(found_and_right(false, Rounding::kToZero, 300), 200);
  EXPECT_GT(found_and_right(true, Rounding::kToZero, 300), 200);
}

TEST(FloatRescale, HoldsForPowersOfTwo) {
  for (int shift = -12; shift <= -1; ++shift)
    for (const Rounding rounding : {Rounding::kDown, Rounding::kToZero}) {
      const ExactRescale exact{.multiplier = 1 << 30,
                               .shift = shift,
                               .zero_point = -128,
                               .low = -100000,
                               .high = 600000};
      const auto by = find_float_rescale(exact, rounding);
      ASSERT_TRUE(by || shift == -1) << shift;
      if (!by) continue;
      for (std::int64_t a = exact.low; a <= exact.high; ++a)
        ASSERT_EQ(by_float(exact, *by, rounding, a), by_reference(exact, a)) << "sum " << a;
    }
}

TEST(FloatRescale, IsRefusedWhereSumsHaveMoreBitsThanAFloat) {
  const ExactRescale exact{.multiplier = 1 << 30, .shift = -12, .low = 0, .high = (1 << 24) + 1};
  EXPECT_FALSE(find_float_rescale(exact, Rounding::kDown));
  EXPECT_FALSE(find_float_rescale(exact, Rounding::kToZero));
}

TEST(FloatRescale, IsTheOutputItselfWhereThereIsOnlyOne) {
  const ExactRescale dead{
      .multiplier = 0, .zero_point = -7, .act_min = -128, .low = -100, .high = 100};
  const auto down = find_float_rescale(dead, Rounding::kDown);
  ASSERT_TRUE(down);
  EXPECT_EQ(by_float(dead, *down, Rounding::kDown, -100), -7);
  const auto to_zero = find_float_rescale(dead, Rounding::kToZero);
  ASSERT_TRUE(to_zero);
  EXPECT_EQ(by_float(dead, *to_zero, Rounding::kToZero, -100), -7);
}

}  // namespace
}  // namespace mote::ops
