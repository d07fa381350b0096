#pragma once

#include "mote/core/kernels/gates.h"
#include "mote/core/kernels/logistic.h"

/// GRU: gated recurrent units.
///
///   in         [batch, time, features], or [time, batch, features] when time_major
///   weights    [3, units, features]    gates in the order update, reset, candidate
///   recurrent  [3, units, units]
///   hidden     [batch, units]          state: the last output; 16 bits where activations are
///                                      integers
///   work       [1, units], or [2, units] where linear_before_reset is 0; as hidden
///   out        [batch, time, units], or [time, batch, units] when time_major
///
///   update    = logistic(W x + b + R hidden + c)        each with its gate's W, b, R and c
///   reset     = logistic(W x + b + R hidden + c)
///   candidate = tanh(W x + b + reset * (R hidden + c))  where linear_before_reset
///             = tanh(W x + b + R (reset * hidden) + c)  otherwise
///   hidden    = update * hidden + (1 - update) * candidate
///
/// Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder. EMNLP 2014.
///
/// In integers the state is Q0.15 of 16 bits, whatever the activations are: what a step adds may be
/// less than a unit of an 8-bit output, and would be lost. Sums are rescaled to Q3.12 and
/// saturated, those of input and state apart; update, reset and candidate are Q0.15 by the table of
/// logistic_of_steps(). Products of two Q0.15, and of a Q0.15 with a Q3.12, are rounded once,
/// halves up; so is the new state, as a sum of two products.
namespace mote::kernels {

template <class A>
concept GruAttributes = requires(A a) {
  a.time_major;
  a.linear_before_reset;
  a.input_multiplier[2];
  a.input_shift[2];
  a.recurrent_multiplier[2];
  a.recurrent_shift[2];
  a.output_multiplier, a.output_shift;
  a.output_offset;
};
template <class A>
concept GruFloatAttributes = requires(A a) {
  a.time_major;
  a.linear_before_reset;
};

namespace internal {

enum GruGate { kUpdateGate, kResetGate, kCandidateGate, kGruGates };

/// (x + 1/2) / 32768, rounded down
MOTE_INLINE int32_t halved_15_times(int32_t x) { return (x + (1 << 14)) >> 15; }

/// Gates and state in units of 1/32768, sums in Q3.12.
template <class Isa, class Attrs>
struct GruOfWords {
  using Gate = int32_t;
  const Attrs& attrs;
  const int16_t* table;

  template <class Input, class State>
  MOTE_INLINE void logistic(int gate, const UnitTile<Input>& from_input,
                            const UnitTile<State>& from_state, int count,
                            UnitTile<int32_t>& out) const {
    UnitTile<int32_t> steps = {};
    steps_of_gate<Isa>(attrs, gate, from_input, from_state, count, steps);
    Isa::logistic_of_steps(table, steps, out, count);
  }
  template <class Input, class State>
  MOTE_INLINE void candidate(const UnitTile<Input>& from_input, const UnitTile<State>& from_state,
                             int count, UnitTile<int32_t>& out) const {
    UnitTile<int32_t> steps = {};
    steps_of_gate<Isa>(attrs, kCandidateGate, from_input, from_state, count, steps);
    Isa::tanh_of_steps(table, steps, out, count);
  }
  template <class Input, class State>
  MOTE_INLINE void candidate(const UnitTile<Input>& from_input, const UnitTile<State>& from_state,
                             const UnitTile<int32_t>& reset, int count,
                             UnitTile<int32_t>& out) const {
    constexpr int g = kCandidateGate;
    UnitTile<int32_t> a = {}, b = {}, steps = {};
    Isa::requantize_all(from_input, attrs.input_multiplier[g], attrs.input_shift[g], a, count);
    Isa::requantize_all(from_state, attrs.recurrent_multiplier[g], attrs.recurrent_shift[g], b,
                        count);
    for (int i = 0; i < count; ++i) {
      const int32_t let_in = halved_15_times(reset[i] * saturate_s16(b[i]));
      steps[i] = kStepsPerUnit * saturate_s16(saturate_s16(a[i]) + let_in);
    }
    Isa::tanh_of_steps(table, steps, out, count);
  }
  static MOTE_INLINE int16_t product(int32_t gate, int16_t state) {
    return static_cast<int16_t>(halved_15_times(gate * state));
  }
  static MOTE_INLINE int16_t mix(int32_t update, int16_t state, int32_t candidate) {
    return static_cast<int16_t>(halved_15_times(update * state + (32768 - update) * candidate));
  }
};

template <class Isa>
struct GruOfFloats {
  using Gate = float;

  MOTE_INLINE void logistic(int, const UnitTile<float>& from_input,
                            const UnitTile<float>& from_state, int count,
                            UnitTile<float>& out) const {
    for (int i = 0; i < count; ++i) out[i] = from_input[i] + from_state[i];
    Isa::logistic_f32(out, out, count);
  }
  MOTE_INLINE void candidate(const UnitTile<float>& from_input, const UnitTile<float>& from_state,
                             int count, UnitTile<float>& out) const {
    for (int i = 0; i < count; ++i) out[i] = from_input[i] + from_state[i];
    Isa::tanh_f32(out, out, count);
  }
  MOTE_INLINE void candidate(const UnitTile<float>& from_input, const UnitTile<float>& from_state,
                             const UnitTile<float>& reset, int count, UnitTile<float>& out) const {
    for (int i = 0; i < count; ++i) out[i] = from_input[i] + reset[i] * from_state[i];
    Isa::tanh_f32(out, out, count);
  }
  static MOTE_INLINE float product(float gate, float state) { return gate * state; }
  static MOTE_INLINE float mix(float update, float state, float candidate) {
    return update * state + (1 - update) * candidate;
  }
};

/// The state after one step, in `next`: [units].
template <class Isa, class Arithmetic, class T, class W, class S, class Acc, class StateAcc,
          class Weights, class Recurrent, class Bias>
MOTE_INLINE void gru_step(const Arithmetic& arithmetic, const T* x, const S* h,
                          TensorView<const W, Weights> weights,
                          TensorView<const W, Recurrent> recurrent,
                          TensorView<const Acc, Bias> input_bias,
                          TensorView<const StateAcc, Bias> recurrent_bias, S* next) {
  const int units = weights.shape[1];
  for (int u = 0; u < units; u += kUnitTile) {
    const int n = min_of(kUnitTile, units - u);
    UnitTile<Acc> from_input[kGruGates] = {};
    UnitTile<StateAcc> from_state[kGruGates] = {};
    UnitTile<typename Arithmetic::Gate> update = {}, reset = {}, candidate = {};
    sums_of_gates<Isa, kGruGates>(0, x, u, n, weights, input_bias, from_input);
    sums_of_gates<Isa, kGruGates>(0, h, u, n, recurrent, recurrent_bias, from_state);
    arithmetic.logistic(kUpdateGate, from_input[kUpdateGate], from_state[kUpdateGate], n, update);
    arithmetic.logistic(kResetGate, from_input[kResetGate], from_state[kResetGate], n, reset);
    arithmetic.candidate(from_input[kCandidateGate], from_state[kCandidateGate], reset, n,
                         candidate);
    for (int i = 0; i < n; ++i) next[u + i] = Arithmetic::mix(update[i], h[u + i], candidate[i]);
  }
}

/// The same where the state is reset before it is multiplied: all gates first, for the candidate of
/// each unit needs all of the state. `left`: [units], what resetting leaves of it.
template <class Isa, class Arithmetic, class T, class W, class S, class Acc, class StateAcc,
          class Weights, class Recurrent, class Bias>
MOTE_INLINE void gru_step_reset_first(const Arithmetic& arithmetic, const T* x, const S* h,
                                      TensorView<const W, Weights> weights,
                                      TensorView<const W, Recurrent> recurrent,
                                      TensorView<const Acc, Bias> input_bias,
                                      TensorView<const StateAcc, Bias> recurrent_bias, S* next,
                                      S* left) {
  const int units = weights.shape[1];
  using Gates = UnitTile<typename Arithmetic::Gate>;
  for (int u = 0; u < units; u += kUnitTile) {
    const int n = min_of(kUnitTile, units - u);
    UnitTile<Acc> from_input[kCandidateGate] = {};
    UnitTile<StateAcc> from_state[kCandidateGate] = {};
    Gates update = {}, reset = {};
    sums_of_gates<Isa, kCandidateGate>(0, x, u, n, weights, input_bias, from_input);
    sums_of_gates<Isa, kCandidateGate>(0, h, u, n, recurrent, recurrent_bias, from_state);
    arithmetic.logistic(kUpdateGate, from_input[kUpdateGate], from_state[kUpdateGate], n, update);
    arithmetic.logistic(kResetGate, from_input[kResetGate], from_state[kResetGate], n, reset);
    for (int i = 0; i < n; ++i) {
      next[u + i] = static_cast<S>(update[i]);
      left[u + i] = Arithmetic::product(reset[i], h[u + i]);
    }
  }
  for (int u = 0; u < units; u += kUnitTile) {
    const int n = min_of(kUnitTile, units - u);
    UnitTile<Acc> from_input[1] = {};
    UnitTile<StateAcc> from_state[1] = {};
    Gates candidate = {};
    sums_of_gates<Isa, 1>(kCandidateGate, x, u, n, weights, input_bias, from_input);
    sums_of_gates<Isa, 1>(kCandidateGate, left, u, n, recurrent, recurrent_bias, from_state);
    arithmetic.candidate(from_input[0], from_state[0], n, candidate);
    for (int i = 0; i < n; ++i) next[u + i] = Arithmetic::mix(next[u + i], h[u + i], candidate[i]);
  }
}

/// Steps through the whole sequence; `put(h, count, y)` makes outputs of so many units' state.
template <class Isa, class Attrs, class Arithmetic, class T, class W, class S, class Acc,
          class StateAcc, class In, class Weights, class Recurrent, class Bias, class State,
          class Work, class Out, class Put>
MOTE_INLINE void gru(const Attrs& attrs, const Arithmetic& arithmetic, TensorView<const T, In> in,
                     TensorView<const W, Weights> weights, TensorView<const W, Recurrent> recurrent,
                     TensorView<const Acc, Bias> input_bias,
                     TensorView<const StateAcc, Bias> recurrent_bias, TensorView<S, State> hidden,
                     TensorView<S, Work> work, TensorView<T, Out> out, Put put) {
  const int units = weights.shape[1];
  for_each_step(attrs, in, out, [&](int b, const T* x, T* y) {
    S *h = hidden.data + b * units, *next = work.data;
    if (attrs.linear_before_reset)
      gru_step<Isa>(arithmetic, x, h, weights, recurrent, input_bias, recurrent_bias, next);
    else
      gru_step_reset_first<Isa>(arithmetic, x, h, weights, recurrent, input_bias, recurrent_bias,
                                next, next + units);
    for (int u = 0; u < units; ++u) h[u] = next[u];
    put(h, units, y);
  });
}

/// y = requantize(h), offset and clamped.
template <class Isa, class Attrs, class T>
MOTE_INLINE void outputs_of_state(const Attrs& attrs, const int16_t* h, int units, T* y) {
  constexpr int32_t kLow = -(1 << (8 * static_cast<int>(sizeof(T)) - 1)), kHigh = -kLow - 1;
  for (int u = 0; u < units; u += kUnitTile) {
    const int n = min_of(kUnitTile, units - u);
    UnitTile<int32_t> values = {};
    for (int i = 0; i < n; ++i) values[i] = h[u + i];
    Isa::requantize_all(values, attrs.output_multiplier, attrs.output_shift, values, n);
    for (int i = 0; i < n; ++i)
      y[u + i] = static_cast<T>(clamp(wrapping_add(values[i], attrs.output_offset), kLow, kHigh));
  }
}

}  // namespace internal

/// int8 activations and weights, 16-bit state.
///
///   input_bias      [3, units]  s32; holds the input's zero point's share
///   recurrent_bias  [3, units]  s64
///   table           [256]       see logistic_of_steps
template <class Isa, GruAttributes Attrs, class In, class Weights, class Recurrent, class Bias,
          class Table, class State, class Work, class Out>
void gru_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
            TensorView<const int8_t, Weights> weights,
            TensorView<const int8_t, Recurrent> recurrent,
            TensorView<const int32_t, Bias> input_bias,
            TensorView<const int64_t, Bias> recurrent_bias, TensorView<const int16_t, Table> table,
            TensorView<int16_t, State> hidden, TensorView<int16_t, Work> work,
            TensorView<int8_t, Out> out) {
  using namespace internal;
  gru<Isa>(attrs, GruOfWords<Isa, Attrs>{attrs, table.data}, in, weights, recurrent, input_bias,
           recurrent_bias, hidden, work, out, [&](const int16_t* h, int units, int8_t* y) {
             outputs_of_state<Isa>(attrs, h, units, y);
           });
}

/// 16-bit activations and state, 8-bit weights, 64-bit sums.
template <class Isa, GruAttributes Attrs, class In, class Weights, class Recurrent, class Bias,
          class Table, class State, class Work, class Out>
void gru_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
             TensorView<const int8_t, Weights> weights,
             TensorView<const int8_t, Recurrent> recurrent,
             TensorView<const int64_t, Bias> input_bias,
             TensorView<const int64_t, Bias> recurrent_bias, TensorView<const int16_t, Table> table,
             TensorView<int16_t, State> hidden, TensorView<int16_t, Work> work,
             TensorView<int16_t, Out> out) {
  using namespace internal;
  gru<Isa>(attrs, GruOfWords<Isa, Attrs>{attrs, table.data}, in, weights, recurrent, input_bias,
           recurrent_bias, hidden, work, out, [&](const int16_t* h, int units, int16_t* y) {
             outputs_of_state<Isa>(attrs, h, units, y);
           });
}

/// float32.
template <class Isa, GruFloatAttributes Attrs, class In, class Weights, class Recurrent, class Bias,
          class State, class Work, class Out>
void gru_f32(const Attrs& attrs, TensorView<const float, In> in,
             TensorView<const float, Weights> weights, TensorView<const float, Recurrent> recurrent,
             TensorView<const float, Bias> input_bias, TensorView<const float, Bias> recurrent_bias,
             TensorView<float, State> hidden, TensorView<float, Work> work,
             TensorView<float, Out> out) {
  using namespace internal;
  gru<Isa>(attrs, GruOfFloats<Isa>{}, in, weights, recurrent, input_bias, recurrent_bias, hidden,
           work, out, [](const float* h, int units, float* y) {
             for (int u = 0; u < units; ++u) y[u] = h[u];
           });
}

}  // namespace mote::kernels
