#pragma once

#include "mote/core/kernels/dots.h"
#include "mote/core/kernels/rescale.h"

/// SVDF: a layer whose filters are products of a vector over features and a vector over time.
///
/// In each run every filter's dot product with the input enters its row of the state, the oldest
/// one leaves; a unit is the sum of `rank` filters' dot products of state and time weights.
///
///   in       [batch, features]
///   feature  [units * rank, features]      weights over features
///   time     [units * rank, memory]        weights over the last `memory` inputs, newest last
///   bias     [units]
///   state    [batch, units * rank, memory]
///   out      [batch, units]
///
/// Nakkiran, Alvarez, Prabhavalkar and Parada: Compressing Deep Neural Networks using a
/// Rank-Constrained Topology. INTERSPEECH 2015.
namespace mote::kernels {

template <class A>
concept SvdfAttributes = QuantizedOutput<A> && requires(A a) {
  a.input_offset;
  a.state_zero_point;
  a.feature_multiplier;
  a.feature_shift;
};

namespace internal {

/// Drops the oldest entry of one filter's memory and appends the newest.
template <class T>
MOTE_INLINE void push(T* memory, int size, T newest) {
  for (int i = 1; i < size; ++i) memory[i - 1] = memory[i];
  memory[size - 1] = newest;
}

/// sum (state - zero_point) * time, modulo 2^32
template <class Isa>
MOTE_INLINE int32_t dot_time(const int8_t* time, const int8_t* state, int zero_point, int n) {
  int32_t sum = 0;
  Isa::template dots_s8<1>(&sum, state, -zero_point, time, 0, n);
  return sum;
}
template <class Isa>
MOTE_INLINE int32_t dot_time(const int16_t* time, const int16_t* state, int zero_point, int n) {
  int64_t sum = 0;
  Isa::template dots_s16<1>(&sum, time, state, 0, n);
  if (zero_point != 0)
    for (int i = 0; i < n; ++i) sum -= int64_t{zero_point} * time[i];
  return static_cast<int32_t>(sum);
}

template <class Isa, class T, class Attrs, class In, class Feature, class Time, class State,
          class Out>
MOTE_INLINE void svdf(const Attrs& attrs, TensorView<const int8_t, In> in,
                      TensorView<const int8_t, Feature> feature, TensorView<const T, Time> time,
                      const Rescale& by, TensorView<T, State> state, TensorView<int8_t, Out> out) {
  constexpr int32_t kLow = -(1 << (8 * static_cast<int>(sizeof(T)) - 1)), kHigh = -kLow - 1;
  const int features = in.shape[1], filters = feature.shape[0], memory = time.shape[1];
  const int units = out.shape[1], rank = filters / units;
  for (int b = 0; b < in.shape[0]; ++b) {
    int32_t acc = 0;
    for_rows<Isa>(0, filters, [&](auto some, int first) {
      int32_t dots[some.count] = {};
      Isa::template dots_s8<some.count>(dots, in.data + b * features, attrs.input_offset,
                                        feature.data + first * features, features, features);
      for (int r = 0; r < some.count; ++r) {
        const int f = first + r, unit = f / rank;
        T* row = state.data + (b * filters + f) * memory;
        const int32_t y = requantize(dots[r], attrs.feature_multiplier, attrs.feature_shift);
        push(row, memory, static_cast<T>(attrs.state_zero_point + clamp(y, kLow, kHigh)));
        acc = wrapping_add(
            acc, dot_time<Isa>(time.data + f * memory, row, attrs.state_zero_point, memory));
        if (f + 1 < (unit + 1) * rank) continue;
        out.data[b * units + unit] = rescale<int8_t>(attrs, acc, by, unit);
        acc = 0;
      }
    });
  }
}

}  // namespace internal

/// int8 throughout:
///   state = saturate(requantize(sum (in + input_offset) * feature)) + state_zero_point
///   out   = act(requantize(bias + sum (state - state_zero_point) * time) + output_offset)
template <class Isa, SvdfAttributes Attrs, class In, class Feature, class Time, class State,
          class Out>
void svdf_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
             TensorView<const int8_t, Feature> feature, TensorView<const int8_t, Time> time,
             const Rescale& by, TensorView<int8_t, State> state, TensorView<int8_t, Out> out) {
  internal::svdf<Isa, int8_t>(attrs, in, feature, time, by, state, out);
}

/// The same with 16-bit time weights and state.
template <class Isa, SvdfAttributes Attrs, class In, class Feature, class Time, class State,
          class Out>
void svdf_s8_state_s16(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<const int8_t, Feature> feature,
                       TensorView<const int16_t, Time> time, const Rescale& by,
                       TensorView<int16_t, State> state, TensorView<int8_t, Out> out) {
  internal::svdf<Isa, int16_t>(attrs, in, feature, time, by, state, out);
}

/// float32:  state = sum in * feature;  out = act(bias + sum state * time)
template <class Isa, FloatOutput Attrs, class In, class Feature, class Time, class Bias,
          class State, class Out>
void svdf_f32(const Attrs& attrs, TensorView<const float, In> in,
              TensorView<const float, Feature> feature, TensorView<const float, Time> time,
              TensorView<const float, Bias> bias, TensorView<float, State> state,
              TensorView<float, Out> out) {
  const int features = in.shape[1], filters = feature.shape[0], memory = time.shape[1];
  const int units = out.shape[1], rank = filters / units;
  for (int b = 0; b < in.shape[0]; ++b) {
    float sum = bias.data[0];
    internal::for_rows<Isa>(0, filters, [&](auto some, int first) {
      float dots[some.count] = {};
      Isa::template dots_f32<some.count>(dots, in.data + b * features,
                                         feature.data + first * features, features, features);
      for (int r = 0; r < some.count; ++r) {
        const int f = first + r, unit = f / rank;
        float* row = state.data + (b * filters + f) * memory;
        internal::push(row, memory, dots[r]);
        Isa::template dots_f32<1>(&sum, row, time.data + f * memory, 0, memory);
        if (f + 1 < (unit + 1) * rank) continue;
        out.data[b * units + unit] = activate(attrs, sum);
        if (unit + 1 < units) sum = bias.data[unit + 1];
      }
    });
  }
}

}  // namespace mote::kernels
