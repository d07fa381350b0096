#pragma once

#include "mote/core/base/fixed_point.h"

/// Dot products of several rows of weights with one run of inputs, as convolutions need them.
namespace mote::kernels::internal {

template <int kCount>
struct Rows {
  static constexpr int count = kCount;
};

/// Calls visit(Rows, first) for the rows from `first` to before `end`: as many at a time as the
/// instruction set takes best, then one by one.
template <class Isa, class Visit>
MOTE_INLINE void for_rows(int first, int end, Visit visit) {
  if constexpr (Isa::kDots > 1)
    for (; first + Isa::kDots <= end; first += Isa::kDots) visit(Rows<Isa::kDots>{}, first);
  for (; first < end; ++first) visit(Rows<1>{}, first);
}

/// acc[r] += sum (x + input_offset) * (w + filter_offset) of each row; 32-bit sums wrap.
template <class Isa, class Attrs>
struct DotsOfBytes {
  const Attrs& attrs;

  template <int kRows>
  MOTE_INLINE void add(int, int32_t* acc, const int8_t* x, const int8_t* w, int step, int n) const {
    Isa::template dots_s8<kRows>(acc, x, attrs.input_offset, w, step, n);
    if (attrs.filter_offset == 0) return;
    const int32_t share = attrs.filter_offset * (Isa::sum_s8(x, n) + n * attrs.input_offset);
    for (int r = 0; r < kRows; ++r) acc[r] = wrapping_add(acc[r], share);
  }
};

/// 16-bit inputs, 8-bit weights, 64-bit sums.
template <class Isa>
struct DotsOfWords {
  template <int kRows>
  MOTE_INLINE void add(int, int64_t* acc, const int16_t* x, const int8_t* w, int step,
                       int n) const {
    Isa::template dots_s16<kRows>(acc, x, w, step, n);
  }
};

template <class Isa>
struct DotsOfFloats {
  template <int kRows>
  MOTE_INLINE void add(int, float* acc, const float* x, const float* w, int step, int n) const {
    Isa::template dots_f32<kRows>(acc, x, w, step, n);
  }
};

/// int8 inputs, each batch with a zero point of its own.
template <class Isa>
struct DotsOfHybrid {
  const int32_t* zero_point;

  template <int kRows>
  MOTE_INLINE void add(int batch, int32_t* acc, const int8_t* x, const int8_t* w, int step,
                       int n) const {
    Isa::template dots_s8<kRows>(acc, x, -zero_point[batch], w, step, n);
  }
};

}  // namespace mote::kernels::internal
