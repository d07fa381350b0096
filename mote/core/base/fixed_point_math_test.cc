#include "mote/core/base/fixed_point_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mote {
namespace {

constexpr double kOneInQ0 = 2147483648.0;

TEST(SaturatingShiftLeft, StopsAtTheEndsOfTheType) {
  EXPECT_EQ(saturating_shift_left(3, 4), 48);
  EXPECT_EQ(saturating_shift_left(1 << 30, 1), kInt32Max);
  EXPECT_EQ(saturating_shift_left(-(1 << 30), 1), kInt32Min);
  EXPECT_EQ(saturating_shift_left(-(1 << 30) - 1, 1), kInt32Min);
}

TEST(RoundingHalfSum, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(rounding_half_sum(2, 3), 3);
  EXPECT_EQ(rounding_half_sum(-2, -3), -3);
  EXPECT_EQ(rounding_half_sum(kInt32Max, kInt32Max), kInt32Max);
}

TEST(LeadingZeros, CountsEveryPositionOfTheHighestBit) {
  EXPECT_EQ(leading_zeros(0), 32);
  for (int bit = 0; bit < 32; ++bit) EXPECT_EQ(leading_zeros(uint32_t{1} << bit), 31 - bit);
  EXPECT_EQ(leading_zeros(0xffffffff), 0);
}

TEST(LeadingSignBits, CountsWhatRepeatsTheSign) {
  EXPECT_EQ(leading_sign_bits(0), 31);
  EXPECT_EQ(leading_sign_bits(-1), 31);
  EXPECT_EQ(leading_sign_bits(255), 23);
  EXPECT_EQ(leading_sign_bits(-256), 23);
  EXPECT_EQ(leading_sign_bits(kInt32Min), 0);
}

TEST(ExpOfNegative, IsTheExponentialWithinMillionths) {
  for (double x = 0; x > -31; x -= 0.037) {
    const auto q5 = static_cast<int32_t>(x * (1 << 26));
    EXPECT_NEAR(exp_of_negative<5>(q5) / kOneInQ0, std::exp(x), 1e-6) << x;
  }
  EXPECT_EQ(exp_of_negative<5>(0), kInt32Max);
}

TEST(Logistic, IsTheLogisticFunctionWithinMillionths) {
  for (double x = -15.9; x < 15.9; x += 0.041) {
    const auto q4 = static_cast<int32_t>(x * (1 << 27));
    EXPECT_NEAR(logistic<4>(q4) / kOneInQ0, 1 / (1 + std::exp(-x)), 1e-6) << x;
  }
  EXPECT_EQ(logistic<4>(0), 1 << 30);
}

TEST(HyperbolicTangent, IsTheTangentWithinMillionthsAndOdd) {
  for (double x = 0.01; x < 15.9; x += 0.041) {
    const auto q4 = static_cast<int32_t>(x * (1 << 27));
    EXPECT_NEAR(hyperbolic_tangent<4>(q4) / kOneInQ0, std::tanh(x), 1e-6) << x;
    EXPECT_EQ(hyperbolic_tangent<4>(-q4), -hyperbolic_tangent<4>(q4)) << x;
  }
  EXPECT_EQ(hyperbolic_tangent<4>(0), 0);
}

TEST(Reciprocal, GivesMantissaAndExponentOfTheInverse) {
  for (int32_t x = 1; x < 100000; x = x * 3 + 1) {
    const auto [mantissa, exponent] = reciprocal(x, /*integer_bits=*/31);
    EXPECT_NEAR(mantissa / kOneInQ0 * std::exp2(-exponent) * x, 1, 1e-6) << x;
  }
}

TEST(InverseSquareRoot, IsTheInverseOfTheRootWithinThousandths) {
  for (int32_t x = 2; x < 1 << 29; x = x * 3 + 1) {
    const auto [multiplier, shift] = inverse_square_root(x);
    EXPECT_NEAR(multiplier / kOneInQ0 * std::exp2(shift) * std::sqrt(x), 1, 1e-3) << x;
  }
  EXPECT_EQ(inverse_square_root(0).multiplier, kInt32Max);
}

TEST(LogOfQ12, IsTheNaturalLogarithmWithinHundredThousandths) {
  for (double x = 1; x < 4000; x *= 1.13) {
    const auto q12 = static_cast<int32_t>(x * (1 << 19));
    EXPECT_NEAR(log_of_q12(q12) / static_cast<double>(1 << 26), std::log(x), 1e-5) << x;
  }
}

}  // namespace
}  // namespace mote
