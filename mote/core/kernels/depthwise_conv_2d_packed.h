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
///   rows    [bytes]                           memory to work in: PackedRing's; none where nothing
///                                             lies outside of the image, and channels fill groups
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

/// The rows of the input that a filter sees, with what lies outside of the image: each is copied
/// once, into a ring. Its code is shared by all layers of a network.
struct WindowRows {
  int8_t* memory;                 ///< of the ring
  int slots, row_size;            ///< rows of the ring; bytes of one
  int left, inside;               ///< bytes of a row left of the image, and of the image
  int height, pitch;              ///< rows of the image, and bytes from one to the next
  int8_t outside;                 ///< what lies outside of the image
  const int8_t* image = nullptr;  ///< the present one's first row
  int next = 0, slot = 0;         ///< the row to copy next, and where to

  /// To be called once: what is left and right of the image stays so.
  void clear(int64_t bytes) { __builtin_memset(memory, outside, static_cast<size_t>(bytes)); }

  /// Begins at an image, so many rows above it.
  void start(const int8_t* first_row, int above) {
    image = first_row;
    next = -above;
  }

  /// Makes ready the rows of the window whose first is row y; windows come in ascending order.
  [[gnu::noinline]] void move_to(int y) {
    for (next = max_of(next, y); next < y + slots; ++next) {
      int8_t* to = memory + slot * row_size;
      if (next < 0 || next >= height)
        __builtin_memset(to, outside, static_cast<size_t>(row_size));
      else
        __builtin_memcpy(to + left, image + next * pitch, static_cast<size_t>(inside));
      if (++slot == slots) slot = 0;
    }
  }

  /// Where the row `at` behind the window's first begins.
  MOTE_INLINE const int8_t* row(int at) const {
    const int place = slot + at;
    return memory + (place < slots ? place : place - slots) * row_size;
  }
};

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void depthwise_packed(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                  const TensorView<const int32_t, Filter>& filter,
                                  const TensorView<int8_t, Rows>& rows,
                                  const TensorView<int8_t, Out>& out) {
  const int channels = in.shape[3], pitch = in.shape[2] * channels;
  const PackedRing ring(attrs, channels, out.shape[2]);
  WindowRows window = {
      .memory = rows.data,
      .slots = static_cast<int>(ring.rows),
      .row_size = static_cast<int>(ring.row_size),
      .left = attrs.pad_left * channels,
      .inside = min_of(in.shape[2], static_cast<int>(ring.columns) - attrs.pad_left) * channels,
      .height = in.shape[1],
      .pitch = pitch,
      .outside = static_cast<int8_t>(-attrs.input_offset)};
  const bool has_ring = rows.shape[0] > 0;  // else the input's own rows are all that is needed
  if (has_ring) window.clear(ring.bytes());
  const int8_t* taps[most_taps<Attrs>(&Attrs::filter_h)];
  isa::DepthwiseArgs args = {.taps = taps,
                             .filter = filter.data,
                             .out = out.data,
                             .tap_count = attrs.filter_h * attrs.filter_w,
                             .pixel_step = attrs.stride_w * channels,
                             .pixels = out.shape[2],
                             .channels = channels,
                             .filter_w = attrs.filter_w};
  for (int b = 0; b < out.shape[0]; ++b) {
    const int8_t* image = in.data + b * in.shape[1] * pitch;
    window.start(image, attrs.pad_top);
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      const int first = oy * attrs.stride_h - attrs.pad_top;
      if (has_ring) window.move_to(first);
      for (int ky = 0, i = 0; ky < attrs.filter_h; ++ky) {
        const int at = ky * attrs.dilation_h;
        const int8_t* row = has_ring ? window.row(at) : image + (first + at) * pitch;
        for (int kx = 0; kx < attrs.filter_w; ++kx)
          taps[i++] = row + kx * attrs.dilation_w * channels;
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
