#pragma once

#include <stddef.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/conv_2d_packed.h"
#include "mote/core/kernels/isa/packed.h"

/// DEPTHWISE_CONV_2D on int8 for small processors: the same outputs as depthwise_conv_2d_s8 gives,
/// from streams that the compiler has packed.
///
///   in      [batch, height, width, channels]
///   filter  [words]                           Isa::kPacked's stream
///   rows    [bytes]                           memory to work in: PackedRing's
///   out     [batch, out height, out width, channels]
namespace mote::kernels {

/// The rows of the input that a filter spans, with what lies outside of the image, as a ring.
struct PackedRing {
  /// What is read beyond the last row: whole words, or eight channels.
  static constexpr int kSlack = 8;

  ptrdiff_t columns, rows, row_size;

  template <PackedAttributes Attrs>
  constexpr PackedRing(const Attrs& a, int channels, int out_w)
      : columns(ptrdiff_t{out_w - 1} * a.stride_w + ptrdiff_t{a.filter_w - 1} * a.dilation_w + 1),
        rows(ptrdiff_t{a.filter_h - 1} * a.dilation_h + 1),
        row_size(columns * channels) {}

  constexpr int64_t bytes() const { return int64_t{rows} * row_size + kSlack; }
};

namespace internal {

/// The most taps of a filter.
inline constexpr int kMaxPackedTaps = 128;

/// Taps of a filter that is known when this is compiled; else the most that there may be.
template <class Attrs>
constexpr int most_taps(const int*) {
  return Attrs::filter_h * Attrs::filter_w;
}
template <class Attrs>
constexpr int most_taps(int Attrs::*) {
  return kMaxPackedTaps;
}

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void depthwise_packed(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                  const TensorView<const int32_t, Filter>& filter,
                                  const TensorView<int8_t, Rows>& rows,
                                  const TensorView<int8_t, Out>& out) {
  const int height = in.shape[1], width = in.shape[2], channels = in.shape[3];
  const PackedRing ring(attrs, channels, out.shape[2]);
  const int slots = static_cast<int>(ring.rows), row_size = static_cast<int>(ring.row_size);
  const int columns = static_cast<int>(ring.columns);
  const int inside = min_of(width, columns - attrs.pad_left);
  const int8_t* taps[most_taps<Attrs>(&Attrs::filter_h)];
  isa::DepthwiseArgs args = {.taps = taps,
                             .filter = filter.data,
                             .out = out.data,
                             .tap_count = attrs.filter_h * attrs.filter_w,
                             .pixel_step = attrs.stride_w * channels,
                             .pixels = out.shape[2],
                             .channels = channels,
                             .filter_w = attrs.filter_w};
  __builtin_memset(rows.data, -attrs.input_offset, static_cast<size_t>(ring.bytes()));
  for (int b = 0; b < out.shape[0]; ++b) {
    const int8_t* image = in.data + b * height * width * channels;
    int next = -attrs.pad_top, slot = 0;  // the row to copy next, and where to
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      const int first = oy * attrs.stride_h - attrs.pad_top;
      for (next = max_of(next, first); next < first + slots; ++next) {
        int8_t* to = rows.data + slot * row_size;
        if (next < 0 || next >= height)
          __builtin_memset(to, -attrs.input_offset, static_cast<size_t>(row_size));
        else
          __builtin_memcpy(to + attrs.pad_left * channels, image + next * width * channels,
                           static_cast<size_t>(inside * channels));
        if (++slot == slots) slot = 0;
      }
      // A row that was outside of the image before left its own sides as they must be.
      for (int ky = 0, row = slot, i = 0; ky < attrs.filter_h; ++ky) {
        for (int kx = 0; kx < attrs.filter_w; ++kx)
          taps[i++] = rows.data + row * row_size + kx * attrs.dilation_w * channels;
        row += attrs.dilation_h;
        if (row >= slots) row -= slots;
      }
      Isa::template depthwise<kSingle>(args);
      clamp_outputs(attrs, args.out, args.pixels * channels);
      args.out += args.pixels * channels;
    }
  }
}

}  // namespace internal

/// One rounding: packed_rescale()'s `single`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_packed_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                 TensorView<const int32_t, Filter> filter,
                                 TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::depthwise_packed<Isa, true>(attrs, in, filter, rows, out);
}

/// Two roundings: packed_rescale()'s `short`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_packed_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                       TensorView<const int32_t, Filter> filter,
                                       TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::depthwise_packed<Isa, false>(attrs, in, filter, rows, out);
}

}  // namespace mote::kernels
