#pragma once

#include "mote/core/base/tensor_view.h"

/// How state that keeps the last columns of a stream makes room for new ones.
namespace mote::kernels {

/// In each of `rows` rows, that begin `pitch` bytes apart, the bytes from `by` on of `length` move
/// to the row's beginning; the last `by` bytes stay as they are.
template <class A>
concept ShiftAttributes = requires(A a) {
  a.rows;
  a.pitch;
  a.length;
  a.by;
};

/// state[r * pitch + i] = state[r * pitch + i + by], for all r < rows, 0 <= i < length - by.
///
///   state  [(rows - 1) * pitch + length]  s8: any bytes
///
/// 0 < by <= length <= pitch. Cannot fail: this was checked when the program was made.
template <class Isa, ShiftAttributes Attrs, class State>
void shift_s8(const Attrs& attrs, TensorView<int8_t, State> state) {
  for (int r = 0; r < attrs.rows; ++r) {
    int8_t* row = state.data + r * attrs.pitch;
    __builtin_memmove(row, row + attrs.by, static_cast<unsigned>(attrs.length - attrs.by));
  }
}

}  // namespace mote::kernels
