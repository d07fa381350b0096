#pragma once

#include "mote/core/kernels/strided_copy.h"

namespace mote::kernels {

/// out[i0]...[i5] is in[i0 - before[0]]...[i5 - before[5]] where all of these lie within
/// in_extents, and the padding value elsewhere.
template <class A>
concept PadAttributes = requires(A a) {
  a.in_extents[5];
  a.out_extents[5];
  a.before[5];
};

namespace detail {

/// Writes `count` copies of `value`; returns what comes after them.
template <class T>
MOTE_INLINE T* fill(T* out, int count, const T* value) {
  for (int i = 0; i < count; ++i) carry(out + i, value);
  return out + count;
}

/// Elements of an array whose extents from `level` on are `extents`.
template <class Array>
MOTE_INLINE int volume_from(const Array& extents, int level) {
  int product = 1;
  for (int k = level; k < kCopyRank; ++k) product *= extents[k];
  return product;
}

/// Reads `in` and writes `out` front to back.
template <int kLevel, class T, class Attrs>
MOTE_INLINE void pad_level(const Attrs& attrs, const T*& in, T*& out, const T* value) {
  const int inside = attrs.in_extents[kLevel], before = attrs.before[kLevel];
  const int after = attrs.out_extents[kLevel] - before - inside;
  if constexpr (kLevel + 1 < kCopyRank) {
    const int inner = volume_from(attrs.out_extents, kLevel + 1);
    out = fill(out, before * inner, value);
    for (int i = 0; i < inside; ++i) pad_level<kLevel + 1>(attrs, in, out, value);
    out = fill(out, after * inner, value);
  } else {
    out = fill(out, before, value);
    for (int i = 0; i < inside; ++i) carry(out + i, in + i);
    in += inside, out += inside;
    out = fill(out, after, value);
  }
}

}  // namespace detail

/// Surrounds a tensor with a value: PAD, PADV2.
///
///   in     [n]  elements of 8 bits, n = the product of in_extents
///   value  [1]
///   out    [m]  m = the product of out_extents; must not overlap `in`
template <class Isa, PadAttributes Attrs, class In, class Value, class Out>
void pad_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
            TensorView<const int8_t, Value> value, TensorView<int8_t, Out> out) {
  detail::pad_level<0>(attrs, in.data, out.data, value.data);
}

/// The same for elements of 16 bits.
template <class Isa, PadAttributes Attrs, class In, class Value, class Out>
void pad_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
             TensorView<const int16_t, Value> value, TensorView<int16_t, Out> out) {
  detail::pad_level<0>(attrs, in.data, out.data, value.data);
}

/// The same for elements of 32 bits.
template <class Isa, PadAttributes Attrs, class In, class Value, class Out>
void pad_s32(const Attrs& attrs, TensorView<const int32_t, In> in,
             TensorView<const int32_t, Value> value, TensorView<int32_t, Out> out) {
  detail::pad_level<0>(attrs, in.data, out.data, value.data);
}

}  // namespace mote::kernels
