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
/// once, into a ring. Without memory for that, the input's own rows are handed out.
template <class Attrs, class In>
class WindowRows {
 public:
  MOTE_INLINE WindowRows(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                         const PackedRing& ring, int8_t* memory)
      : attrs_(attrs),
        in_(in),
        slots_(static_cast<int>(ring.rows)),
        row_size_(static_cast<int>(ring.row_size)),
        inside_(min_of(in.shape[2], static_cast<int>(ring.columns) - attrs.pad_left) * in.shape[3]),
        memory_(memory) {
    if (memory) fill(memory, static_cast<int>(ring.bytes()));
  }

  /// Begins at the first row of an image.
  MOTE_INLINE void start(int batch) {
    image_ = in_.data + batch * in_.shape[1] * in_.shape[2] * in_.shape[3];
    next_ = -attrs_.pad_top;
  }

  /// Makes ready the rows of the window whose first is row y; windows come in ascending order.
  MOTE_INLINE void move_to(int y) {
    first_ = y;
    if (!memory_) return;
    for (next_ = max_of(next_, y); next_ < y + slots_; ++next_) {
      int8_t* to = memory_ + slot_ * row_size_;
      // A row that was outside of the image before left its own sides as they must be.
      if (next_ < 0 || next_ >= in_.shape[1])
        fill(to, row_size_);
      else
        __builtin_memcpy(to + attrs_.pad_left * in_.shape[3],
                         image_ + next_ * in_.shape[2] * in_.shape[3],
                         static_cast<size_t>(inside_));
      if (++slot_ == slots_) slot_ = 0;
    }
  }

  /// Where row `ky` of the filter begins.
  MOTE_INLINE const int8_t* row(int ky) const {
    const int at = ky * attrs_.dilation_h;
    if (!memory_) return image_ + (first_ + at) * in_.shape[2] * in_.shape[3];
    const int slot = slot_ + at;
    return memory_ + (slot < slots_ ? slot : slot - slots_) * row_size_;
  }

 private:
  MOTE_INLINE void fill(int8_t* to, int bytes) const {
    __builtin_memset(to, -attrs_.input_offset, static_cast<size_t>(bytes));
  }

  const Attrs& attrs_;
  TensorView<const int8_t, In> in_;
  int slots_, row_size_, inside_;
  int8_t* memory_;
  const int8_t* image_ = nullptr;
  int first_ = 0, next_ = 0, slot_ = 0;  // of the window; to copy next, and where to
};

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void depthwise_packed(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                  const TensorView<const int32_t, Filter>& filter,
                                  const TensorView<int8_t, Rows>& rows,
                                  const TensorView<int8_t, Out>& out) {
  const int channels = in.shape[3];
  WindowRows<Attrs, In> window(attrs, in, PackedRing(attrs, channels, out.shape[2]),
                               rows.shape[0] > 0 ? rows.data : nullptr);
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
    window.start(b);
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      window.move_to(oy * attrs.stride_h - attrs.pad_top);
      for (int ky = 0, i = 0; ky < attrs.filter_h; ++ky)
        for (int kx = 0; kx < attrs.filter_w; ++kx)
          taps[i++] = window.row(ky) + kx * attrs.dilation_w * channels;
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
