#pragma once

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/strided_copy.h"

namespace mote::kernels {
namespace detail {

template <class T, class In, class Rows, class Columns, class Out>
MOTE_INLINE void resize_nearest(TensorView<const T, In> in, TensorView<const int32_t, Rows> rows,
                                TensorView<const int32_t, Columns> columns,
                                TensorView<T, Out> out) {
  const int channels = in.shape[3];
  T* target = out.data;
  for (int b = 0; b < out.shape[0]; ++b)
    for (int y = 0; y < out.shape[1]; ++y)
      for (int x = 0; x < out.shape[2]; ++x) {
        const int pixel = (b * in.shape[1] + rows.data[y]) * in.shape[2] + columns.data[x];
        for (int c = 0; c < channels; ++c) carry(target++, in.data + pixel * channels + c);
      }
}

/// Mixes in float; `load` makes a float of an element, `store` an element of a float.
template <class In, class Rows, class Columns, class RowWeights, class ColumnWeights, class Out,
          class Load, class Store>
MOTE_INLINE void resize_bilinear_real(const In& in, const Rows& rows, const Columns& columns,
                                      const RowWeights& row_weights,
                                      const ColumnWeights& column_weights, const Out& out,
                                      Load load, Store store) {
  const int width = in.shape[2], channels = in.shape[3];
  auto* target = out.data;
  for (int b = 0; b < out.shape[0]; ++b)
    for (int y = 0; y < out.shape[1]; ++y)
      for (int x = 0; x < out.shape[2]; ++x) {
        const auto* upper = in.data + (b * in.shape[1] + rows.data[2 * y]) * width * channels;
        const auto* lower = in.data + (b * in.shape[1] + rows.data[2 * y + 1]) * width * channels;
        const int left = columns.data[2 * x] * channels, right = columns.data[2 * x + 1] * channels;
        const float dy = row_weights.data[y], dx = column_weights.data[x];
        for (int c = 0; c < channels; ++c)
          *target++ = store(
              load(upper[left + c]) * (1 - dy) * (1 - dx) + load(lower[left + c]) * dy * (1 - dx) +
              load(upper[right + c]) * (1 - dy) * dx + load(lower[right + c]) * dy * dx);
      }
}

}  // namespace detail

/// RESIZE_NEAREST_NEIGHBOR: out[b][y][x] = in[b][rows[y]][columns[x]].
///
///   in       [batch, height, width, channels]          elements of 8 bits
///   rows     [out_height]                              s32, in [0, height)
///   columns  [out_width]                               s32, in [0, width)
///   out      [batch, out_height, out_width, channels]  must not overlap `in`
template <class Isa, class Attrs, class In, class Rows, class Columns, class Out>
void resize_nearest_s8(const Attrs&, TensorView<const int8_t, In> in,
                       TensorView<const int32_t, Rows> rows,
                       TensorView<const int32_t, Columns> columns, TensorView<int8_t, Out> out) {
  detail::resize_nearest(in, rows, columns, out);
}

/// The same for elements of 16 bits.
template <class Isa, class Attrs, class In, class Rows, class Columns, class Out>
void resize_nearest_s16(const Attrs&, TensorView<const int16_t, In> in,
                        TensorView<const int32_t, Rows> rows,
                        TensorView<const int32_t, Columns> columns, TensorView<int16_t, Out> out) {
  detail::resize_nearest(in, rows, columns, out);
}

/// The same for elements of 32 bits.
template <class Isa, class Attrs, class In, class Rows, class Columns, class Out>
void resize_nearest_s32(const Attrs&, TensorView<const int32_t, In> in,
                        TensorView<const int32_t, Rows> rows,
                        TensorView<const int32_t, Columns> columns, TensorView<int32_t, Out> out) {
  detail::resize_nearest(in, rows, columns, out);
}

/// RESIZE_BILINEAR: each pixel is a mixture of four neighbours.
///
///   in       [batch, height, width, channels]          s8
///   rows     [out_height, 3]                           s32: upper row, lower row, weight of the
///                                                      lower in 1/1024
///   columns  [out_width, 3]                            s32: left, right, weight of the right
///   out      [batch, out_height, out_width, channels]  s8, same scale, must not overlap `in`
///
/// Rounds halves away from zero.
template <class Isa, class Attrs, class In, class Rows, class Columns, class Out>
void resize_bilinear_s8(const Attrs&, TensorView<const int8_t, In> in,
                        TensorView<const int32_t, Rows> rows,
                        TensorView<const int32_t, Columns> columns, TensorView<int8_t, Out> out) {
  constexpr int64_t kOne = 1 << 10, kHalf = 1 << 19;
  const int width = in.shape[2], channels = in.shape[3];
  int8_t* target = out.data;
  for (int b = 0; b < out.shape[0]; ++b)
    for (int y = 0; y < out.shape[1]; ++y)
      for (int x = 0; x < out.shape[2]; ++x) {
        const int32_t *row = rows.data + 3 * y, *column = columns.data + 3 * x;
        const int8_t* upper = in.data + (b * in.shape[1] + row[0]) * width * channels;
        const int8_t* lower = in.data + (b * in.shape[1] + row[1]) * width * channels;
        const int left = column[0] * channels, right = column[1] * channels;
        const int64_t dy = row[2], dx = column[2];
        for (int c = 0; c < channels; ++c) {
          const int64_t sum = upper[left + c] * (kOne - dy) * (kOne - dx) +
                              lower[left + c] * dy * (kOne - dx) +
                              upper[right + c] * (kOne - dy) * dx + lower[right + c] * dy * dx;
          *target++ = static_cast<int8_t>((sum + (sum > 0 ? kHalf : -kHalf)) / (kOne * kOne));
        }
      }
}

/// The same in float for s8 that stand for u8 less 128: rounds halves upwards.
///
///   rows, columns, row_weights, column_weights  as for f32, below
template <class Isa, class Attrs, class In, class Rows, class Columns, class RowWeights,
          class ColumnWeights, class Out>
void resize_bilinear_s8_real(const Attrs&, TensorView<const int8_t, In> in,
                             TensorView<const int32_t, Rows> rows,
                             TensorView<const int32_t, Columns> columns,
                             TensorView<const float, RowWeights> row_weights,
                             TensorView<const float, ColumnWeights> column_weights,
                             TensorView<int8_t, Out> out) {
  detail::resize_bilinear_real(
      in, rows, columns, row_weights, column_weights, out,
      [](int x) { return static_cast<float>(x + 128); },
      [](float y) { return static_cast<int8_t>(static_cast<int>(y + 0.5f) - 128); });
}

/// The same for f32.
///
///   rows, columns          [out_height, 2], [out_width, 2]  s32: the two neighbours
///   row_weights, column_weights  [out_height], [out_width]  f32: weight of the second
template <class Isa, class Attrs, class In, class Rows, class Columns, class RowWeights,
          class ColumnWeights, class Out>
void resize_bilinear_f32(const Attrs&, TensorView<const float, In> in,
                         TensorView<const int32_t, Rows> rows,
                         TensorView<const int32_t, Columns> columns,
                         TensorView<const float, RowWeights> row_weights,
                         TensorView<const float, ColumnWeights> column_weights,
                         TensorView<float, Out> out) {
  detail::resize_bilinear_real(
      in, rows, columns, row_weights, column_weights, out, [](float x) { return x; },
      [](float y) { return y; });
}

}  // namespace mote::kernels
