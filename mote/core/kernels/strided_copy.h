#pragma once

#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

/// Element (i0, ..., i5) goes from in[in_start + sum_k i_k * in_strides[k]] to
/// out[out_start + sum_k i_k * out_strides[k]], for all i_k < extents[k].
///
/// An in_stride of 0 repeats, a negative one reverses.
template <class A>
concept StridedCopyAttributes = requires(A a) {
  a.extents[5];
  a.in_strides[5];
  a.out_strides[5];
  a.in_start;
  a.out_start;
};

namespace detail {

inline constexpr int kCopyRank = 6;

/// One element, whatever its type: a float may be carried as an integer of its size.
template <class T>
MOTE_INLINE void carry(T* to, const T* from) {
  __builtin_memcpy(to, from, sizeof(T));
}

template <int kLevel, class T, class Attrs>
MOTE_INLINE void copy_level(const Attrs& attrs, const T* in, T* out) {
  const int extent = attrs.extents[kLevel];
  const int from = attrs.in_strides[kLevel], to = attrs.out_strides[kLevel];
  if constexpr (kLevel + 1 < kCopyRank) {
    for (int i = 0; i < extent; ++i) copy_level<kLevel + 1>(attrs, in + i * from, out + i * to);
  } else if (from == 1 && to == 1) {
    for (int i = 0; i < extent; ++i) carry(out + i, in + i);
  } else {
    for (int i = 0; i < extent; ++i) carry(out + i * to, in + i * from);
  }
}

}  // namespace detail

/// Carries a part of one tensor to a part of another: CONCATENATION, SPLIT, SLICE, TRANSPOSE,
/// BROADCAST_TO, DEPTH_TO_SPACE and their kin.
///
///   in, out  [n]  elements of 8 bits; may overlap where neighbours go to lower places
///
/// Cannot fail: the strides were checked when the program was made.
template <class Isa, StridedCopyAttributes Attrs, class In, class Out>
void strided_copy_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                     TensorView<int8_t, Out> out) {
  detail::copy_level<0>(attrs, in.data + attrs.in_start, out.data + attrs.out_start);
}

/// The same for elements of 16 bits.
template <class Isa, StridedCopyAttributes Attrs, class In, class Out>
void strided_copy_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                      TensorView<int16_t, Out> out) {
  detail::copy_level<0>(attrs, in.data + attrs.in_start, out.data + attrs.out_start);
}

/// The same for elements of 32 bits.
template <class Isa, StridedCopyAttributes Attrs, class In, class Out>
void strided_copy_s32(const Attrs& attrs, TensorView<const int32_t, In> in,
                      TensorView<int32_t, Out> out) {
  detail::copy_level<0>(attrs, in.data + attrs.in_start, out.data + attrs.out_start);
}

}  // namespace mote::kernels
