#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

/// What recurrent layers have in common: sums of gates, a few units at a time, and their order in
/// time.
namespace mote::kernels::internal {

MOTE_INLINE int32_t saturate_s16(int32_t x) { return clamp<int32_t>(x, -32768, 32767); }

/// Units whose gates are activated together.
inline constexpr int kUnitTile = 8;
template <class T>
using UnitTile = T[kUnitTile];

/// sums[gate] = values * the gate's row for one unit: the first is at `weights`, others `step`
/// apart.
template <class Isa, int kGates>
MOTE_INLINE void dots_of_gates(int32_t* sums, const int8_t* values, const int8_t* weights, int step,
                               int n) {
  Isa::template dots_s8<kGates>(sums, values, 0, weights, step, n);
}
template <class Isa, int kGates>
MOTE_INLINE void dots_of_gates(int64_t* sums, const int16_t* values, const int8_t* weights,
                               int step, int n) {
  Isa::template dots_s16<kGates>(sums, values, weights, step, n);
}
template <class Isa, int kGates>
MOTE_INLINE void dots_of_gates(float* sums, const float* values, const float* weights, int step,
                               int n) {
  Isa::template dots_f32<kGates>(sums, values, weights, step, n);
}

MOTE_INLINE float plus_bias(float sum, float bias) { return sum + bias; }
template <class Acc>
MOTE_INLINE Acc plus_bias(Acc sum, Acc bias) {
  return wrapping_add(sum, bias);
}

/// The sums of kGates gates from `gate` on, of `count` units from `unit` on.
///
///   weights  [gates, units, depth]
///   bias     [gates, units]
template <class Isa, int kGates, class T, class W, class Acc, class Weights, class Bias>
MOTE_INLINE void sums_of_gates(int gate, const T* values, int unit, int count,
                               TensorView<const W, Weights> weights,
                               TensorView<const Acc, Bias> bias, UnitTile<Acc>* sums) {
  const int depth = weights.shape[2], units = weights.shape[1];
  for (int i = 0; i < count; ++i) {
    const int row = gate * units + unit + i;
    Acc acc[kGates] = {};
    dots_of_gates<Isa, kGates>(acc, values, weights.data + row * depth, units * depth, depth);
    for (int g = 0; g < kGates; ++g) sums[g][i] = plus_bias(acc[g], bias.data[g * units + row]);
  }
}

/// Of Q3.12, in the table of logistic_of_steps().
inline constexpr int kStepsPerUnit = 3;

/// What a gate's function is taken of, in the table's steps: requantize(input) + requantize(state),
/// each and their sum saturated as Q3.12.
template <class Isa, class Input, class State, class Attrs>
MOTE_INLINE void steps_of_gate(const Attrs& attrs, int gate, const UnitTile<Input>& from_input,
                               const UnitTile<State>& from_state, int count,
                               UnitTile<int32_t>& steps) {
  UnitTile<int32_t> a = {}, b = {};
  Isa::requantize_all(from_input, attrs.input_multiplier[gate], attrs.input_shift[gate], a, count);
  Isa::requantize_all(from_state, attrs.recurrent_multiplier[gate], attrs.recurrent_shift[gate], b,
                      count);
  for (int i = 0; i < kUnitTile; ++i)
    steps[i] = kStepsPerUnit * saturate_s16(saturate_s16(a[i]) + saturate_s16(b[i]));
}

/// Calls step(b, x, y) for each time and batch, in order of time, with the features and the output
/// of that moment.
///
///   in   [batch, time, features], or [time, batch, features] when attrs.time_major
///   out  [batch, time, units], or [time, batch, units]
template <class Attrs, class T, class In, class Out, class Step>
MOTE_INLINE void for_each_step(const Attrs& attrs, TensorView<const T, In> in,
                               TensorView<T, Out> out, Step step) {
  const int batches = attrs.time_major ? in.shape[1] : in.shape[0];
  const int times = attrs.time_major ? in.shape[0] : in.shape[1];
  const int features = in.shape[2], units = out.shape[2];
  for (int b = 0; b < batches; ++b)
    for (int t = 0; t < times; ++t) {
      const int place = attrs.time_major ? t * batches + b : b * times + t;
      step(b, in.data + place * features, out.data + place * units);
    }
}

}  // namespace mote::kernels::internal
