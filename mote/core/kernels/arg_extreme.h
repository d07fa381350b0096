#pragma once

#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

template <class A>
concept ArgExtremeAttributes = requires(A a) {
  a.is_max;
};

namespace detail {

template <class T, class Attrs, class In>
MOTE_INLINE void arg_extreme(const Attrs& attrs, TensorView<const T, In> in, int32_t* out) {
  const int outer = in.shape[0], axis = in.shape[1], inner = in.shape[2];
  for (int o = 0; o < outer; ++o)
    for (int i = 0; i < inner; ++i) {
      const T* column = in.data + o * axis * inner + i;
      int best = 0;
      for (int k = 1; k < axis; ++k) {
        const T candidate = column[k * inner], current = column[best * inner];
        // Only a float differs from itself: what is not a number loses to any number.
        const bool wins = attrs.is_max ? candidate > current : candidate < current;
        if (wins || (current != current && candidate == candidate)) best = k;
      }
      *out++ = best;
    }
}

}  // namespace detail

/// ARG_MAX and ARG_MIN: where along the middle axis the extreme stands, the first of equals.
///
///   in   [outer, axis, inner]  s8
///   out  [outer, inner]        s32
template <class Isa, ArgExtremeAttributes Attrs, class In, class Out>
void arg_extreme_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<int32_t, Out> out) {
  detail::arg_extreme(attrs, in, out.data);
}

/// The same for f32.
template <class Isa, ArgExtremeAttributes Attrs, class In, class Out>
void arg_extreme_f32(const Attrs& attrs, TensorView<const float, In> in,
                     TensorView<int32_t, Out> out) {
  detail::arg_extreme(attrs, in, out.data);
}

}  // namespace mote::kernels
