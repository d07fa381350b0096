#pragma once

#include "mote/core/kernels/dots.h"
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

/// The image's pixels that one output pixel sees.
struct Field {
  int batch, y0, x0;  ///< where the filter's first tap lies, maybe outside
  Taps ys, xs;        ///< those inside
};

/// The sums of kRows neighbouring channels of a group, from the first on.
template <int kRows, class Acc, class Attrs, class T, class In, class W, class Filter, class Dots>
MOTE_INLINE void sum_of_taps(const Attrs& attrs, TensorView<const T, In> in,
                             TensorView<const W, Filter> filter, const Field& field, int group,
                             int channel, Dots dots, Acc* acc) {
  const int height = in.shape[1], width = in.shape[2], in_depth = in.shape[3];
  const int filter_h = filter.shape[1], filter_w = filter.shape[2], depth = filter.shape[3];
  const int row_size = filter_w * depth, channel_size = filter_h * row_size;
  const bool is_row_dense = attrs.dilation_w == 1 && depth == in_depth;
  const int count = field.xs.end - field.xs.first;
  // Where all taps of a row are neighbours, one run takes them.
  const int runs = is_row_dense ? (count > 0 ? 1 : 0) : count;
  const int run = is_row_dense ? count * depth : depth;
  const T* image = in.data + field.batch * height * width * in_depth + group * depth;
  for (int ky = field.ys.first; ky < field.ys.end; ++ky) {
    const T* row = image + (field.y0 + ky * attrs.dilation_h) * width * in_depth;
    const W* taps = filter.data + channel * channel_size + ky * row_size + field.xs.first * depth;
    for (int k = 0; k < runs; ++k)
      dots.template add<kRows>(
          field.batch, acc, row + (field.x0 + (field.xs.first + k) * attrs.dilation_w) * in_depth,
          taps + k * depth, channel_size, run);
  }
}

/// Calls store(batch, pixel, Rows, channel, acc) for all outputs, where acc[r] of channel + r is
/// what dots.add<kRows>(batch, acc, inputs, weights, step, n) made of the image's and the filters'
/// runs of n neighbours; kRows channels, whose weights are `step` apart.
template <class Isa, class Acc, class Attrs, class T, class In, class W, class Filter, class Out,
          class Dots, class Store>
MOTE_INLINE void convolve(const Attrs& attrs, TensorView<const T, In> in,
                          TensorView<const W, Filter> filter, const Out& out, Dots dots,
                          Store store) {
  const int channels = out[3], groups = in.shape[3] / filter.shape[3];
  const int channels_per_group = channels / groups;
  for (int b = 0; b < out[0]; ++b)
    for (int oy = 0; oy < out[1]; ++oy) {
      const int y0 = oy * attrs.stride_h - attrs.pad_top;
      const Taps ys = taps_inside(y0, attrs.dilation_h, filter.shape[1], in.shape[1]);
      for (int ox = 0; ox < out[2]; ++ox) {
        const int x0 = ox * attrs.stride_w - attrs.pad_left;
        const Taps xs = taps_inside(x0, attrs.dilation_w, filter.shape[2], in.shape[2]);
        const Field field = {.batch = b, .y0 = y0, .x0 = x0, .ys = ys, .xs = xs};
        const int pixel = (b * out[1] + oy) * out[2] + ox;
        for (int g = 0; g < groups; ++g) {
          const int end = (g + 1) * channels_per_group;
          for_rows<Isa>(g * channels_per_group, end, [&](auto rows, int c) {
            Acc acc[rows.count] = {};
            sum_of_taps<rows.count>(attrs, in, filter, field, g, c, dots, acc);
            store(b, pixel, rows, c, acc);
          });
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
  internal::convolve<Isa, int32_t>(
      attrs, in, filter, out.shape, internal::DotsOfBytes<Isa, Attrs>{attrs},
      [&](int, int pixel, auto rows, int c, const int32_t* acc) {
        for (int r = 0; r < rows.count; ++r)
          out.data[pixel * out.shape[3] + c + r] = rescale<int8_t>(attrs, acc[r], by, c + r);
      });
}

namespace internal {

template <class Isa, class Acc, class Attrs, class In, class Filter, class Out>
MOTE_INLINE void conv_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                             TensorView<const int8_t, Filter> filter, const BasicRescale<Acc>& by,
                             TensorView<int16_t, Out> out) {
  convolve<Isa, int64_t>(attrs, in, filter, out.shape, DotsOfWords<Isa>{},
                         [&](int, int pixel, auto rows, int c, const int64_t* acc) {
                           rescale_channels<Isa>(attrs, acc, by, c, rows.count,
                                                 out.data + pixel * out.shape[3] + c);
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
  internal::convolve<Isa, float>(attrs, in, filter, out.shape, internal::DotsOfFloats<Isa>{},
                                 [&](int, int pixel, auto rows, int c, const float* acc) {
                                   for (int r = 0; r < rows.count; ++r)
                                     out.data[pixel * out.shape[3] + c + r] =
                                         activate(attrs, acc[r] + bias.data[c + r]);
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
  internal::convolve<Isa, int32_t>(
      attrs, in, filter, out.shape, internal::DotsOfHybrid<Isa>{zero_point.data},
      [&](int b, int pixel, auto rows, int first, const int32_t* acc) {
        for (int r = 0; r < rows.count; ++r) {
          const int c = first + r;
          const float y =
              static_cast<float>(acc[r]) * (filter_scale.data[c] * scale.data[b]) + bias.data[c];
          out.data[pixel * out.shape[3] + c] = activate(attrs, y);
        }
      });
}

}  // namespace mote::kernels
