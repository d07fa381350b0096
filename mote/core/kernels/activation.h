#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/broadcast.h"
#include "mote/core/kernels/logistic.h"

/// Activations of 16-bit and float tensors; those of 8-bit tensors are lookup_s8. `in` and `out`
/// are [n] and may be the same memory.
namespace mote::kernels {

/// out[i] = in[i] within [act_min, act_max]
template <class Isa, class Attrs, class In, class Out>
void clamp_s16(const Attrs& attrs, TensorView<const int16_t, In> in, TensorView<int16_t, Out> out) {
  map(in, out, [&](int16_t x) {
    return static_cast<int16_t>(clamp<int32_t>(x, attrs.act_min, attrs.act_max));
  });
}
template <class Isa, class Attrs, class In, class Out>
void clamp_f32(const Attrs& attrs, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [&](float x) { return clamp<float>(x, attrs.act_min, attrs.act_max); });
}
template <class Isa, class Attrs, class In, class Out>
void relu_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return x < 0 ? 0.0f : x; });
}

/// Two requantisations: one for inputs from the zero point upwards, one with the slope of those
/// below; the slope's multiplier is its magnitude's, and `alpha_sign` is 1 or -1.
template <class A>
concept LeakyReluAttributes = requires(A a) {
  a.input_offset, a.output_offset;
  a.identity_multiplier, a.identity_shift;
  a.alpha_multiplier, a.alpha_shift, a.alpha_sign;
};
template <class Isa, LeakyReluAttributes Attrs>
MOTE_INLINE int32_t leaky_relu_element(const Attrs& attrs, int32_t x, int32_t low, int32_t high) {
  const int32_t centered = x + attrs.input_offset;
  const int32_t y =
      centered >= 0 ? requantize(centered, attrs.identity_multiplier, attrs.identity_shift)
                    : wrapping_mul(requantize(centered, attrs.alpha_multiplier, attrs.alpha_shift),
                                   attrs.alpha_sign);
  return clamp<int32_t>(wrapping_add(y, attrs.output_offset), low, high);
}
template <class Isa, LeakyReluAttributes Attrs, class In, class Out>
void leaky_relu_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                    TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) {
    return static_cast<int16_t>(leaky_relu_element<Isa>(attrs, x, -32768, 32767));
  });
}
template <class Isa, class Attrs, class In, class Out>
void leaky_relu_f32(const Attrs& attrs, TensorView<const float, In> in,
                    TensorView<float, Out> out) {
  map(in, out, [&](float x) { return x > 0 ? x : x * attrs.alpha; });
}

/// As LEAKY_RELU, with a slope an element: alpha * (its scale), a tensor of its own.
template <class A>
concept PreluAttributes = requires(A a) {
  a.input_offset, a.alpha_offset, a.output_offset;
  a.identity_multiplier, a.identity_shift;
  a.alpha_multiplier, a.alpha_shift;
};
template <class Isa, PreluAttributes Attrs>
MOTE_INLINE int32_t prelu_element(const Attrs& attrs, int32_t x, int32_t alpha, int32_t low,
                                  int32_t high) {
  const int32_t centered = x + attrs.input_offset;
  const int32_t y = centered >= 0
                        ? requantize(centered, attrs.identity_multiplier, attrs.identity_shift)
                        : requantize(centered * (alpha + attrs.alpha_offset),
                                     attrs.alpha_multiplier, attrs.alpha_shift);
  return clamp<int32_t>(wrapping_add(y, attrs.output_offset), low, high);
}
/// Shapes as zip() takes them.
template <class Isa, PreluAttributes Attrs, class In, class Alpha, class Out>
void prelu_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
              TensorView<const int8_t, Alpha> alpha, TensorView<int8_t, Out> out) {
  zip(in, alpha, out, [&](int32_t x, int32_t a) {
    return static_cast<int8_t>(prelu_element<Isa>(attrs, x, a, -128, 127));
  });
}
template <class Isa, PreluAttributes Attrs, class In, class Alpha, class Out>
void prelu_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
               TensorView<const int8_t, Alpha> alpha, TensorView<int16_t, Out> out) {
  zip(in, alpha, out, [&](int32_t x, int32_t a) {
    return static_cast<int16_t>(prelu_element<Isa>(attrs, x, a, -32768, 32767));
  });
}
template <class Isa, class Attrs, class In, class Alpha, class Out>
void prelu_f32(const Attrs&, TensorView<const float, In> in, TensorView<const float, Alpha> alpha,
               TensorView<float, Out> out) {
  zip(in, alpha, out, [](float x, float a) { return x >= 0 ? x : x * a; });
}

template <class Isa, class Attrs, class In, class Out>
void elu_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return x < 0 ? expm1f(x) : x; });
}
/// x times the share of the normal distribution below it. Hendrycks and Gimpel, Gaussian error
/// linear units, 2016; in the form of TensorFlow Lite.
MOTE_INLINE float gelu_element(float x) { return 0.5f * x * erfcf(x * -0.70710678f); }
/// The paper's approximation.
MOTE_INLINE float gelu_tanh_element(float x) {
  return 0.5f * x * (1.0f + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
}
template <class Isa, class Attrs, class In, class Out>
void gelu_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return gelu_element(x); });
}
template <class Isa, class Attrs, class In, class Out>
void gelu_tanh_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return gelu_tanh_element(x); });
}

/// out[i] = x * clamp(x + 3, 0, 6) / 6
template <class Isa, class Attrs, class In, class Out>
void hard_swish_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  map(in, out, [](float x) { return x * clamp<float>(x + 3, 0, 6) / 6; });
}

/// out[i] = 1 / (1 + exp(-in[i]))
template <class Isa, class Attrs, class In, class Out>
void logistic_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  Isa::logistic_f32(in.data, out.data, in.shape[0]);
}
template <class Isa, class Attrs, class In, class Out>
void tanh_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  Isa::tanh_f32(in.data, out.data, in.shape[0]);
}

/// x * multiplier / 2^shift, rounded: the input in steps of 1 / (24 * 512).
template <class A>
concept TableStepAttributes = requires(A a) {
  a.multiplier, a.shift;
};
template <class Isa, TableStepAttributes Attrs>
MOTE_INLINE int32_t table_steps(const Attrs& attrs, int32_t x) {
  const int32_t half = attrs.shift > 0 ? wrapping_shift_left(1, attrs.shift - 1) : 0;
  return (x * attrs.multiplier + half) >> attrs.shift;
}

/// LOGISTIC of 16 bits: interpolates between entries 1/24 apart.
///
///   in     [n]
///   table  [256]  65536 / (1 + exp(-i / 24)) - 32768
///   out    [n]    scale 1/32768
template <class Isa, TableStepAttributes Attrs, class In, class Table, class Out>
void logistic_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                  TensorView<const int16_t, Table> table, TensorView<int16_t, Out> out) {
  map(in, out,
      [&](int32_t x) { return logistic_of_steps(table.data, table_steps<Isa>(attrs, x)); });
}
/// TANH of 16 bits by the same table: 2 / (1 + exp(-2x)) - 1.
template <class Isa, TableStepAttributes Attrs, class In, class Table, class Out>
void tanh_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
              TensorView<const int16_t, Table> table, TensorView<int16_t, Out> out) {
  map(in, out, [&](int32_t x) { return tanh_of_steps(table.data, table_steps<Isa>(attrs, x)); });
}

}  // namespace mote::kernels
