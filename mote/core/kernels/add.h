#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/kernels/broadcast.h"
#include "mote/core/kernels/requantize_tiles.h"

namespace mote::kernels {

/// Both inputs are brought to one scale, half as fine as the coarser of theirs, with `left_shift`
/// fractional bits; then the result is brought to the output's.
template <class A>
concept AlignedScalesAttributes = requires(A a) {
  a.left_shift;
  a.input1_offset, a.input1_multiplier, a.input1_shift;
  a.input2_offset, a.input2_multiplier, a.input2_shift;
  a.output_offset, a.output_multiplier, a.output_shift;
  a.act_min, a.act_max;
};
template <class A>
concept ActivationAttributes = requires(A a) {
  a.act_min, a.act_max;
};

template <class Isa, AlignedScalesAttributes Attrs>
MOTE_INLINE int32_t align_input1(const Attrs& attrs, int32_t x) {
  return requantize(wrapping_shift_left(x + attrs.input1_offset, attrs.left_shift),
                    attrs.input1_multiplier, attrs.input1_shift);
}
template <class Isa, AlignedScalesAttributes Attrs>
MOTE_INLINE int32_t align_input2(const Attrs& attrs, int32_t x) {
  return requantize(wrapping_shift_left(x + attrs.input2_offset, attrs.left_shift),
                    attrs.input2_multiplier, attrs.input2_shift);
}
/// The output's element for a result at the common scale.
template <class T, class Isa, AlignedScalesAttributes Attrs>
MOTE_INLINE T output_of_aligned(const Attrs& attrs, int32_t x) {
  const int32_t y = requantize(x, attrs.output_multiplier, attrs.output_shift);
  return static_cast<T>(
      clamp<int32_t>(wrapping_add(y, attrs.output_offset), attrs.act_min, attrs.act_max));
}

/// Instruction sets that add vectors of int8 at aligned scales.
template <class Isa>
concept AddsVectors = requires {
  Isa::kAddsVectors;
};

/// out = act(requantize(align(a) + align(b))); shapes as zip() takes them.
template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void add_s8(const Attrs& attrs, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
            TensorView<int8_t, Out> out) {
  const auto add = [&](int32_t x, int32_t y) {
    return output_of_aligned<int8_t, Isa>(
        attrs, align_input1<Isa>(attrs, x) + align_input2<Isa>(attrs, y));
  };
  if constexpr (AddsVectors<Isa>) {
    const int n = volume(out.shape);
    if (volume(a.shape) == n && volume(b.shape) == n && attrs.output_shift <= 0) {
      for (int i = Isa::add_s8(attrs, a.data, b.data, out.data, n); i < n; ++i)
        out.data[i] = add(a.data[i], b.data[i]);
      return;
    }
  }
  zip(a, b, out, add);
}
/// Instruction sets that compute LinearSumAttrs by vectors.
template <class Isa>
concept SumsLinearly = requires {
  Isa::kSumsLinearly;
};

/// out = act(((a low1 + b low2 + low >> 15) + a high1 + b high2 + high) >> shift), elements of one
/// shape. The compiler uses it where it has found that it gives what add_s8 gives.
template <class Isa, class Attrs, class A, class B, class Out>
void add_linear_s8(const Attrs& attrs, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
                   TensorView<int8_t, Out> out) {
  const int n = volume(out.shape);
  int i = 0;
  if constexpr (SumsLinearly<Isa>) i = Isa::add_linear_s8(attrs, a.data, b.data, out.data, n);
  for (; i < n; ++i) {
    const int32_t x = a.data[i], y = b.data[i];
    const int32_t low = (x * attrs.low1 + y * attrs.low2 + attrs.low) >> 15;
    const int32_t sum = (low + x * attrs.high1 + y * attrs.high2 + attrs.high) >> attrs.shift;
    out.data[i] = static_cast<int8_t>(clamp<int32_t>(sum, attrs.act_min, attrs.act_max));
  }
}

namespace internal {

/// kElementTile sums at the output's scale, before its offset.
template <class Isa, class Attrs>
MOTE_INLINE void add_aligned(const Attrs& attrs, const int16_t* a, const int16_t* b,
                             int32_t* sums) {
  const int offset1 = attrs.input1_offset, offset2 = attrs.input2_offset, left = attrs.left_shift;
  int32_t x[kElementTile], y[kElementTile];
  for (int j = 0; j < kElementTile; ++j) {
    x[j] = wrapping_shift_left(a[j] + offset1, left);
    y[j] = wrapping_shift_left(b[j] + offset2, left);
  }
  Isa::requantize_all(x, attrs.input1_multiplier, attrs.input1_shift, x, kElementTile);
  Isa::requantize_all(y, attrs.input2_multiplier, attrs.input2_shift, y, kElementTile);
  for (int j = 0; j < kElementTile; ++j) x[j] = wrapping_add(x[j], y[j]);
  Isa::requantize_all(x, attrs.output_multiplier, attrs.output_shift, sums, kElementTile);
}

}  // namespace internal

template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void add_s16(const Attrs& attrs, TensorView<const int16_t, A> a, TensorView<const int16_t, B> b,
             TensorView<int16_t, Out> out) {
  const auto add = [&](int32_t x, int32_t y) {
    return output_of_aligned<int16_t, Isa>(
        attrs, align_input1<Isa>(attrs, x) + align_input2<Isa>(attrs, y));
  };
  if constexpr (Isa::kRequantizesVectors)
    if (internal::is_elementwise(a.shape, b.shape, out.shape)) {
      const int n = volume(out.shape);
      const int done = internal::clamp_tiles(
          out.data, n, attrs.output_offset, attrs.act_min, attrs.act_max,
          [&](int i, int32_t* x) { internal::add_aligned<Isa>(attrs, a.data + i, b.data + i, x); });
      for (int i = done; i < n; ++i) out.data[i] = add(a.data[i], b.data[i]);
      return;
    }
  zip(a, b, out, add);
}
/// out = act(a + b)
template <class Isa, ActivationAttributes Attrs, class A, class B, class Out>
void add_f32(const Attrs& attrs, TensorView<const float, A> a, TensorView<const float, B> b,
             TensorView<float, Out> out) {
  zip(a, b, out,
      [&](float x, float y) { return clamp<float>(x + y, attrs.act_min, attrs.act_max); });
}
/// out = act(a + b), modulo 2^32 before the activation.
template <class Isa, ActivationAttributes Attrs, class A, class B, class Out>
void add_s32(const Attrs& attrs, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
             TensorView<int32_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    return clamp<int32_t>(wrapping_add(x, y), attrs.act_min, attrs.act_max);
  });
}

/// out = act(requantize(align(a) - align(b)))
template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void sub_s8(const Attrs& attrs, TensorView<const int8_t, A> a, TensorView<const int8_t, B> b,
            TensorView<int8_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    return output_of_aligned<int8_t, Isa>(
        attrs, align_input1<Isa>(attrs, x) - align_input2<Isa>(attrs, y));
  });
}
template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void sub_s16(const Attrs& attrs, TensorView<const int16_t, A> a, TensorView<const int16_t, B> b,
             TensorView<int16_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    return output_of_aligned<int16_t, Isa>(
        attrs, align_input1<Isa>(attrs, x) - align_input2<Isa>(attrs, y));
  });
}
/// out = act(a - b)
template <class Isa, ActivationAttributes Attrs, class A, class B, class Out>
void sub_f32(const Attrs& attrs, TensorView<const float, A> a, TensorView<const float, B> b,
             TensorView<float, Out> out) {
  zip(a, b, out,
      [&](float x, float y) { return clamp<float>(x - y, attrs.act_min, attrs.act_max); });
}
/// out = act(a - b), modulo 2^32 before the activation.
template <class Isa, ActivationAttributes Attrs, class A, class B, class Out>
void sub_s32(const Attrs& attrs, TensorView<const int32_t, A> a, TensorView<const int32_t, B> b,
             TensorView<int32_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    return clamp<int32_t>(wrapping_sub(x, y), attrs.act_min, attrs.act_max);
  });
}

/// out = requantize((align(a) - align(b))^2)
template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void squared_difference_s8(const Attrs& attrs, TensorView<const int8_t, A> a,
                           TensorView<const int8_t, B> b, TensorView<int8_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    const int32_t d = align_input1<Isa>(attrs, x) - align_input2<Isa>(attrs, y);
    return output_of_aligned<int8_t, Isa>(attrs, wrapping_mul(d, d));
  });
}
template <class Isa, AlignedScalesAttributes Attrs, class A, class B, class Out>
void squared_difference_s16(const Attrs& attrs, TensorView<const int16_t, A> a,
                            TensorView<const int16_t, B> b, TensorView<int16_t, Out> out) {
  zip(a, b, out, [&](int32_t x, int32_t y) {
    const int32_t d = align_input1<Isa>(attrs, x) - align_input2<Isa>(attrs, y);
    return output_of_aligned<int16_t, Isa>(attrs, wrapping_mul(d, d));
  });
}
template <class Isa, class Attrs, class A, class B, class Out>
void squared_difference_f32(const Attrs&, TensorView<const float, A> a,
                            TensorView<const float, B> b, TensorView<float, Out> out) {
  zip(a, b, out, [](float x, float y) { return (x - y) * (x - y); });
}
template <class Isa, class Attrs, class A, class B, class Out>
void squared_difference_s32(const Attrs&, TensorView<const int32_t, A> a,
                            TensorView<const int32_t, B> b, TensorView<int32_t, Out> out) {
  zip(a, b, out,
      [](int32_t x, int32_t y) { return wrapping_mul(wrapping_sub(x, y), wrapping_sub(x, y)); });
}

}  // namespace mote::kernels
