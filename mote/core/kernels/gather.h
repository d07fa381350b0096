#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/strided_copy.h"

namespace mote::kernels {
namespace detail {

template <class T, class In, class Indices, class Out>
MOTE_INLINE void gather(TensorView<const T, In> in, TensorView<const int32_t, Indices> indices,
                        TensorView<T, Out> out) {
  const int batch = in.shape[0], outer = in.shape[1], axis = in.shape[2], inner = in.shape[3];
  const int count = indices.shape[1];
  T* target = out.data;
  for (int b = 0; b < batch; ++b)
    for (int o = 0; o < outer; ++o)
      for (int i = 0; i < count; ++i) {
        const int index = clamp<int>(indices.data[b * count + i], 0, axis - 1);
        const T* source = in.data + ((b * outer + o) * axis + index) * inner;
        for (int k = 0; k < inner; ++k) carry(target++, source + k);
      }
}

template <class T, class In, class Indices, class Out>
MOTE_INLINE void gather_nd(TensorView<const T, In> in, TensorView<const int32_t, Indices> indices,
                           TensorView<T, Out> out) {
  const int count = indices.shape[0], depth = indices.shape[1], inner = in.shape[in.shape.rank - 1];
  T* target = out.data;
  for (int i = 0; i < count; ++i) {
    int position = 0;
    for (int d = 0; d < depth; ++d)
      position =
          position * in.shape[d] + clamp<int>(indices.data[i * depth + d], 0, in.shape[d] - 1);
    const T* source = in.data + position * inner;
    for (int k = 0; k < inner; ++k) carry(target++, source + k);
  }
}

}  // namespace detail

/// out[b][o][i] = in[b][o][indices[b][i]]; an index beyond the axis takes its nearest end.
///
///   in       [batch, outer, axis, inner]   elements of 8 bits
///   indices  [batch, count]                s32
///   out      [batch, outer, count, inner]  must not overlap the others
template <class Isa, class Attrs, class In, class Indices, class Out>
void gather_s8(const Attrs&, TensorView<const int8_t, In> in,
               TensorView<const int32_t, Indices> indices, TensorView<int8_t, Out> out) {
  detail::gather(in, indices, out);
}

/// The same for elements of 32 bits.
template <class Isa, class Attrs, class In, class Indices, class Out>
void gather_s32(const Attrs&, TensorView<const int32_t, In> in,
                TensorView<const int32_t, Indices> indices, TensorView<int32_t, Out> out) {
  detail::gather(in, indices, out);
}

/// out[i] = in[indices[i][0]]...[indices[i][depth - 1]]; an index beyond its axis takes its nearest
/// end.
///
///   in       [d_0, ..., d_(depth - 1), inner]  elements of 8 bits
///   indices  [count, depth]                    s32
///   out      [count, inner]                    must not overlap the others
template <class Isa, class Attrs, class In, class Indices, class Out>
void gather_nd_s8(const Attrs&, TensorView<const int8_t, In> in,
                  TensorView<const int32_t, Indices> indices, TensorView<int8_t, Out> out) {
  detail::gather_nd(in, indices, out);
}

/// The same for elements of 32 bits.
template <class Isa, class Attrs, class In, class Indices, class Out>
void gather_nd_s32(const Attrs&, TensorView<const int32_t, In> in,
                   TensorView<const int32_t, Indices> indices, TensorView<int32_t, Out> out) {
  detail::gather_nd(in, indices, out);
}

}  // namespace mote::kernels
