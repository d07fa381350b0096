#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/kernels/broadcast.h"
#include "mote/core/kernels/requantize_tiles.h"

namespace mote::kernels {

/// Offsets are minus the inputs' and plus the output's zero points.
template <class A>
concept ProductAttributes = requires(A a) {
  a.input1_offset, a.input2_offset, a.output_offset;
  a.output_multiplier, a.output_shift;
  a.act_min, a.act_max;
};

template <class T, class Isa, ProductAttributes Attrs>
MOTE_INLINE T product_of(const Attrs& attrs, int32_t x, int32_t y) {
  const int32_t product = wrapping_mul(x + attrs.input1_offset, y + attrs.input2_offset);
  const int32_t scaled = requantize(product, attrs.output_multiplier, attrs.output_shift);
  return static_cast<T>(
      clamp<int32_t>(wrapping_add(scaled, attrs.output_offset), attrs.act_min, attrs.act_max));
}

namespace internal {

template <class Isa, class Attrs, class T, class A, class B, class Out>
MOTE_INLINE void multiply(const Attrs& attrs, TensorView<const T, A> a, TensorView<const T, B> b,
                          TensorView<T, Out> out) {
  const auto product = [&](int32_t x, int32_t y) { return product_of<T, Isa>(attrs, x, y); };
  if constexpr (Isa::kRequantizesVectors)
    if (is_elementwise(a.shape, b.shape, out.shape)) {
      const int n = volume(out.shape), offset1 = attrs.input1_offset, offset2 = attrs.input2_offset;
      const int done = clamp_tiles(
          out.data, n, attrs.output_offset, attrs.act_min, attrs.act_max, [&](int i, int32_t* x) {
            for (int j = 0; j < kElementTile; ++j)
              x[j] = wrapping_mul(a.data[i + j] + offset1, b.data[i + j] + offset2);
            Isa::requantize_all(x, attrs.output_multiplier, attrs.output_shift, x, kElementTile);
          });
      for (int i = done; i < n; ++i) out.data[i] = product(a.data[i], b.data[i]);
      return;
    }
  zip(a, b, out, product);
}

}  // namespace internal

/// out = act(requantize((a + input1_offset) * (b + input2_offset))); shapes as zip() takes them.
template <class Isa, ProductAttributes Attrs, class A, class B, class Out>
void mul_s8(const Attrs& attrs, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
            TensorView<int8_t, Out> out) {
  internal::multiply<Isa>(attrs, a, b, out);
}
template <class Isa, ProductAttributes Attrs, class A, class B, class Out>
void mul_s16(const Attrs& attrs, TensorView<const int16_t, A> a, TensorView<const int16_t, B> b,
             TensorView<int16_t, Out> out) {
  internal::multiply<Isa>(attrs, a, b, out);
}
/// out = act(a * b)
template <class Isa, class Attrs, class A, class B, class Out>
void mul_f32(const Attrs& attrs, TensorView<const float, A> a, TensorView<const float, B> b,
             TensorView<float, Out> out) {
  zip(a, b, out,
      [&](float x, float y) { return clamp<float>(x * y, attrs.act_min, attrs.act_max); });
}
/// out = act(a * b), modulo 2^32 before the activation.
template <class Isa, class Attrs, class A, class B, class Out>
void mul_s32(const Attrs& attrs, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
             TensorView<int32_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    return clamp<int32_t>(wrapping_mul(x, y), attrs.act_min, attrs.act_max);
  });
}

/// One quotient by way of the divisor's fixed-point reciprocal. By zero: the bound on the
/// dividend's side, the zero point for 0 / 0.
template <class Isa, ProductAttributes Attrs>
MOTE_INLINE int8_t quotient_of(const Attrs& attrs, int32_t dividend, int32_t divisor) {
  int32_t x = dividend + attrs.input1_offset, y = divisor + attrs.input2_offset;
  if (y < 0) x = -x, y = -y;
  int64_t quotient;
  if (y == 0) {
    quotient = x == 0 ? 0 : x < 0 ? kInt32Min : kInt32Max;
  } else {
    const auto [mantissa, exponent] = reciprocal(y, 31);
    const int headroom = leading_sign_bits(x);
    const int32_t unscaled = doubling_high_mul(wrapping_shift_left(x, headroom), mantissa);
    const int right = exponent + headroom - attrs.output_shift;  // >= 0: x and y have 9 bits
    quotient = rounding_shift_right<int64_t>(doubling_high_mul(unscaled, attrs.output_multiplier),
                                             min_of(right, 62));
  }
  return static_cast<int8_t>(
      clamp<int64_t>(quotient + attrs.output_offset, attrs.act_min, attrs.act_max));
}

/// out = act(requantize((a + input1_offset) / (b + input2_offset))); output_shift <= 23.
template <class Isa, ProductAttributes Attrs, class A, class B, class Out>
void div_s8(const Attrs& attrs, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
            TensorView<int8_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) { return quotient_of<Isa>(attrs, x, y); });
}
/// out = act(a / b)
template <class Isa, class Attrs, class A, class B, class Out>
void div_f32(const Attrs& attrs, TensorView<const float, A> a, TensorView<const float, B> b,
             TensorView<float, Out> out) {
  zip(a, b, out,
      [&](float x, float y) { return clamp<float>(x / y, attrs.act_min, attrs.act_max); });
}
/// out = act(a / b), rounded towards zero. By zero: 0; -2^31 / -1: -2^31.
template <class Isa, class Attrs, class A, class B, class Out>
void div_s32(const Attrs& attrs, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
             TensorView<int32_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    const int32_t quotient = y == 0 ? 0 : y == -1 ? wrapping_sub(0, x) : x / y;
    return clamp<int32_t>(quotient, attrs.act_min, attrs.act_max);
  });
}

}  // namespace mote::kernels
