#pragma once

#include "mote/core/kernels/conv_2d.h"

/// DEPTHWISE_CONV_2D: each input channel is filtered by `multiplier` filters of its own.
///
///   in      [batch, height, width, depth]
///   filter  [1, filter height, filter width, depth * multiplier]
///   out     [batch, out height, out width, depth * multiplier]
///
/// Output channel c sees input channel c / multiplier; `multiplier` follows from the shapes.
namespace mote::kernels {

namespace internal {

/// Channels that are summed at a time, so that sums stay in registers or on the stack.
inline constexpr int kChannelTile = 16;

/// Calls store(batch, pixel, channel, accs, n) for all outputs, n <= kChannelTile channels at a
/// time, where an acc is first(channel) and what multiply_add(batch, accs, inputs, weights, n)
/// added over the taps.
template <class Acc, class Attrs, class T, class In, class W, class Filter, class Out, class First,
          class MultiplyAdd, class Store>
MOTE_INLINE void convolve_depthwise(const Attrs& attrs, TensorView<const T, In> in,
                                    TensorView<const W, Filter> filter, const Out& out, First first,
                                    MultiplyAdd multiply_add, Store store) {
  const int height = in.shape[1], width = in.shape[2], depth = in.shape[3];
  const int filter_h = filter.shape[1], filter_w = filter.shape[2], channels = filter.shape[3];
  const int multiplier = channels / depth;
  for (int b = 0; b < out[0]; ++b)
    for (int oy = 0; oy < out[1]; ++oy) {
      const int y0 = oy * attrs.stride_h - attrs.pad_top;
      const Taps ys = taps_inside(y0, attrs.dilation_h, filter_h, height);
      for (int ox = 0; ox < out[2]; ++ox) {
        const int x0 = ox * attrs.stride_w - attrs.pad_left;
        const Taps xs = taps_inside(x0, attrs.dilation_w, filter_w, width);
        const int pixel = (b * out[1] + oy) * out[2] + ox;
        for (int c0 = 0; c0 < channels; c0 += kChannelTile) {
          const int n = min_of(kChannelTile, channels - c0);
          Acc acc[kChannelTile];
          for (int i = 0; i < n; ++i) acc[i] = first(c0 + i);
          for (int ky = ys.first; ky < ys.end; ++ky)
            for (int kx = xs.first; kx < xs.end; ++kx) {
              const int y = y0 + ky * attrs.dilation_h, x = x0 + kx * attrs.dilation_w;
              const T* values = in.data + ((b * height + y) * width + x) * depth;
              const W* weights = filter.data + (ky * filter_w + kx) * channels + c0;
              if (multiplier == 1) {
                multiply_add(b, acc, values + c0, weights, n);
                continue;
              }
              T repeated[kChannelTile] = {};
              for (int i = 0; i < n; ++i) repeated[i] = values[(c0 + i) / multiplier];
              multiply_add(b, acc, repeated, weights, n);
            }
          store(b, pixel, c0, acc, n);
        }
      }
    }
}

}  // namespace internal

/// int8:  out = act(requantize(bias + sum (in + input_offset) * (filter + filter_offset)))
template <class Isa, Conv2DAttributes Attrs, class In, class Filter, class Out>
void depthwise_conv_2d_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                          TensorView<const int8_t, Filter> filter, const Rescale& by,
                          TensorView<int8_t, Out> out) {
  internal::convolve_depthwise<int32_t>(
      attrs, in, filter, out.shape, [](int) { return 0; },
      [&](int, int32_t* acc, const int8_t* x, const int8_t* w, int n) {
        Isa::multiply_add_s8(acc, x, attrs.input_offset, w, n);
        if (attrs.filter_offset != 0)
          for (int i = 0; i < n; ++i)
            acc[i] = wrapping_add(acc[i], (x[i] + attrs.input_offset) * attrs.filter_offset);
      },
      [&](int, int pixel, int c, const int32_t* acc, int n) {
        for (int i = 0; i < n; ++i)
          out.data[pixel * out.shape[3] + c + i] = rescale<int8_t>(attrs, acc[i], by, c + i);
      });
}

namespace internal {

template <class Isa, class Acc, class Attrs, class In, class Filter, class Out>
MOTE_INLINE void depthwise_conv_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                                       TensorView<const int8_t, Filter> filter, const Rescale64& by,
                                       TensorView<int16_t, Out> out) {
  convolve_depthwise<Acc>(
      attrs, in, filter, out.shape, [](int) { return 0; },
      [&](int, Acc* acc, const int16_t* x, const int8_t* w, int n) {
        Isa::multiply_add_s16(acc, x, w, n);
      },
      [&](int, int pixel, int c, const Acc* acc, int n) {
        rescale_channels<Isa>(attrs, acc, by, c, n, out.data + pixel * out.shape[3] + c);
      });
}

}  // namespace internal

/// 16-bit activations, 8-bit filter, both symmetric (offsets 0); 64-bit bias and sums.
template <class Isa, Conv2DAttributes Attrs, class In, class Filter, class Out>
void depthwise_conv_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                           TensorView<const int8_t, Filter> filter, const Rescale64& by,
                           TensorView<int16_t, Out> out) {
  // Products are at most 2^22: 32 bits hold the sum of 511.
  if (filter.shape[1] * filter.shape[2] < 512)
    internal::depthwise_conv_2d_s16<Isa, int32_t>(attrs, in, filter, by, out);
  else
    internal::depthwise_conv_2d_s16<Isa, int64_t>(attrs, in, filter, by, out);
}

/// float32:  out = act(sum in * filter + bias)
template <class Isa, Conv2DFloatAttributes Attrs, class In, class Filter, class Bias, class Out>
void depthwise_conv_2d_f32(const Attrs& attrs, TensorView<const float, In> in,
                           TensorView<const float, Filter> filter,
                           TensorView<const float, Bias> bias, TensorView<float, Out> out) {
  internal::convolve_depthwise<float>(
      attrs, in, filter, out.shape, [](int) { return 0.0f; },
      [&](int, float* acc, const float* x, const float* w, int n) {
        Isa::multiply_add_f32(acc, x, w, n);
      },
      [&](int, int pixel, int c, const float* acc, int n) {
        for (int i = 0; i < n; ++i)
          out.data[pixel * out.shape[3] + c + i] = activate(attrs, acc[i] + bias.data[c + i]);
      });
}

/// float32 between hybrid layers:  out = act(bias + sum in * filter), one rounding a product.
///
/// LiteRT sums in this order and with fused multiplications. Where the next layer quantises the
/// result, the last bit decides ties: they differ in 1 of 250 keyword recordings.
template <class Isa, Conv2DFloatAttributes Attrs, class In, class Filter, class Bias, class Out>
void depthwise_conv_2d_f32_fused(const Attrs& attrs, TensorView<const float, In> in,
                                 TensorView<const float, Filter> filter,
                                 TensorView<const float, Bias> bias, TensorView<float, Out> out) {
  internal::convolve_depthwise<float>(
      attrs, in, filter, out.shape, [&](int c) { return bias.data[c]; },
      [&](int, float* acc, const float* x, const float* w, int n) {
        Isa::fused_multiply_add_f32(acc, x, w, n);
      },
      [&](int, int pixel, int c, const float* acc, int n) {
        for (int i = 0; i < n; ++i)
          out.data[pixel * out.shape[3] + c + i] = activate(attrs, acc[i]);
      });
}

/// Hybrid, as conv_2d_hybrid.
template <class Isa, Conv2DFloatAttributes Attrs, class In, class Batch, class Filter, class Scale,
          class Out>
void depthwise_conv_2d_hybrid(const Attrs& attrs, TensorView<const int8_t, In> in,
                              TensorView<const float, Batch> scale,
                              TensorView<const int32_t, Batch> zero_point,
                              TensorView<const int8_t, Filter> filter,
                              TensorView<const float, Scale> filter_scale,
                              TensorView<const float, Scale> bias, TensorView<float, Out> out) {
  internal::convolve_depthwise<int32_t>(
      attrs, in, filter, out.shape, [](int) { return 0; },
      [&](int b, int32_t* acc, const int8_t* x, const int8_t* w, int n) {
        Isa::multiply_add_s8(acc, x, -zero_point.data[b], w, n);
      },
      [&](int b, int pixel, int first, const int32_t* acc, int n) {
        for (int i = 0; i < n; ++i) {
          const int c = first + i;
          const float y =
              static_cast<float>(acc[i]) * (filter_scale.data[c] * scale.data[b]) + bias.data[c];
          out.data[pixel * out.shape[3] + c] = activate(attrs, y);
        }
      });
}

}  // namespace mote::kernels
