#pragma once

#include "mote/core/kernels/dots.h"
#include "mote/core/kernels/rescale.h"

/// FULLY_CONNECTED: a matrix times each row of the input.
///
///   in      [batch, depth]
///   filter  [units, depth]
///   out     [batch, units], must not overlap `in`
namespace mote::kernels {

template <class A>
concept FullyConnectedAttributes = QuantizedOutput<A> && requires(A a) {
  a.input_offset;
  a.filter_offset;
};

/// int8:  out[b][u] = act(requantize(bias[u] + sum_d (in[b][d] + input_offset) *
///                                                   (filter[u][d] + filter_offset)))
///
/// Cannot fail: shapes were checked when the program was made.
template <class Isa, FullyConnectedAttributes Attrs, class In, class Filter, class Out>
void fully_connected_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                        TensorView<const int8_t, Filter> filter, const Rescale& by,
                        TensorView<int8_t, Out> out) {
  const int batch = in.shape[0], depth = in.shape[1], units = filter.shape[0];
  for (int b = 0; b < batch; ++b) {
    const int8_t* x = in.data + b * depth;
    const int32_t offset_sum =
        attrs.filter_offset == 0
            ? 0
            : attrs.filter_offset * (Isa::sum_s8(x, depth) + depth * attrs.input_offset);
    internal::for_rows<Isa>(0, units, [&](auto rows, int u) {
      int32_t acc[rows.count] = {};
      Isa::template dots_s8<rows.count>(acc, x, attrs.input_offset, filter.data + u * depth, depth,
                                        depth);
      for (int r = 0; r < rows.count; ++r)
        out.data[b * units + u + r] =
            rescale<int8_t>(attrs, wrapping_add(acc[r], offset_sum), by, u + r);
    });
  }
}

namespace internal {

template <class Isa, class Acc, class Attrs, class In, class Filter, class Out>
MOTE_INLINE void fully_connected_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                                     TensorView<const int8_t, Filter> filter,
                                     const BasicRescale<Acc>& by, TensorView<int16_t, Out> out) {
  const int batch = in.shape[0], depth = in.shape[1], units = filter.shape[0];
  for (int b = 0; b < batch; ++b)
    for_rows<Isa>(0, units, [&](auto rows, int u) {
      int64_t acc[rows.count] = {};
      Isa::template dots_s16<rows.count>(acc, in.data + b * depth, filter.data + u * depth, depth,
                                         depth);
      rescale_channels<Isa>(attrs, acc, by, u, rows.count, out.data + b * units + u);
    });
}

}  // namespace internal

/// 16-bit activations, 8-bit filter, 64-bit bias and sums; an input offset is part of the bias.
template <class Isa, QuantizedOutput Attrs, class In, class Filter, class Out>
void fully_connected_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                         TensorView<const int8_t, Filter> filter, const Rescale64& by,
                         TensorView<int16_t, Out> out) {
  internal::fully_connected_s16<Isa, int64_t>(attrs, in, filter, by, out);
}

/// The same with 32-bit bias and sums that wrap.
template <class Isa, QuantizedOutput Attrs, class In, class Filter, class Out>
void fully_connected_s16_acc32(const Attrs& attrs, TensorView<const int16_t, In> in,
                               TensorView<const int8_t, Filter> filter, const Rescale& by,
                               TensorView<int16_t, Out> out) {
  internal::fully_connected_s16<Isa, int32_t>(attrs, in, filter, by, out);
}

/// float32:  out[b][u] = act(sum_d in[b][d] * filter[u][d] + bias[u])
template <class Isa, FloatOutput Attrs, class In, class Filter, class Bias, class Out>
void fully_connected_f32(const Attrs& attrs, TensorView<const float, In> in,
                         TensorView<const float, Filter> filter, TensorView<const float, Bias> bias,
                         TensorView<float, Out> out) {
  const int batch = in.shape[0], depth = in.shape[1], units = filter.shape[0];
  for (int b = 0; b < batch; ++b)
    internal::for_rows<Isa>(0, units, [&](auto rows, int u) {
      float sum[rows.count] = {};
      Isa::template dots_f32<rows.count>(sum, in.data + b * depth, filter.data + u * depth, depth,
                                         depth);
      for (int r = 0; r < rows.count; ++r)
        out.data[b * units + u + r] = activate(attrs, sum[r] + bias.data[u + r]);
    });
}

/// Hybrid: float activations that quantize_rows_f32 made into int8, int8 filter.
///
///   scale, zero_point   [batch]  of the inputs
///   filter_scale, bias  [units]
///
/// out[b][u] = act(sum_d (in[b][d] - zero_point[b]) * filter[u][d] * (filter_scale[u] * scale[b]) +
///                 bias[u])
template <class Isa, FloatOutput Attrs, class In, class Batch, class Filter, class Scale, class Out>
void fully_connected_hybrid(const Attrs& attrs, TensorView<const int8_t, In> in,
                            TensorView<const float, Batch> scale,
                            TensorView<const int32_t, Batch> zero_point,
                            TensorView<const int8_t, Filter> filter,
                            TensorView<const float, Scale> filter_scale,
                            TensorView<const float, Scale> bias, TensorView<float, Out> out) {
  const int batch = in.shape[0], depth = in.shape[1], units = filter.shape[0];
  for (int b = 0; b < batch; ++b)
    internal::for_rows<Isa>(0, units, [&](auto rows, int u) {
      int32_t acc[rows.count] = {};
      Isa::template dots_s8<rows.count>(acc, in.data + b * depth, -zero_point.data[b],
                                        filter.data + u * depth, depth, depth);
      for (int r = 0; r < rows.count; ++r) {
        const int unit = u + r;
        const float y = static_cast<float>(acc[r]) * (filter_scale.data[unit] * scale.data[b]) +
                        bias.data[unit];
        out.data[b * units + unit] = activate(attrs, y);
      }
    });
}

}  // namespace mote::kernels
