#pragma once

#include "mote/core/kernels/rescale.h"
#include "mote/core/kernels/window.h"

/// CONV_2D: what lies outside the image counts as zero (in quantised images, as the zero point).
///
///   in      [batch, height, width, depth]                                 NHWC
///   filter  [channels, filter height, filter width, depth / groups]       OHWI
///   out     [batch, out height, out width, channels]
///
/// `groups` follows from the shapes; channels is a multiple of it.
namespace mote::kernels {

template <class A>
concept Conv2DAttributes = WindowAttributes<A> && QuantizedOutput<A> && requires(A a) {
  a.input_offset;
  a.filter_offset;
};

template <class A>
concept Conv2DFloatAttributes = WindowAttributes<A> && FloatOutput<A>;

namespace internal {

/// Calls store(batch, pixel, channel, acc) for each output, where acc is what
/// dot(batch, acc, inputs, weights, n) made of the image's and the filter's runs of n neighbours.
template <class Acc, class Attrs, class T, class In, class W, class Filter, class Out, class Dot,
          class Store>
MOTE_INLINE void convolve(const Attrs& attrs, TensorView<const T, In> in,
                          TensorView<const W, Filter> filter, const Out& out, Dot dot,
                          Store store) {
  const int height = in.shape[1], width = in.shape[2], in_depth = in.shape[3];
  const int filter_h = filter.shape[1], filter_w = filter.shape[2], depth = filter.shape[3];
  const int channels = out[3], channels_per_group = channels / (in_depth / depth);
  const bool is_row_dense = attrs.dilation_w == 1 && depth == in_depth;
  const int run = is_row_dense ? 0 : depth;  // 0: all taps of a row are neighbours
  for (int b = 0; b < out[0]; ++b)
    for (int oy = 0; oy < out[1]; ++oy) {
      const int y0 = oy * attrs.stride_h - attrs.pad_top;
      const Taps ys = taps_inside(y0, attrs.dilation_h, filter_h, height);
      for (int ox = 0; ox < out[2]; ++ox) {
        const int x0 = ox * attrs.stride_w - attrs.pad_left;
        const Taps xs = taps_inside(x0, attrs.dilation_w, filter_w, width);
        const int pixel = (b * out[1] + oy) * out[2] + ox;
        for (int c = 0; c < channels; ++c) {
          const T* image = in.data + b * height * width * in_depth + c / channels_per_group * depth;
          Acc acc = 0;
          for (int ky = ys.first; ky < ys.end; ++ky) {
            const T* row = image + (y0 + ky * attrs.dilation_h) * width * in_depth;
            const W* taps = filter.data + ((c * filter_h + ky) * filter_w + xs.first) * depth;
            const int count = xs.end - xs.first;
            if (run == 0) {
              if (count > 0)
                acc = dot(b, acc, row + (x0 + xs.first) * in_depth, taps, count * depth);
              continue;
            }
            for (int k = 0; k < count; ++k)
              acc = dot(b, acc, row + (x0 + (xs.first + k) * attrs.dilation_w) * in_depth,
                        taps + k * depth, depth);
          }
          store(b, pixel, c, acc);
        }
      }
    }
}

}  // namespace internal

/// int8:  out = act(requantize(bias + sum (in + input_offset) * (filter + filter_offset)))
///
/// Each channel has its own multiplier and shift.
template <class Isa, Conv2DAttributes Attrs, class In, class Filter, class Out>
void conv_2d_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                TensorView<const int8_t, Filter> filter, const Rescale& by,
                TensorView<int8_t, Out> out) {
  internal::convolve<int32_t>(
      attrs, in, filter, out.shape,
      [&](int, int32_t acc, const int8_t* x, const int8_t* w, int n) {
        acc = wrapping_add(acc, Isa::dot_s8(x, attrs.input_offset, w, n));
        if (attrs.filter_offset != 0)
          acc =
              wrapping_add(acc, attrs.filter_offset * (Isa::sum_s8(x, n) + n * attrs.input_offset));
        return acc;
      },
      [&](int, int pixel, int c, int32_t acc) {
        out.data[pixel * out.shape[3] + c] = rescale<int8_t>(attrs, acc, by, c);
      });
}

namespace internal {

template <class Isa, class Acc, class Attrs, class In, class Filter, class Out>
MOTE_INLINE void conv_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                             TensorView<const int8_t, Filter> filter, const BasicRescale<Acc>& by,
                             TensorView<int16_t, Out> out) {
  convolve<int64_t>(
      attrs, in, filter, out.shape,
      [&](int, int64_t acc, const int16_t* x, const int8_t* w, int n) {
        return acc + Isa::dot_s16(x, w, n);
      },
      [&](int, int pixel, int c, int64_t acc) {
        out.data[pixel * out.shape[3] + c] = rescale<int16_t>(attrs, static_cast<Acc>(acc), by, c);
      });
}

}  // namespace internal

/// 16-bit activations, 8-bit filter, both symmetric (offsets 0); 64-bit bias and sums.
template <class Isa, Conv2DAttributes Attrs, class In, class Filter, class Out>
void conv_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                 TensorView<const int8_t, Filter> filter, const Rescale64& by,
                 TensorView<int16_t, Out> out) {
  internal::conv_2d_s16<Isa, int64_t>(attrs, in, filter, by, out);
}

/// The same with 32-bit bias and sums that wrap.
template <class Isa, Conv2DAttributes Attrs, class In, class Filter, class Out>
void conv_2d_s16_acc32(const Attrs& attrs, TensorView<const int16_t, In> in,
                       TensorView<const int8_t, Filter> filter, const Rescale& by,
                       TensorView<int16_t, Out> out) {
  internal::conv_2d_s16<Isa, int32_t>(attrs, in, filter, by, out);
}

/// float32:  out = act(sum in * filter + bias)
template <class Isa, Conv2DFloatAttributes Attrs, class In, class Filter, class Bias, class Out>
void conv_2d_f32(const Attrs& attrs, TensorView<const float, In> in,
                 TensorView<const float, Filter> filter, TensorView<const float, Bias> bias,
                 TensorView<float, Out> out) {
  internal::convolve<float>(
      attrs, in, filter, out.shape,
      [&](int, float acc, const float* x, const float* w, int n) {
        return Isa::dot_f32(acc, x, w, n);
      },
      [&](int, int pixel, int c, float acc) {
        out.data[pixel * out.shape[3] + c] = activate(attrs, acc + bias.data[c]);
      });
}

/// Hybrid: float activations that quantize_rows_f32 made into int8, int8 filter.
///
///   scale         [batch]     of the inputs
///   zero_point    [batch]     of the inputs
///   filter_scale  [channels]
///   bias          [channels]
///
/// out = act(sum (in - zero_point) * filter * (filter_scale * scale) + bias)
template <class Isa, Conv2DFloatAttributes Attrs, class In, class Batch, class Filter, class Scale,
          class Out>
void conv_2d_hybrid(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<const float, Batch> scale,
                    TensorView<const int32_t, Batch> zero_point,
                    TensorView<const int8_t, Filter> filter,
                    TensorView<const float, Scale> filter_scale,
                    TensorView<const float, Scale> bias, TensorView<float, Out> out) {
  internal::convolve<int32_t>(
      attrs, in, filter, out.shape,
      [&](int b, int32_t acc, const int8_t* x, const int8_t* w, int n) {
        return wrapping_add(acc, Isa::dot_s8(x, -zero_point.data[b], w, n));
      },
      [&](int b, int pixel, int c, int32_t acc) {
        const float y =
            static_cast<float>(acc) * (filter_scale.data[c] * scale.data[b]) + bias.data[c];
        out.data[pixel * out.shape[3] + c] = activate(attrs, y);
      });
}

}  // namespace mote::kernels
