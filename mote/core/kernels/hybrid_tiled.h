#pragma once

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/quantize_rows.h"
#include "mote/core/kernels/rescale.h"

/// What stands before and behind a convolution by tiles of floats that is hybrid. Sums of products
/// of small whole numbers are exact in float32, in any order, as long as they stay below 2^24: so
/// the numbers are those of conv_2d_hybrid.
namespace mote::kernels {
namespace internal {

template <class Isa>
MOTE_INLINE Range range_by_registers(const float* x, int n) {
  using V = typename Isa::Floats;
  typename V::Type low = V::broadcast(x[0]), high = low;
  int i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) {
    low = V::min_of(low, V::load(x + i));
    high = V::max_of(high, V::load(x + i));
  }
  float lows[V::kLanes], highs[V::kLanes];
  V::store(lows, low);
  V::store(highs, high);
  Range range{lows[0], highs[0]};
  const auto take = [&](float least, float most) {
    range.low = min_of(range.low, least);
    range.high = max_of(range.high, most);
  };
  for (int lane = 1; lane < V::kLanes; ++lane) take(lows[lane], highs[lane]);
  for (; i < n; ++i) take(x[i], x[i]);
  return range;
}

template <class Isa, class In, class Out, class Rows, class Choose>
MOTE_INLINE void center_rows(const TensorView<const float, In>& in,
                             const TensorView<float, Out>& out,
                             const TensorView<float, Rows>& scale, float low, Choose choose) {
  using V = typename Isa::Floats;
  const int rows = in.shape[0], n = in.shape[1];
  const typename V::Type least = V::broadcast(low), most = V::broadcast(127);
  for (int r = 0; r < rows; ++r) {
    const float* x = in.data + r * n;
    float* q = out.data + r * n;
    const RowQuantization by = choose(range_by_registers<Isa>(x, n));
    scale.data[r] = by.scale;
    const auto zero_point = static_cast<float>(by.zero_point);
    const typename V::Type inverse = V::broadcast(by.inverse), zero = V::broadcast(zero_point);
    int i = 0;
    for (; i + V::kLanes <= n; i += V::kLanes) {
      typename V::Type y = V::add(zero, V::multiply(V::load(x + i), inverse));
      y = V::round(V::min_of(V::max_of(least, y), most));
      V::store(q + i, V::add(y, V::broadcast(-zero_point)));
    }
    for (; i < n; ++i)
      q[i] =
          static_cast<float>(round_to_s8(zero_point + x[i] * by.inverse, low, 127) - by.zero_point);
  }
}

}  // namespace internal

/// The whole numbers q - zero_point of quantize_rows_symmetric_f32, as floats:
///
///   in     [rows, n]
///   out    [rows, n]
///   scale  [rows]
template <class Isa, class Attrs, class In, class Out, class Rows>
void center_rows_symmetric_f32(const Attrs&, TensorView<const float, In> in,
                               TensorView<float, Out> out, TensorView<float, Rows> scale) {
  internal::center_rows<Isa>(in, out, scale, -127, [](const internal::Range& range) {
    return internal::symmetric_quantization(range);
  });
}

/// The same of quantize_rows_asymmetric_f32.
template <class Isa, class Attrs, class In, class Out, class Rows>
void center_rows_asymmetric_f32(const Attrs&, TensorView<const float, In> in,
                                TensorView<float, Out> out, TensorView<float, Rows> scale) {
  internal::center_rows<Isa>(in, out, scale, -128, [](const internal::Range& range) {
    return internal::asymmetric_quantization(range);
  });
}

/// out[b][p][c] = act(in[b][p][c] * (filter_scale[c] * scale[b]) + bias[c])
///
///   in, out             [batch, pixels, channels]
///   scale               [batch]
///   filter_scale, bias  [channels]
template <class Isa, FloatOutput Attrs, class In, class Batch, class Channels, class Out>
void scale_channels_f32(const Attrs& attrs, TensorView<const float, In> in,
                        TensorView<const float, Batch> scale,
                        TensorView<const float, Channels> filter_scale,
                        TensorView<const float, Channels> bias, TensorView<float, Out> out) {
  using V = typename Isa::Floats;
  const int pixels = in.shape[1], channels = in.shape[2];
  const typename V::Type low = V::broadcast(attrs.act_min), high = V::broadcast(attrs.act_max);
  for (int row = 0; row < in.shape[0] * pixels; ++row) {
    const float* x = in.data + row * channels;
    float* y = out.data + row * channels;
    const float row_scale = scale.data[row / pixels];
    const typename V::Type rows_scale = V::broadcast(row_scale);
    int c = 0;
    for (; c + V::kLanes <= channels; c += V::kLanes) {
      const typename V::Type by = V::multiply(V::load(filter_scale.data + c), rows_scale);
      const typename V::Type sum = V::add(V::multiply(V::load(x + c), by), V::load(bias.data + c));
      V::store(y + c, V::min_of(V::max_of(sum, low), high));
    }
    for (; c < channels; ++c)
      y[c] = activate(attrs, x[c] * (filter_scale.data[c] * row_scale) + bias.data[c]);
  }
}

}  // namespace mote::kernels
