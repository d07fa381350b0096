#pragma once

#include <stdint.h>

/// Between real numbers and the integers of a network's inputs and outputs. Needs floats only, as
/// microcontrollers have them, and gives what the interpreter gives, which takes doubles.
namespace mote {

namespace internal {

/// A positive float as mantissa * 2^(exponent - 150).
struct Parts {
  int64_t mantissa;
  int exponent;
};
constexpr Parts parts_of(float x) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, x) & 0x7fffffffu;
  const uint32_t fraction = bits & 0x7fffffu, exponent = bits >> 23;
  if (exponent == 0) return {int64_t{fraction}, 1};
  return {int64_t{fraction | 0x800000u}, static_cast<int>(exponent)};
}

/// The sign of value / scale - halves / 2, where the quotient rounds to halves / 2 as a float.
constexpr int side_of_middle(float value, float scale, int32_t halves) {
  const Parts v = parts_of(value), s = parts_of(scale);
  // |value| >= scale / 2, so that nothing is shifted out; 24 bits and 18 fit in 64.
  const int64_t difference = v.mantissa * (int64_t{1} << (v.exponent - s.exponent + 1)) -
                             s.mantissa * (halves < 0 ? -halves : halves);
  const int sign = difference > 0 ? 1 : difference < 0 ? -1 : 0;
  return halves < 0 ? -sign : sign;
}

}  // namespace internal

/// The integer that stands for a real number: value / scale + zero_point, exactly rounded to the
/// nearest, a half away from zero, and saturated. What is not a number counts as 0.
///
///   T           an integer of 8 or 16 bits
///   scale       positive
///   zero_point  in the range of T
template <class T>
constexpr T quantize(float value, float scale, int32_t zero_point) {
  static_assert(sizeof(T) <= 2);
  constexpr bool kIsSigned = static_cast<T>(-1) < 0;
  constexpr int32_t kRange = int32_t{1} << (8 * sizeof(T));
  constexpr int32_t kLowest = kIsSigned ? -kRange / 2 : 0, kHighest = kLowest + kRange - 1;
  if (value != value) value = 0;
  const float quotient = value / scale;
  if (quotient >= static_cast<float>(kHighest - zero_point)) return static_cast<T>(kHighest);
  if (quotient <= static_cast<float>(kLowest - zero_point)) return static_cast<T>(kLowest);
  const auto whole = static_cast<int32_t>(quotient);
  const float rest = quotient - static_cast<float>(whole);
  const int32_t sign = rest < 0 ? -1 : 1;
  int32_t nearest = whole + zero_point;
  if (rest == 0.5f || rest == -0.5f) {
    // Rounding a quotient never carries it over a middle, but onto one.
    const int side = internal::side_of_middle(value, scale, 2 * whole + sign);
    const bool is_away = 2 * nearest + sign < 0 ? sign < 0 : sign > 0;
    if (side == 0 ? is_away : side == sign) nearest += sign;
  } else if (rest > 0.5f || rest < -0.5f) {
    nearest += sign;
  }
  return static_cast<T>(nearest);
}

/// The real number that an integer of 8 or 16 bits stands for: (value - zero_point) * scale.
template <class T>
constexpr float dequantize(T value, float scale, int32_t zero_point) {
  static_assert(sizeof(T) <= 2);
  return static_cast<float>(int32_t{value} - zero_point) * scale;
}

}  // namespace mote
