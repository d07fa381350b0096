#include "mote/core/base/fixed_point.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

namespace mote {
namespace {

/// x / 2^exponent rounded, halves away from zero, by the definition.
int64_t round_away(int64_t x, int exponent) {
  const int64_t half = exponent > 0 ? int64_t{1} << (exponent - 1) : 0;
  return x >= 0 ? (x + half) >> exponent : -((-x + half) >> exponent);
}

TEST(DoublingHighMul, RoundsTheExactProductHalvesUpwards) {
  std::mt19937 random(1);
  const int32_t extremes[] = {kInt32Min, kInt32Min + 1, -1, 0, 1, 1 << 30, kInt32Max};
  const auto expect = [](int32_t a, int32_t b) {
    // The product fits a long double's 64-bit mantissa.
    const long double exact = std::floor(static_cast<long double>(a) * b / 2147483648.0L + 0.5L);
    EXPECT_EQ(doubling_high_mul(a, b), static_cast<int32_t>(std::min(exact, 2147483647.0L)))
        << a << " * " << b;
  };
  for (int32_t a : extremes)
    for (int32_t b : extremes) expect(a, b);
  for (int i = 0; i < 100000; ++i) expect(int32_t(random()), int32_t(random()));
}

TEST(RoundingShiftRight, RoundsHalvesAwayFromZero) {
  std::mt19937 random(2);
  for (int exponent = 0; exponent < 32; ++exponent)
    for (int i = 0; i < 2000; ++i) {
      const auto x = static_cast<int32_t>(random());
      EXPECT_EQ(rounding_shift_right(x, exponent), int32_t(round_away(x, exponent)))
          << x << " >> " << exponent;
    }
}

TEST(Requantize, IsAtMostOneUnitFromTheRealProduct) {
  std::mt19937 random(3);
  for (int i = 0; i < 100000; ++i) {
    const int32_t x = int32_t(random()) >> 8;
    const auto multiplier = static_cast<int32_t>((1u << 30) + (random() & 0x3fffffff));
    const int shift = -int(random() % 24);
    const double exact = double(x) * multiplier / 2147483648.0 * std::exp2(shift);
    EXPECT_LE(std::abs(requantize(x, multiplier, shift) - exact), 1.0);
  }
}

TEST(Requantize, Of64BitsRoundsOnceWithAMultiplierOf15Bits) {
  EXPECT_EQ(requantize(int64_t{1} << 40, 1 << 30, -20), 1 << 19);
  // 3 * 0.5 * 2^-1 = 0.75 -> 1, and 1 * 0.5 * 2^-1 = 0.25 -> 0.
  EXPECT_EQ(requantize(int64_t{3}, 1 << 30, -1), 1);
  EXPECT_EQ(requantize(int64_t{1}, 1 << 30, -1), 0);
  // One rounding goes towards plus infinity at a half: -0.5 -> 0.
  EXPECT_EQ(requantize(int64_t{-1}, 1 << 30, 0), 0);
  // A multiplier that would round to 2^15 saturates.
  EXPECT_EQ(requantize(int64_t{32768}, 0x7fffffff, 0), 32767);
}

}  // namespace
}  // namespace mote
