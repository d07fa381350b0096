#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/broadcast.h"

namespace mote::kernels {

/// x -> clamp(requantize(x + input_offset) + output_offset); offsets are minus the input's and
/// plus the output's zero point.
template <class A>
concept RescaleAttributes = requires(A a) {
  a.input_offset, a.output_offset;
  a.multiplier, a.shift;
  a.act_min, a.act_max;
};

template <class T, class Isa, RescaleAttributes Attrs>
MOTE_INLINE T rescale_element(const Attrs& attrs, int32_t x) {
  const int32_t scaled =
      requantize(wrapping_add(x, attrs.input_offset), attrs.multiplier, attrs.shift);
  return static_cast<T>(
      clamp<int32_t>(wrapping_add(scaled, attrs.output_offset), attrs.act_min, attrs.act_max));
}

/// out[i] = rescale(in[i]), both [n]: QUANTIZE between integer types, RELU on 16 bits.
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s8_s16(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int16_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s8_s32(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<int32_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int32_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s16_s8(const Attrs& attrs, TensorView<const int16_t, In> in,
                    TensorView<int8_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int8_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s16_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                     TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int16_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s16_s32(const Attrs& attrs, TensorView<const int16_t, In> in,
                     TensorView<int32_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int32_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s32_s8(const Attrs& attrs, TensorView<const int32_t, In> in,
                    TensorView<int8_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int8_t, Isa>(attrs, x); });
}
template <class Isa, RescaleAttributes Attrs, class In, class Out>
void rescale_s32_s16(const Attrs& attrs, TensorView<const int32_t, In> in,
                     TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) { return rescale_element<int16_t, Isa>(attrs, x); });
}

/// out[i] = in[i] with the other sign bit, both [n]: s8 from u8 less 128, and back. `out` may be
/// `in`.
template <class Isa, class Attrs, class In, class Out>
void flip_sign_s8(const Attrs&, TensorView<const int8_t, In> in, TensorView<int8_t, Out> out) {
  map(in, out, [&](int x) { return static_cast<int8_t>(x < 0 ? x + 128 : x - 128); });
}

/// real = scale * (integer - zero_point).
template <class A>
concept ScaleAttributes = requires(A a) {
  a.scale, a.zero_point;
};

/// round(x / scale) + zero_point, halves away from zero, saturated; NaN gives the smallest.
template <class Isa, ScaleAttributes Attrs>
MOTE_INLINE int32_t quantize_element(const Attrs& attrs, float x, int32_t low, int32_t high) {
  constexpr float kFar = 1 << 20;  // saturates whatever the zero point is
  const float steps = roundf(x / attrs.scale);
  const float bounded = steps > -kFar ? min_of(steps, kFar) : -kFar;
  return clamp<int32_t>(static_cast<int32_t>(bounded) + attrs.zero_point, low, high);
}

/// Instruction sets that quantise vectors of floats to int8.
template <class Isa>
concept QuantizesVectors = requires {
  Isa::kQuantizesVectors;
};

/// out[i] = quantize(in[i]), both [n].
template <class Isa, ScaleAttributes Attrs, class In, class Out>
void quantize_f32_s8(const Attrs& attrs, TensorView<const float, In> in,
                     TensorView<int8_t, Out> out) {
  const int n = in.shape[0];
  int i = 0;
  if constexpr (QuantizesVectors<Isa>) i = Isa::quantize_s8(attrs, in.data, out.data, n);
  for (; i < n; ++i)
    out.data[i] = static_cast<int8_t>(quantize_element<Isa>(attrs, in.data[i], -128, 127));
}
template <class Isa, ScaleAttributes Attrs, class In, class Out>
void quantize_f32_s16(const Attrs& attrs, TensorView<const float, In> in,
                      TensorView<int16_t, Out> out) {
  map(in, out, [&](float x) {
    return static_cast<int16_t>(quantize_element<Isa>(attrs, x, -32768, 32767));
  });
}

/// out[i] = scale * (in[i] - zero_point), both [n].
template <class Isa, ScaleAttributes Attrs, class In, class Out>
void dequantize_s8_f32(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<float, Out> out) {
  map(in, out, [&](int x) { return attrs.scale * static_cast<float>(x - attrs.zero_point); });
}
template <class Isa, ScaleAttributes Attrs, class In, class Out>
void dequantize_u8_f32(const Attrs& attrs, TensorView<const uint8_t, In> in,
                       TensorView<float, Out> out) {
  map(in, out, [&](int x) { return attrs.scale * static_cast<float>(x - attrs.zero_point); });
}
template <class Isa, ScaleAttributes Attrs, class In, class Out>
void dequantize_s16_f32(const Attrs& attrs, TensorView<const int16_t, In> in,
                        TensorView<float, Out> out) {
  map(in, out, [&](int x) { return attrs.scale * static_cast<float>(x - attrs.zero_point); });
}

}  // namespace mote::kernels
