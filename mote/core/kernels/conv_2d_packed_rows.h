#pragma once

#include <stddef.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/conv_2d_packed.h"
#include "mote/core/kernels/isa/packed.h"

/// CONV_2D on int8 for small processors, of few inputs: first layers. The same outputs as
/// conv_2d_s8 gives, from streams that the compiler has packed.
///
///   in      [batch, height, width, depth]     stride_w * depth is even, dilations are 1
///   filter  [words]                           Isa::kPacked's stream, weights by row_place()
///   rows    [words]                           memory to work in: ExpandedRing's
///   out     [batch, out height, out width, channels]
///
/// Where windows are whole pairs of inputs apart, pairs are the same for all that see them: each
/// row of the input becomes pairs of 16 bits once, with what lies outside of the image, and windows
/// are multiplied where they lie.
namespace mote::kernels {

/// The rows of the input that a filter spans, as pairs of 16 bits.
struct ExpandedRing {
  int step;       ///< words from one window to the next
  int words;      ///< of a window's row
  int row_words;  ///< of a row
  int rows;
  int slack;  ///< words beyond the last row that are read for pixels that there are not

  template <PackedAttributes Attrs>
  constexpr ExpandedRing(const Attrs& a, int depth, int out_w, int pixels)
      : step(a.stride_w * depth / 2),
        words((a.filter_w * depth + 1) / 2),
        row_words((out_w - 1) * step + words),
        rows(a.filter_h),
        slack((pixels - 1 - (out_w - 1) % pixels) * step) {}

  constexpr int size() const { return rows * row_words + slack; }
};

namespace internal {

/// The ring while a layer runs.
struct ExpandedRows {
  int16_t* memory;                ///< of the ring
  int slots, row_size;            ///< rows of the ring; inputs of one
  int left, inside;               ///< inputs of a row left of the image, and of the image
  int height, pitch;              ///< rows of the image, and bytes from one to the next
  int8_t outside;                 ///< what lies outside of the image
  const int8_t* image = nullptr;  ///< the present one's first row
  int next = 0, slot = 0;         ///< the row to expand next, and where to

  static void fill(int16_t* to, int16_t value, int n) {
    for (int i = 0; i < n; ++i) to[i] = value;
  }
  /// To be called once: what is left and right of the image stays so.
  void clear(int words) { fill(memory, outside, words * 2); }

  /// Begins at an image, so many rows above it.
  void start(const int8_t* first_row, int above) {
    image = first_row;
    next = -above;
  }

  /// Makes ready the rows of the window whose first is row y; windows come in ascending order.
  template <class Isa>
  void move_to(int y) {
    for (next = max_of(next, y); next < y + slots; ++next) {
      int16_t* to = memory + slot * row_size + left;
      if (next < 0 || next >= height)
        fill(to, outside, inside);
      else
        Isa::expand(to, image + next * pitch, inside);
      if (++slot == slots) slot = 0;
    }
  }
};

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void conv_2d_packed_rows(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                     const TensorView<const int32_t, Filter>& filter,
                                     const TensorView<int32_t, Rows>& rows,
                                     const TensorView<int8_t, Out>& out) {
  constexpr int kPixels = Isa::kPacked.pixels;
  const int depth = in.shape[3], pitch = in.shape[2] * depth, channels = out.shape[3];
  const ExpandedRing ring(attrs, depth, out.shape[2], kPixels);
  const int left = attrs.pad_left * depth;
  ExpandedRows window = {.memory = reinterpret_cast<int16_t*>(rows.data),
                         .slots = ring.rows,
                         .row_size = ring.row_words * 2,
                         .left = left,
                         .inside = min_of(pitch, ring.row_words * 2 - left),
                         .height = in.shape[1],
                         .pitch = pitch,
                         .outside = static_cast<int8_t>(-attrs.input_offset)};
  window.clear(ring.size());
  isa::RowProductArgs args = {.rows = rows.data,
                              .filter = filter.data,
                              .out = out.data,
                              .channels = channels,
                              .pixels = kPixels,
                              .words = ring.words,
                              .row_bytes = ring.row_words * 4,
                              .ring_bytes = ring.rows * ring.row_words * 4,
                              .end = rows.data};
  for (int b = 0; b < out.shape[0]; ++b) {
    window.start(in.data + b * in.shape[1] * pitch, attrs.pad_top);
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      window.move_to<Isa>(oy * attrs.stride_h - attrs.pad_top);
      int8_t* const row = args.out;
      for (int ox = 0; ox < out.shape[2]; ox += kPixels) {
        args.pixels = min_of(kPixels, out.shape[2] - ox);
        args.rows = rows.data + window.slot * ring.row_words + ox * ring.step;
        args.end = rows.data + ring.rows * ring.row_words + ox * ring.step;
        Isa::template row_products<kSingle>(args, ring.step);
        args.out += args.pixels * channels;
      }
      clamp_outputs(attrs, row, out.shape[2] * channels);
    }
  }
}

}  // namespace internal

/// One rounding: packed_rescale()'s `single`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_packed_rows_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                            TensorView<const int32_t, Filter> filter,
                            TensorView<int32_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::conv_2d_packed_rows<Isa, true>(attrs, in, filter, rows, out);
}

/// Two roundings: packed_rescale()'s `short`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_packed_rows_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                  TensorView<const int32_t, Filter> filter,
                                  TensorView<int32_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::conv_2d_packed_rows<Isa, false>(attrs, in, filter, rows, out);
}

}  // namespace mote::kernels
