#pragma once

#include "mote/core/kernels/dots.h"
#include "mote/core/kernels/rescale.h"

/// TRANSPOSE_CONV: each input pixel paints the filter, times its value, into the output, `stride`
/// pixels further for each pixel of the input.
///
///   in      [batch, height, width, depth]                      NHWC
///   filter  [channels, filter height, filter width, depth]     OHWI
///   out     [batch, out height, out width, channels]
///
/// Computed output by output, so that it needs no memory for sums. Inputs contribute in row-major
/// order, as in the reference.
namespace mote::kernels {

template <class A>
concept TransposeConvGeometry = requires(A a) {
  a.stride_h;
  a.stride_w;
  a.pad_top;
  a.pad_left;
};
template <class A>
concept TransposeConvAttributes = TransposeConvGeometry<A> && QuantizedOutput<A> && requires(A a) {
  a.input_offset;
  a.filter_offset;
};
template <class A>
concept TransposeConvFloatAttributes = TransposeConvGeometry<A> && FloatOutput<A>;

namespace internal {

/// The input positions [first, end) whose painted filters cover one output position.
struct Painters {
  int first, end;
};

/// Along one axis: input i covers [i * stride - pad, i * stride - pad + taps).
MOTE_INLINE Painters painters_of(int position, int stride, int pad, int taps, int size) {
  const int last = (position + pad) / stride;
  const int before = position + pad - taps;  // the last position that taps do not reach
  const int first = before < 0 ? 0 : before / stride + 1;
  return {first, min_of(last + 1, size)};
}

/// Calls store(pixel, Rows, channel, acc) for all outputs; acc and `dots` as of convolve().
template <class Isa, class Acc, class Attrs, class T, class In, class W, class Filter, class Out,
          class Dots, class Store>
MOTE_INLINE void convolve_transposed(const Attrs& attrs, TensorView<const T, In> in,
                                     TensorView<const W, Filter> filter, const Out& out, Dots dots,
                                     Store store) {
  const int height = in.shape[1], width = in.shape[2], depth = in.shape[3];
  const int filter_h = filter.shape[1], filter_w = filter.shape[2];
  const int channel_size = filter_h * filter_w * depth;
  for (int b = 0; b < out[0]; ++b)
    for (int oy = 0; oy < out[1]; ++oy) {
      const Painters ys = painters_of(oy, attrs.stride_h, attrs.pad_top, filter_h, height);
      for (int ox = 0; ox < out[2]; ++ox) {
        const Painters xs = painters_of(ox, attrs.stride_w, attrs.pad_left, filter_w, width);
        const int pixel = (b * out[1] + oy) * out[2] + ox;
        for_rows<Isa>(0, out[3], [&](auto rows, int c) {
          Acc acc[rows.count] = {};
          for (int y = ys.first; y < ys.end; ++y)
            for (int x = xs.first; x < xs.end; ++x) {
              const int ky = oy + attrs.pad_top - y * attrs.stride_h;
              const int kx = ox + attrs.pad_left - x * attrs.stride_w;
              dots.template add<rows.count>(
                  b, acc, in.data + ((b * height + y) * width + x) * depth,
                  filter.data + c * channel_size + (ky * filter_w + kx) * depth, channel_size,
                  depth);
            }
          store(pixel, rows, c, acc);
        });
      }
    }
}

}  // namespace internal

/// int8:  out = act(requantize(bias + sum (in + input_offset) * (filter + filter_offset)))
template <class Isa, TransposeConvAttributes Attrs, class In, class Filter, class Out>
void transpose_conv_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<const int8_t, Filter> filter, const Rescale& by,
                       TensorView<int8_t, Out> out) {
  internal::convolve_transposed<Isa, int32_t>(
      attrs, in, filter, out.shape, internal::DotsOfBytes<Isa, Attrs>{attrs},
      [&](int pixel, auto rows, int c, const int32_t* acc) {
        for (int r = 0; r < rows.count; ++r)
          out.data[pixel * out.shape[3] + c + r] = rescale<int8_t>(attrs, acc[r], by, c + r);
      });
}

/// 16-bit activations, 8-bit filter, both symmetric (offsets 0); 64-bit bias and sums.
template <class Isa, TransposeConvAttributes Attrs, class In, class Filter, class Out>
void transpose_conv_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                        TensorView<const int8_t, Filter> filter, const Rescale64& by,
                        TensorView<int16_t, Out> out) {
  internal::convolve_transposed<Isa, int64_t>(
      attrs, in, filter, out.shape, internal::DotsOfWords<Isa>{},
      [&](int pixel, auto rows, int c, const int64_t* acc) {
        rescale_channels<Isa>(attrs, acc, by, c, rows.count, out.data + pixel * out.shape[3] + c);
      });
}

/// float32:  out = act(sum in * filter + bias)
template <class Isa, TransposeConvFloatAttributes Attrs, class In, class Filter, class Bias,
          class Out>
void transpose_conv_f32(const Attrs& attrs, TensorView<const float, In> in,
                        TensorView<const float, Filter> filter, TensorView<const float, Bias> bias,
                        TensorView<float, Out> out) {
  internal::convolve_transposed<Isa, float>(
      attrs, in, filter, out.shape, internal::DotsOfFloats<Isa>{},
      [&](int pixel, auto rows, int c, const float* acc) {
        for (int r = 0; r < rows.count; ++r)
          out.data[pixel * out.shape[3] + c + r] = activate(attrs, acc[r] + bias.data[c + r]);
      });
}

}  // namespace mote::kernels
