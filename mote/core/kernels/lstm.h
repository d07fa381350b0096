#pragma once

#include "mote/core/kernels/gates.h"
#include "mote/core/kernels/logistic.h"

/// UNIDIRECTIONAL_SEQUENCE_LSTM in its standard form (no peepholes, projection or normalisation).
///
///   in         [batch, time, features], or [time, batch, features] when time_major
///   weights    [4, units, features]    gates in the order input, forget, cell, output
///   recurrent  [4, units, units]
///   hidden     [batch, units]          state: the last output
///   cell       [batch, units]          state
///   out        [batch, time, units], or [time, batch, units] when time_major
///
///   cell   = forget * cell + input * candidate      each gate = f(W in + R hidden + bias)
///   hidden = output * tanh(cell)
///
/// Hochreiter and Schmidhuber: Long Short-Term Memory. Neural Computation 9(8), 1997.
namespace mote::kernels {

template <class A>
concept LstmAttributes = requires(A a) {
  a.time_major;
  a.input_multiplier[3];
  a.input_shift[3];
  a.recurrent_multiplier[3];
  a.recurrent_shift[3];
  a.forget_multiplier, a.forget_shift;
  a.update_multiplier, a.update_shift;
  a.output_multiplier, a.output_shift;
  a.output_offset;
  a.cell_clip;
  a.tanh_multiplier, a.tanh_shift;
};
template <class A>
concept LstmFloatAttributes = requires(A a) {
  a.time_major;
  a.cell_clip;
};

namespace internal {

enum LstmGate { kInputGate, kForgetGate, kCellGate, kOutputGate, kLstmGates };

/// Calls step(x, h, c, y) for each time and batch, in order of time, and keeps y as the new h.
template <class Attrs, class T, class Cell, class In, class State, class Out, class Step>
MOTE_INLINE void for_each_lstm_step(const Attrs& attrs, TensorView<const T, In> in,
                                    TensorView<T, State> hidden, TensorView<Cell, State> cell,
                                    TensorView<T, Out> out, Step step) {
  const int units = out.shape[2];
  for_each_step(attrs, in, out, [&](int b, const T* x, T* y) {
    T* h = hidden.data + b * units;
    step(x, h, cell.data + b * units, y);
    for (int u = 0; u < units; ++u) h[u] = y[u];
  });
}

/// The gates of `count` units, in units of 1/32768: f(requantize(input) + requantize(state)).
template <class Isa, class Acc, class Attrs>
MOTE_INLINE void activate_gates(const Attrs& attrs, const UnitTile<Acc>* from_input,
                                const UnitTile<Acc>* from_state, const int16_t* table, int count,
                                UnitTile<int32_t>* gates) {
  for (int g = 0; g < kLstmGates; ++g) {
    UnitTile<int32_t> steps = {};
    steps_of_gate<Isa>(attrs, g, from_input[g], from_state[g], count, steps);
    if (g == kCellGate)
      Isa::tanh_of_steps(table, steps, gates[g], count);
    else
      Isa::logistic_of_steps(table, steps, gates[g], count);
  }
}

/// cell = clip(forget * cell + input * candidate); squashed = tanh(cell)
template <class Isa, class Attrs>
MOTE_INLINE void update_cells(const Attrs& attrs, const UnitTile<int32_t>* gates,
                              const int16_t* table, int16_t* cell, int count, int32_t* squashed) {
  const int32_t half = attrs.tanh_shift > 0 ? 1 << (attrs.tanh_shift - 1) : 0;
  UnitTile<int32_t> kept = {}, added = {}, steps = {};
  for (int i = 0; i < count; ++i) kept[i] = gates[kForgetGate][i] * cell[i];
  for (int i = 0; i < count; ++i) added[i] = gates[kInputGate][i] * gates[kCellGate][i];
  Isa::requantize_all(kept, attrs.forget_multiplier, attrs.forget_shift, kept, count);
  Isa::requantize_all(added, attrs.update_multiplier, attrs.update_shift, added, count);
  for (int i = 0; i < count; ++i) {
    int32_t state = saturate_s16(saturate_s16(kept[i]) + saturate_s16(added[i]));
    if (attrs.cell_clip > 0) state = clamp<int32_t>(state, -attrs.cell_clip, attrs.cell_clip);
    cell[i] = static_cast<int16_t>(state);
    steps[i] = (state * attrs.tanh_multiplier + half) >> attrs.tanh_shift;
  }
  Isa::tanh_of_steps(table, steps, squashed, count);
}

template <class Isa, class T, class Acc, class Attrs, class In, class Weights, class Recurrent,
          class Bias, class Table, class State, class Out>
MOTE_INLINE void lstm(const Attrs& attrs, TensorView<const T, In> in,
                      TensorView<const int8_t, Weights> weights,
                      TensorView<const int8_t, Recurrent> recurrent,
                      TensorView<const Acc, Bias> input_bias,
                      TensorView<const Acc, Bias> recurrent_bias,
                      TensorView<const int16_t, Table> table, TensorView<T, State> hidden,
                      TensorView<int16_t, State> cell, TensorView<T, Out> out) {
  constexpr int32_t kLow = -(1 << (8 * static_cast<int>(sizeof(T)) - 1)), kHigh = -kLow - 1;
  const int units = weights.shape[1];
  for_each_lstm_step(attrs, in, hidden, cell, out, [&](const T* x, const T* h, int16_t* c, T* y) {
    for (int u = 0; u < units; u += kUnitTile) {
      const int n = min_of(kUnitTile, units - u);
      UnitTile<Acc> from_input[kLstmGates] = {}, from_state[kLstmGates] = {};
      UnitTile<int32_t> gates[kLstmGates] = {}, products = {};
      sums_of_gates<Isa, kLstmGates>(0, x, u, n, weights, input_bias, from_input);
      sums_of_gates<Isa, kLstmGates>(0, h, u, n, recurrent, recurrent_bias, from_state);
      activate_gates<Isa>(attrs, from_input, from_state, table.data, n, gates);
      update_cells<Isa>(attrs, gates, table.data, c + u, n, products);
      for (int i = 0; i < n; ++i) products[i] *= gates[kOutputGate][i];
      Isa::requantize_all(products, attrs.output_multiplier, attrs.output_shift, products, n);
      for (int i = 0; i < n; ++i)
        y[u + i] =
            static_cast<T>(clamp(wrapping_add(products[i], attrs.output_offset), kLow, kHigh));
    }
  });
}

}  // namespace internal

/// int8 activations and weights, 16-bit cell.
///
///   input_bias, recurrent_bias  [4, units]  s32; hold the zero points' share
///   table                       [256]       see logistic_of_steps
template <class Isa, LstmAttributes Attrs, class In, class Weights, class Recurrent, class Bias,
          class Table, class State, class Out>
void lstm_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
             TensorView<const int8_t, Weights> weights,
             TensorView<const int8_t, Recurrent> recurrent,
             TensorView<const int32_t, Bias> input_bias,
             TensorView<const int32_t, Bias> recurrent_bias, TensorView<const int16_t, Table> table,
             TensorView<int8_t, State> hidden, TensorView<int16_t, State> cell,
             TensorView<int8_t, Out> out) {
  internal::lstm<Isa>(attrs, in, weights, recurrent, input_bias, recurrent_bias, table, hidden,
                      cell, out);
}

/// 16-bit activations and cell, 8-bit weights, 64-bit sums.
template <class Isa, LstmAttributes Attrs, class In, class Weights, class Recurrent, class Bias,
          class Table, class State, class Out>
void lstm_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
              TensorView<const int8_t, Weights> weights,
              TensorView<const int8_t, Recurrent> recurrent,
              TensorView<const int64_t, Bias> input_bias,
              TensorView<const int64_t, Bias> recurrent_bias,
              TensorView<const int16_t, Table> table, TensorView<int16_t, State> hidden,
              TensorView<int16_t, State> cell, TensorView<int16_t, Out> out) {
  internal::lstm<Isa>(attrs, in, weights, recurrent, input_bias, recurrent_bias, table, hidden,
                      cell, out);
}

namespace internal {

/// The gates of `count` units before their activations.
template <class Isa, class Weights, class Recurrent, class Bias>
MOTE_INLINE void lstm_gates_f32(const float* x, const float* h, int unit, int count,
                                TensorView<const float, Weights> weights,
                                TensorView<const float, Recurrent> recurrent,
                                TensorView<const float, Bias> bias, float (*gates)[kUnitTile]) {
  const int features = weights.shape[2], units = weights.shape[1];
  for (int i = 0; i < count; ++i) {
    const int u = unit + i;
    float from_input[kLstmGates] = {}, from_state[kLstmGates] = {};
    dots_of_gates<Isa, kLstmGates>(from_input, x, weights.data + u * features, units * features,
                                   features);
    dots_of_gates<Isa, kLstmGates>(from_state, h, recurrent.data + u * units, units * units, units);
    for (int g = 0; g < kLstmGates; ++g)
      gates[g][i] = (from_input[g] + bias.data[g * units + u]) + from_state[g];
  }
}

}  // namespace internal

/// float32; a cell_clip of 0 does not clip.
template <class Isa, LstmFloatAttributes Attrs, class In, class Weights, class Recurrent,
          class Bias, class State, class Out>
void lstm_f32(const Attrs& attrs, TensorView<const float, In> in,
              TensorView<const float, Weights> weights,
              TensorView<const float, Recurrent> recurrent, TensorView<const float, Bias> bias,
              TensorView<float, State> hidden, TensorView<float, State> cell,
              TensorView<float, Out> out) {
  using namespace internal;
  const int units = out.shape[2];
  for_each_lstm_step(
      attrs, in, hidden, cell, out, [&](const float* x, const float* h, float* c, float* y) {
        for (int u = 0; u < units; u += kUnitTile) {
          const int n = min_of(kUnitTile, units - u);
          float gates[kLstmGates][kUnitTile], squashed[kUnitTile];
          lstm_gates_f32<Isa>(x, h, u, n, weights, recurrent, bias, gates);
          for (int g = 0; g < kLstmGates; ++g)
            if (g != kCellGate) Isa::logistic_f32(gates[g], gates[g], n);
          Isa::tanh_f32(gates[kCellGate], gates[kCellGate], n);
          for (int i = 0; i < n; ++i) {
            float state =
                gates[kForgetGate][i] * c[u + i] + gates[kInputGate][i] * gates[kCellGate][i];
            if (attrs.cell_clip > 0) state = clamp<float>(state, -attrs.cell_clip, attrs.cell_clip);
            c[u + i] = state;
          }
          Isa::tanh_f32(c + u, squashed, n);
          for (int i = 0; i < n; ++i) y[u + i] = squashed[i] * gates[kOutputGate][i];
        }
      });
}

}  // namespace mote::kernels
