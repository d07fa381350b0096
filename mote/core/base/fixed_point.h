#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

/// Rounding is a contract: every way in which TensorFlow Lite's run-times scale integers stands
/// here once, under the name of its numerics profile.
namespace mote {

/// Whose arithmetic a program follows, to the bit.
enum class Numerics : uint8_t {
  kTflm,          ///< TensorFlow Lite Micro's reference kernels: integers only, double rounding
  kLitertHybrid,  ///< LiteRT's hybrid kernels: float activations quantised on the fly, int8 weights
};

constexpr const char* name_of(Numerics profile) {
  return profile == Numerics::kTflm ? "tflm" : "litert_hybrid";
}

template <class T>
MOTE_INLINE constexpr T min_of(T a, T b) {
  return b < a ? b : a;
}
template <class T>
MOTE_INLINE constexpr T max_of(T a, T b) {
  return a < b ? b : a;
}
template <class T>
MOTE_INLINE constexpr T clamp(T x, T low, T high) {
  return min_of(max_of(x, low), high);
}

inline constexpr int32_t kInt32Max = 0x7fffffff;
inline constexpr int32_t kInt32Min = -kInt32Max - 1;

/// a + b modulo 2^32 or 2^64, which is what the reference's sums are on every machine it runs on.
MOTE_INLINE constexpr int32_t wrapping_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr int64_t wrapping_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

/// round(a * b / 2^31), halves upwards, saturating the one overflow (both -2^31): gemmlowp's
/// SaturatingRoundingDoublingHighMul.
MOTE_INLINE constexpr int32_t doubling_high_mul(int32_t a, int32_t b) {
  if (a == b && a == kInt32Min) return kInt32Max;
  return static_cast<int32_t>((static_cast<int64_t>(a) * b + (int64_t{1} << 30)) >> 31);
}

/// round(x / 2^exponent), halves away from zero; exponent in [0, 31].
template <class T>
MOTE_INLINE constexpr T rounding_shift_right(T x, int exponent) {
  const T mask = static_cast<T>((int64_t{1} << exponent) - 1);
  const T remainder = x & mask;
  const T threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/// x * multiplier / 2^31 * 2^shift with two roundings: profile `tflm`'s requantisation of 32-bit
/// accumulators (MultiplyByQuantizedMultiplier of TFLM's common.cc without single rounding).
///
///   multiplier  Q31, >= 0
///   shift       [-31, 30]; a left shift wraps as in the reference
MOTE_INLINE constexpr int32_t requantize(int32_t x, int32_t multiplier, int shift) {
  const int left = shift > 0 ? shift : 0;
  const int right = shift > 0 ? 0 : -shift;
  const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  return rounding_shift_right(doubling_high_mul(shifted, multiplier), right);
}

/// The same for 64-bit accumulators of 16-bit activations: the multiplier is first rounded to 15
/// bits, then there is one rounding (profile `tflm`).
///
///   x      |x| < 2^47
///   shift  [-31, 8)
///
/// A template because int32_t is `long` on bare metal, where an `int` would be as far from either.
template <class T>
requires(sizeof(T) == sizeof(int64_t)) MOTE_INLINE constexpr int32_t
    requantize(T x, int32_t multiplier, int shift) {
  const int32_t reduced = multiplier < 0x7fff0000 ? (multiplier + (1 << 15)) >> 16 : 0x7fff;
  const int total_shift = 15 - shift;
  const int64_t rounded = x * reduced + (int64_t{1} << (total_shift - 1));
  return static_cast<int32_t>(rounded >> total_shift);
}

}  // namespace mote
