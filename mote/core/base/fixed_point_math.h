#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/base/fixed_point.h"

/// Functions of fixed-point numbers by integer arithmetic alone, bit for bit as gemmlowp's
/// fixed-point library and TensorFlow Lite define them (profile `tflm`).
///
/// Qm is a 32-bit number with m integer bits: raw / 2^(31 - m), in [-2^m, 2^m).
namespace mote {

MOTE_INLINE constexpr int32_t wrapping_sub(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) - static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr int32_t wrapping_mul(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) * static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr int32_t wrapping_shift_left(int32_t x, int exponent) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << exponent);
}
MOTE_INLINE constexpr int32_t saturate_to_s32(int64_t x) {
  return static_cast<int32_t>(clamp<int64_t>(x, kInt32Min, kInt32Max));
}
/// x * 2^exponent, exponent in [0, 31].
MOTE_INLINE constexpr int32_t saturating_shift_left(int32_t x, int exponent) {
  return saturate_to_s32(int64_t{x} * (int64_t{1} << exponent));
}
/// (a + b) / 2, halves away from zero.
MOTE_INLINE constexpr int32_t rounding_half_sum(int32_t a, int32_t b) {
  const int64_t sum = int64_t{a} + b;
  return static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
}

/// Zero bits above the highest set bit; 32 for 0.
MOTE_INLINE constexpr int leading_zeros(uint32_t x) {
  if (x == 0) return 32;
  int count = 0;
  for (int step = 16; step > 0; step /= 2)
    if ((x >> (32 - step)) == 0) {
      x <<= step;
      count += step;
    }
  return count;
}
/// Bits below the sign bit that equal it; 31 for 0 and -1.
MOTE_INLINE constexpr int leading_sign_bits(int32_t x) {
  return leading_zeros(static_cast<uint32_t>(x < 0 ? ~x : x)) - 1;
}

/// exp(a) in Q0 for a in [-1/4, 0) in Q0: four terms of the Taylor series around -1/8.
MOTE_INLINE constexpr int32_t exp_of_last_quarter(int32_t a) {
  constexpr int32_t kExpMinusEighth = 1895147668, kThird = 715827883;
  const int32_t x = wrapping_add(a, 1 << 28);
  const int32_t x2 = doubling_high_mul(x, x);
  const int32_t x3 = doubling_high_mul(x2, x);
  const int32_t x4 = doubling_high_mul(x2, x2);
  const int32_t cubic = doubling_high_mul(rounding_shift_right(x4, 2) + x3, kThird);
  const int32_t tail = rounding_shift_right(cubic + x2, 1);
  return wrapping_add(kExpMinusEighth, doubling_high_mul(kExpMinusEighth, x + tail));
}

/// exp(a) in Q0 for a <= 0 in Q<kIntegerBits>. The largest number stands for exp(0) = 1.
///
/// a is split into a multiple of 1/4, whose binary digits select factors exp(-2^k), and a rest in
/// [-1/4, 0).
template <int kIntegerBits>
MOTE_INLINE constexpr int32_t exp_of_negative(int32_t a) {
  static_assert(kIntegerBits > 0 && kIntegerBits <= 5);
  constexpr int kFractionalBits = 31 - kIntegerBits;
  constexpr int32_t kQuarter = 1 << (kFractionalBits - 2);
  // exp(-2^k) in Q0 for k = -2, -1, ... 4
  constexpr int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308,
                                  39332535,   720401,     242};
  if (a == 0) return kInt32Max;
  const int32_t rest = (a & (kQuarter - 1)) - kQuarter;
  const int32_t quarters = wrapping_sub(rest, a);
  int32_t result = exp_of_last_quarter(saturating_shift_left(rest, kIntegerBits));
  for (int k = -2; k < kIntegerBits; ++k)
    if (quarters & (1 << (kFractionalBits + k)))
      result = doubling_high_mul(result, kFactors[k + 2]);
  return result;
}

/// 2 / (1 + a) in Q2 for a in [0, 1] in Q0: Newton's iteration for the inverse of (1 + a) / 2,
/// from 48/17 - 32/17 x.
MOTE_INLINE constexpr int32_t two_over_one_plus(int32_t a) {
  const int32_t half_denominator = rounding_half_sum(a, kInt32Max);
  int32_t x = wrapping_add(1515870810, doubling_high_mul(half_denominator, -1010580540));
  for (int i = 0; i < 3; ++i) {
    const int32_t error = wrapping_sub(1 << 29, doubling_high_mul(half_denominator, x));
    x = wrapping_add(x, saturating_shift_left(doubling_high_mul(x, error), 2));
  }
  return x;
}
/// 1 / (1 + a) in Q0 for a in [0, 1] in Q0.
MOTE_INLINE constexpr int32_t one_over_one_plus(int32_t a) {
  return saturating_shift_left(two_over_one_plus(a), 1);
}

/// 1 / (1 + exp(-a)) in Q0 for a in Q<kIntegerBits>.
template <int kIntegerBits>
MOTE_INLINE constexpr int32_t logistic(int32_t a) {
  if (a == 0) return 1 << 30;
  const int32_t of_magnitude =
      one_over_one_plus(exp_of_negative<kIntegerBits>(a > 0 ? wrapping_sub(0, a) : a));
  return a > 0 ? of_magnitude : wrapping_sub(kInt32Max, of_magnitude);
}

/// tanh(a) = (1 - exp(-2a)) / (1 + exp(-2a)) in Q0 for a in Q<kIntegerBits>.
template <int kIntegerBits>
MOTE_INLINE constexpr int32_t hyperbolic_tangent(int32_t a) {
  if (a == 0) return 0;
  // The same bits read with one more integer bit are twice the number.
  const int32_t e = exp_of_negative<kIntegerBits + 1>(a > 0 ? wrapping_sub(0, a) : a);
  const int32_t of_magnitude =
      saturating_shift_left(wrapping_sub(two_over_one_plus(e), 1 << 29), 2);
  return a > 0 ? of_magnitude : wrapping_sub(0, of_magnitude);
}

/// 1 / x for x > 0 in Q<integer_bits>: mantissa * 2^-exponent, the mantissa in Q0.
struct Reciprocal {
  int32_t mantissa;
  int exponent;
};
MOTE_INLINE constexpr Reciprocal reciprocal(int32_t x, int integer_bits) {
  const int zeros = leading_zeros(static_cast<uint32_t>(x));
  const uint32_t mantissa = static_cast<uint32_t>(x) << zeros;  // in [1, 2) with 31 fraction bits
  return {one_over_one_plus(static_cast<int32_t>(mantissa - (uint32_t{1} << 31))),
          integer_bits - zeros};
}

/// 1 / sqrt(x) for x >= 0 as multiplier / 2^31 * 2^shift; 0 counts as 1.
///
/// x is brought into [2^27, 2^29) by powers of four; then five rounds of Newton's iteration
/// y (3 - x y^2) / 2 in Q3, from y = 1.
struct ScaledInverse {
  int32_t multiplier;
  int shift;
};
MOTE_INLINE constexpr ScaledInverse inverse_square_root(int32_t x) {
  if (x <= 1) return {kInt32Max, 0};
  int right_shift = 11;
  for (; x >= 1 << 29; x /= 4) ++right_shift;
  const int pairs = (leading_zeros(static_cast<uint32_t>(x)) - 1) / 2 - 1;
  right_shift -= pairs;
  const int32_t input = (x << (2 * pairs)) >> 1;
  const int32_t half_input = rounding_shift_right(input, 1);
  constexpr int32_t kOne = 1 << 28, kOneAndHalf = kOne + kOne / 2, kHalfSqrt2 = 1518500250;
  int32_t y = kOne;
  for (int i = 0; i < 5; ++i) {
    const int32_t cube = saturating_shift_left(doubling_high_mul(doubling_high_mul(y, y), y), 6);
    y = saturating_shift_left(
        wrapping_sub(doubling_high_mul(kOneAndHalf, y), doubling_high_mul(half_input, cube)), 3);
  }
  y = doubling_high_mul(y, kHalfSqrt2);
  if (right_shift < 0) return {wrapping_shift_left(y, -right_shift), 0};
  return {y, -right_shift};
}

/// log(x) in Q5 for x >= 1 in Q12.
///
/// x = 2^n r with r around 2^(-1/4), found once for x and once for x sqrt(1/2), of which the nearer
/// is taken; log r is a rational approximation in q = 2 (r - 2^(-1/4)).
MOTE_INLINE constexpr int32_t log_of_q12(int32_t x) {
  constexpr int32_t kLog2 = 1488522236, kRootHalf = 1518500250, kFourthRootHalf = 1805811301;
  constexpr int32_t kAlphaN = 117049297, kAlphaD = 127690142, kAlphaI = 1057819769,
                    kAlphaF = 638450708;
  constexpr int32_t kQuarter = 1 << 23;  // in Q6, as all sums below that are not in Q0
  const int a_zeros = leading_zeros(static_cast<uint32_t>(x));
  const int32_t r_a =
      saturating_shift_left(doubling_high_mul(saturating_shift_left(x, a_zeros - 1), kRootHalf), 1);
  const int32_t power_a =
      saturate_to_s32(int64_t{saturating_shift_left(12 - a_zeros, 25)} + kQuarter);
  const int b_headroom = leading_zeros(static_cast<uint32_t>(doubling_high_mul(x, kRootHalf))) - 1;
  const int32_t r_b = saturating_shift_left(x, b_headroom);
  const int32_t power_b =
      saturate_to_s32(int64_t{saturating_shift_left(12 - b_headroom, 25)} - kQuarter);
  const int32_t r = min_of(r_a, r_b), power = max_of(power_a, power_b);

  const int32_t p = rounding_half_sum(r, kFourthRootHalf);
  const int32_t half_q = wrapping_sub(r, kFourthRootHalf), q = wrapping_add(half_q, half_q);
  const int32_t q2 = doubling_high_mul(q, q);
  const int32_t numerator =
      wrapping_add(doubling_high_mul(q, r), doubling_high_mul(doubling_high_mul(q, q2), kAlphaN));
  const int32_t inner = wrapping_add(wrapping_add(kAlphaI, q), doubling_high_mul(kAlphaD, q2));
  const int32_t denominator_minus_one =
      wrapping_add(doubling_high_mul(p, inner), doubling_high_mul(kAlphaF, q));
  const int32_t log_r = doubling_high_mul(rounding_shift_right(numerator, 6),
                                          one_over_one_plus(denominator_minus_one));
  return saturating_shift_left(wrapping_add(doubling_high_mul(power, kLog2), log_r), 1);
}

}  // namespace mote
