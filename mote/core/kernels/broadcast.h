#pragma once

#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

/// out[i] = f(a[i], b[i]) over the shape of `out`, where a dimension of 1 in `a` or `b` is
/// repeated.
///
///   a, b, out  the same rank, at least 1; each dimension of `a` and `b` is 1 or that of `out`
///
/// Rows are dense in both inputs or repeat one element of one of them. `out` may not overlap an
/// input that is repeated.
template <class A, class B, class C, class ShapeA, class ShapeB, class ShapeC, class F>
MOTE_INLINE void zip(TensorView<const A, ShapeA> a, TensorView<const B, ShapeB> b,
                     TensorView<C, ShapeC> out, F f) {
  const int last = out.shape.rank - 1, n = out.shape[last];
  int stride_a[kMaxRank], stride_b[kMaxRank], index[kMaxRank] = {};
  for (int axis = last, size_a = 1, size_b = 1; axis >= 0; --axis) {
    stride_a[axis] = a.shape[axis] == 1 ? 0 : size_a;
    stride_b[axis] = b.shape[axis] == 1 ? 0 : size_b;
    size_a *= a.shape[axis], size_b *= b.shape[axis];
  }
  const A* row_a = a.data;
  const B* row_b = b.data;
  C* row = out.data;
  for (int left = volume(out.shape) / n; left > 0; --left, row += n) {
    if (stride_a[last] == stride_b[last])
      for (int i = 0; i < n; ++i) row[i] = f(row_a[i], row_b[i]);
    else if (stride_b[last] == 0)
      for (int i = 0; i < n; ++i) row[i] = f(row_a[i], *row_b);
    else
      for (int i = 0; i < n; ++i) row[i] = f(*row_a, row_b[i]);
    for (int axis = last - 1; axis >= 0; --axis) {
      row_a += stride_a[axis], row_b += stride_b[axis];
      if (++index[axis] < out.shape[axis]) break;
      index[axis] = 0;
      row_a -= stride_a[axis] * out.shape[axis], row_b -= stride_b[axis] * out.shape[axis];
    }
  }
}

/// out[i] = f(in[i]) for i in [0, n); `in` and `out` may be the same memory when T is U.
template <class T, class U, class In, class Out, class F>
MOTE_INLINE void map(TensorView<const T, In> in, TensorView<U, Out> out, F f) {
  for (int i = 0; i < in.shape[0]; ++i) out.data[i] = f(in.data[i]);
}

}  // namespace mote::kernels
