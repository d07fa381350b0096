#pragma once

#include "mote/core/kernels/dots.h"
#include "mote/core/kernels/rescale.h"

/// BATCH_MATMUL: many matrix products; a batch of one on either side serves all of the other's.
///
///   lhs  [lhs matrices, rows, depth]
///   rhs  [rhs matrices, columns, depth]        transposed: both sides' sums run along memory
///   out  [matrices, rows, columns]
///
/// Product i of the batch, counted over `batch` (three extents), takes the matrices that lhs_step
/// and rhs_step give: matrix = sum_axis index[axis] * step[axis]; 0 repeats one matrix.
namespace mote::kernels {

template <class A>
concept BatchMatmulAttributes = requires(A a) {
  a.batch[2];
  a.lhs_step[2];
  a.rhs_step[2];
};
template <class A>
concept BatchMatmulQuantizedAttributes = BatchMatmulAttributes<A> && QuantizedOutput<A> &&
    requires(A a) {
  a.lhs_offset;
  a.rhs_offset;
  a.multiplier;
  a.shift;
};

namespace internal {

/// Calls multiply(element, row, columns, count) for each row of the output: its first element, the
/// row of lhs, the columns of rhs, all `count` of them.
template <class Attrs, class T, class Lhs, class Rhs, class Multiply>
MOTE_INLINE void multiply_batch(const Attrs& attrs, TensorView<const T, Lhs> lhs,
                                TensorView<const T, Rhs> rhs, Multiply multiply) {
  const int rows = lhs.shape[1], columns = rhs.shape[1], depth = lhs.shape[2];
  int element = 0;
  for (int i = 0; i < attrs.batch[0]; ++i)
    for (int j = 0; j < attrs.batch[1]; ++j)
      for (int k = 0; k < attrs.batch[2]; ++k) {
        const int left = i * attrs.lhs_step[0] + j * attrs.lhs_step[1] + k * attrs.lhs_step[2];
        const int right = i * attrs.rhs_step[0] + j * attrs.rhs_step[1] + k * attrs.rhs_step[2];
        for (int r = 0; r < rows; ++r, element += columns)
          multiply(element, lhs.data + (left * rows + r) * depth,
                   rhs.data + right * columns * depth, columns);
      }
}

template <class T, class Attrs, class Acc>
MOTE_INLINE T rescale_product(const Attrs& attrs, Acc acc) {
  const int32_t y = requantize(acc, attrs.multiplier, attrs.shift);
  return static_cast<T>(
      clamp<int32_t>(wrapping_add(y, attrs.output_offset), attrs.act_min, attrs.act_max));
}

}  // namespace internal

/// int8:  out = requantize(sum (lhs + lhs_offset) * (rhs + rhs_offset)) + output_offset
template <class Isa, BatchMatmulQuantizedAttributes Attrs, class Lhs, class Rhs, class Out>
void batch_matmul_s8(const Attrs& attrs, TensorView<const int8_t, Lhs> lhs,
                     TensorView<const int8_t, Rhs> rhs, TensorView<int8_t, Out> out) {
  const int depth = lhs.shape[2];
  internal::multiply_batch(
      attrs, lhs, rhs, [&](int element, const int8_t* row, const int8_t* columns, int count) {
        int32_t share = 0;  // of rhs_offset
        if (attrs.rhs_offset != 0)
          share = attrs.rhs_offset * (Isa::sum_s8(row, depth) + depth * attrs.lhs_offset);
        internal::for_rows<Isa>(0, count, [&](auto some, int c) {
          int32_t acc[some.count] = {};
          Isa::template dots_s8<some.count>(acc, row, attrs.lhs_offset, columns + c * depth, depth,
                                            depth);
          for (int r = 0; r < some.count; ++r)
            out.data[element + c + r] =
                internal::rescale_product<int8_t>(attrs, wrapping_add(acc[r], share));
        });
      });
}

/// int16, symmetric (offsets 0), 64-bit sums.
template <class Isa, BatchMatmulQuantizedAttributes Attrs, class Lhs, class Rhs, class Out>
void batch_matmul_s16(const Attrs& attrs, TensorView<const int16_t, Lhs> lhs,
                      TensorView<const int16_t, Rhs> rhs, TensorView<int16_t, Out> out) {
  const int depth = lhs.shape[2];
  internal::multiply_batch(
      attrs, lhs, rhs, [&](int element, const int16_t* row, const int16_t* columns, int count) {
        internal::for_rows<Isa>(0, count, [&](auto some, int c) {
          int64_t acc[some.count] = {};
          Isa::template dots_s16<some.count>(acc, row, columns + c * depth, depth, depth);
          for (int r = 0; r < some.count; ++r)
            out.data[element + c + r] = internal::rescale_product<int16_t>(attrs, acc[r]);
        });
      });
}

template <class Isa, BatchMatmulAttributes Attrs, class Lhs, class Rhs, class Out>
void batch_matmul_f32(const Attrs& attrs, TensorView<const float, Lhs> lhs,
                      TensorView<const float, Rhs> rhs, TensorView<float, Out> out) {
  const int depth = lhs.shape[2];
  internal::multiply_batch(
      attrs, lhs, rhs, [&](int element, const float* row, const float* columns, int count) {
        internal::for_rows<Isa>(0, count, [&](auto some, int c) {
          float acc[some.count] = {};
          Isa::template dots_f32<some.count>(acc, row, columns + c * depth, depth, depth);
          for (int r = 0; r < some.count; ++r) out.data[element + c + r] = acc[r];
        });
      });
}

namespace internal {

template <class T, class In, class Out>
MOTE_INLINE void transpose_matrices(TensorView<const T, In> in, TensorView<T, Out> out) {
  const int rows = in.shape[1], columns = in.shape[2];
  for (int m = 0; m < in.shape[0]; ++m) {
    const T* from = in.data + m * rows * columns;
    T* to = out.data + m * rows * columns;
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) to[c * rows + r] = from[r * columns + c];
  }
}

}  // namespace internal

/// in [matrices, rows, columns] -> out [matrices, columns, rows]
template <class Isa, class Attrs, class In, class Out>
void transpose_matrices_s8(const Attrs&, TensorView<const int8_t, In> in,
                           TensorView<int8_t, Out> out) {
  internal::transpose_matrices(in, out);
}
template <class Isa, class Attrs, class In, class Out>
void transpose_matrices_s16(const Attrs&, TensorView<const int16_t, In> in,
                            TensorView<int16_t, Out> out) {
  internal::transpose_matrices(in, out);
}
template <class Isa, class Attrs, class In, class Out>
void transpose_matrices_f32(const Attrs&, TensorView<const float, In> in,
                            TensorView<float, Out> out) {
  internal::transpose_matrices(in, out);
}

}  // namespace mote::kernels
