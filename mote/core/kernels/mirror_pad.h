#pragma once

#include "mote/core/kernels/pad.h"

namespace mote::kernels {

/// A tensor surrounded by its own mirror image.
///
/// edge  1: the outermost element is the mirror and not repeated (REFLECT);
///       0: it is repeated (SYMMETRIC)
template <class A>
concept MirrorPadAttributes = PadAttributes<A> && requires(A a) {
  a.edge;
};

namespace detail {

template <int kLevel, class T, class Attrs>
MOTE_INLINE void mirror_level(const Attrs& attrs, const T* in, T*& out) {
  const int inside = attrs.in_extents[kLevel];
  const int stride = volume_from(attrs.in_extents, kLevel + 1);
  for (int i = 0; i < attrs.out_extents[kLevel]; ++i) {
    int source = i - attrs.before[kLevel];
    if (source < 0) source = attrs.edge - 1 - source;
    if (source >= inside) source = 2 * inside - 1 - attrs.edge - source;
    if constexpr (kLevel + 1 < kCopyRank)
      mirror_level<kLevel + 1>(attrs, in + source * stride, out);
    else
      carry(out++, in + source);
  }
}

}  // namespace detail

/// MIRROR_PAD.
///
///   in   [n]  elements of 8 bits, n = the product of in_extents; no side is padded by more than
///             its extent - edge
///   out  [m]  m = the product of out_extents; must not overlap `in`
template <class Isa, MirrorPadAttributes Attrs, class In, class Out>
void mirror_pad_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                   TensorView<int8_t, Out> out) {
  detail::mirror_level<0>(attrs, in.data, out.data);
}

/// The same for elements of 32 bits.
template <class Isa, MirrorPadAttributes Attrs, class In, class Out>
void mirror_pad_s32(const Attrs& attrs, TensorView<const int32_t, In> in,
                    TensorView<int32_t, Out> out) {
  detail::mirror_level<0>(attrs, in.data, out.data);
}

}  // namespace mote::kernels
