#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/core/kernels/rescale.h"
#include "mote/core/kernels/window.h"

/// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int8 for instruction sets with tiles: the same
/// outputs as conv_2d_s8 and its relatives give, from filters that the compiler has packed.
///
///   in      [batch, height, width, depth]
///   filter  [panels, bytes of one]         packed as Isa::kLayout says; behind the last panel one
///                                          that sums inputs up, where filter_offset is not 0
///   by      four arrays, padded to whole panels
///   rows    [bytes]                        memory to work in: rows_bytes(); none where a row of
///   the
///                                          input can be read as it is
///   out     [batch, out height, out width, channels]
namespace mote::kernels {

template <class A>
concept TiledAttributes = WindowAttributes<A> && QuantizedOutput<A> && requires(A a) {
  a.filter_h;
  a.filter_w;
  a.fold;
  a.input_offset;
  a.filter_offset;
};

namespace internal {

/// The most taps of a filter, or rows of one; what has more is left to the kernels without tiles.
inline constexpr int kMaxRuns = 128;
/// What reads of whole registers may go beyond the last element.
inline constexpr int kRowSlack = 64;

/// Rows of the input as the filter sees them: with what lies outside of the image, which holds the
/// zero point. Keeps the last rows in a ring, so that each is copied once; or hands out the input's
/// own where nothing lies outside.
template <class Attrs, class In>
class PaddedRows {
 public:
  PaddedRows(const Attrs& attrs, const TensorView<const int8_t, In>& in, int out_w, int8_t* memory)
      : attrs_(attrs), in_(in), memory_(memory) {
    const int depth = in.shape[3];
    span_ = (attrs.filter_h - 1) * attrs.dilation_h + 1;
    const int columns = (out_w - 1) * attrs.stride_w + (attrs.filter_w - 1) * attrs.dilation_w + 1;
    bytes_ = columns * depth;
    inside_ = min_of(in.shape[2], columns - attrs.pad_left) * depth;
    if (!memory_) return;
    const int8_t zero_point = static_cast<int8_t>(-attrs.input_offset);
    const int count = (span_ + 1) * (bytes_ + kRowSlack);
    __builtin_memset(memory_, zero_point, static_cast<size_t>(count));
  }

  /// Begins at the first row of an image.
  void start(int batch) {
    image_ = in_.data + batch * in_.shape[1] * in_.shape[2] * in_.shape[3];
    next_ = 0;
  }

  /// The row y of the image, as far as the filter's first tap at the leftmost output. Rows are
  /// asked for in ascending windows of filter_h.
  const int8_t* row(int y) {
    const int row_bytes = in_.shape[2] * in_.shape[3];
    if (!memory_) return image_ + y * row_bytes;
    if (y < 0 || y >= in_.shape[1]) return slot(span_);
    for (next_ = max_of(next_, y - span_ + 1); next_ <= y; ++next_)
      copy(slot(next_ % span_) + attrs_.pad_left * in_.shape[3], image_ + next_ * row_bytes);
    return slot(y % span_);
  }

 private:
  int8_t* slot(int i) const { return memory_ + i * (bytes_ + kRowSlack); }
  void copy(int8_t* to, const int8_t* from) const {
    __builtin_memcpy(to, from, static_cast<size_t>(inside_));
  }

  const Attrs& attrs_;
  TensorView<const int8_t, In> in_;
  int8_t* memory_;
  const int8_t* image_ = nullptr;
  int span_ = 0, bytes_ = 0, inside_ = 0, next_ = 0;
};

}  // namespace internal

/// Bytes of the operand `rows` for an output of width `out_w`.
template <TiledAttributes Attrs>
constexpr int64_t tiled_rows_bytes(const Attrs& attrs, int depth, int out_w) {
  const int64_t columns =
      int64_t{out_w - 1} * attrs.stride_w + int64_t{attrs.filter_w - 1} * attrs.dilation_w + 1;
  const int64_t span = int64_t{attrs.filter_h - 1} * attrs.dilation_h + 1;
  return (span + 1) * (columns * depth + internal::kRowSlack);
}

namespace internal {

/// Whether all taps of a filter's row are neighbours: then the row is one run.
template <class Attrs>
MOTE_INLINE bool is_row_dense(const Attrs& attrs) {
  return attrs.dilation_w == 1;
}

/// Where each run of the leftmost output's inputs begins, for output row `oy`.
template <class Attrs, class Rows>
MOTE_INLINE int find_runs(const Attrs& attrs, Rows& rows, int oy, int depth, bool by_taps,
                          const int8_t** runs) {
  int count = 0;
  for (int ky = 0; ky < attrs.filter_h; ++ky) {
    const int8_t* row = rows.row(oy * attrs.stride_h - attrs.pad_top + ky * attrs.dilation_h);
    if (!by_taps) {
      runs[count++] = row;
      continue;
    }
    for (int kx = 0; kx < attrs.filter_w; ++kx) runs[count++] = row + kx * attrs.dilation_w * depth;
  }
  return count;
}

/// The pixels of one output row by kPanels panels, as many at a time as registers hold. What is
/// left at the end is computed together with pixels that are there already: that costs nothing, and
/// needs no code of its own.
template <class Isa, int kPanels, bool kSingle, bool kFilterOffset>
MOTE_INLINE void tile_row(isa::TileArgs args, int pixels) {
  constexpr int kRows = Isa::rows_of(kPanels);
  const int8_t* runs[kMaxRuns];
  const int8_t* const* first_runs = args.runs;
  int8_t* first_out = args.out;
  const auto go_to = [&](int x) {
    for (int i = 0; i < args.run_count; ++i) runs[i] = first_runs[i] + x * args.pixel_stride;
    args.runs = runs;
    args.out = first_out + x * args.out_stride;
  };
  int x = 0;
  for (; x + kRows <= pixels; x += kRows) {
    go_to(x);
    Isa::template tile<kRows, kPanels, kSingle, kFilterOffset>(args);
  }
  if (x == pixels) return;
  if (pixels >= kRows) {
    go_to(pixels - kRows);
    Isa::template tile<kRows, kPanels, kSingle, kFilterOffset>(args);
    return;
  }
  for (; x + 4 <= pixels; x += 4) {
    go_to(x);
    Isa::template tile<4, kPanels, kSingle, kFilterOffset>(args);
  }
  for (; x < pixels; ++x) {
    go_to(x);
    Isa::template tile<1, kPanels, kSingle, kFilterOffset>(args);
  }
}

/// Goes on to the channels behind the next `panels` panels, whose filters have `bytes`.
template <class Isa>
MOTE_INLINE void advance(isa::TileArgs& args, int panels, int bytes) {
  const int channels = panels * Isa::kLayout.columns;
  args.filter += bytes;
  args.out += channels;
  args.by.bias += channels;
  args.by.multiplier += channels;
  args.by.addend += channels;
  args.by.shift += channels;
}

/// All channels of one output row.
template <class Isa, bool kSingle, bool kFilterOffset>
MOTE_INLINE void tile_channels(isa::TileArgs args, int pixels, int channels) {
  constexpr int kColumns = Isa::kLayout.columns, kMost = Isa::kMaxPanels;
  const int panels = Isa::kLayout.panels(channels);
  for (int p = 0; p < panels;) {
    const int n = min_of(kMost, panels - p);
    args.channels = channels - p * kColumns;
    if constexpr (kMost >= 4)
      if (n == 4) tile_row<Isa, 4, kSingle, kFilterOffset>(args, pixels);
    if constexpr (kMost >= 3)
      if (n == 3) tile_row<Isa, 3, kSingle, kFilterOffset>(args, pixels);
    if (n == 2) tile_row<Isa, 2, kSingle, kFilterOffset>(args, pixels);
    if (n == 1) tile_row<Isa, 1, kSingle, kFilterOffset>(args, pixels);
    p += n;
    advance<Isa>(args, n, n * args.panel_bytes);
  }
}

/// Depthwise: `pixels` pixels of one output row, a block of panels at a time. Of the channels,
/// args.channels are stored.
template <class Isa, int kPanels, bool kSingle, bool kFilterOffset>
MOTE_INLINE void depthwise_block(const isa::TileArgs& args, int pixels, bool slides) {
  if constexpr (Isa::kSlides && !kFilterOffset)
    if (slides && args.steps == 3)
      return Isa::template depthwise_sliding<kPanels, kSingle>(args, pixels);
  Isa::template depthwise<kPanels, kSingle, kFilterOffset>(args, pixels);
}

template <class Isa, bool kSingle, bool kFilterOffset>
MOTE_INLINE void depthwise_row(isa::TileArgs args, int pixels, int panels, bool slides) {
  constexpr int kColumns = Isa::kLayout.columns, kMost = Isa::kLayout.depthwise_panels;
  const int8_t* runs[kMaxRuns];
  const int8_t* const* first_runs = args.runs;
  args.runs = runs;
  for (int c = 0; panels > 0 && args.channels > 0;) {
    for (int i = 0; i < args.run_count; ++i) runs[i] = first_runs[i] + c;
    const int n = isa::depthwise_block(Isa::kLayout, panels);
    if constexpr (kMost >= 4)
      if (n == 4) depthwise_block<Isa, 4, kSingle, kFilterOffset>(args, pixels, slides);
    if constexpr (kMost >= 2)
      if (n == 2) depthwise_block<Isa, 2, kSingle, kFilterOffset>(args, pixels, slides);
    if (n == 1) depthwise_block<Isa, 1, kSingle, kFilterOffset>(args, pixels, slides);
    panels -= n;
    c += n * kColumns;
    args.channels -= n * kColumns;
    advance<Isa>(args, n, n * Isa::kLayout.step_bytes());
  }
}

/// Depthwise: one output row, in which `fold` pixels may count as one of so many times the
/// channels.
template <class Isa, bool kSingle, bool kFilterOffset>
MOTE_INLINE void depthwise_row_folded(isa::TileArgs args, int pixels, int channels, int fold,
                                      bool slides) {
  const int panels = Isa::kLayout.panels(channels * fold);
  if (fold == 1) {
    args.channels = channels;
    return depthwise_row<Isa, kSingle, kFilterOffset>(args, pixels, panels, slides);
  }
  args.pixel_stride = args.out_stride = args.channels = channels * fold;
  const int whole = pixels / fold, done = whole * channels * fold;
  depthwise_row<Isa, kSingle, kFilterOffset>(args, whole, panels, false);
  args.channels = pixels % fold * channels;
  if (args.channels == 0) return;
  const int8_t* runs[kMaxRuns];
  for (int i = 0; i < args.run_count; ++i) runs[i] = args.runs[i] + done;
  args.runs = runs;
  args.out += done;
  depthwise_row<Isa, kSingle, kFilterOffset>(args, 1, panels, false);
}

/// Calls row(args, pixels) for each output row, args.runs and args.out being set.
template <class Attrs, class In, class Out, class Row>
MOTE_INLINE void convolve_tiled(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                int8_t* memory, bool by_taps, isa::TileArgs args,
                                const TensorView<int8_t, Out>& out, Row row) {
  const int8_t* runs[kMaxRuns];
  PaddedRows<Attrs, In> rows(attrs, in, out.shape[2], memory);
  args.runs = runs;
  args.pixel_stride = attrs.stride_w * in.shape[3];
  args.out_stride = out.shape[3];
  args.filter_offset = attrs.filter_offset;
  args.output_offset = attrs.output_offset;
  args.act_min = attrs.act_min;
  args.act_max = attrs.act_max;
  for (int b = 0; b < out.shape[0]; ++b) {
    rows.start(b);
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      args.run_count = find_runs(attrs, rows, oy, in.shape[3], by_taps, runs);
      args.out = out.data + (b * out.shape[1] + oy) * out.shape[2] * out.shape[3];
      row(args);
    }
  }
}

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void conv_2d_tiled(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                               const TensorView<const int8_t, Filter>& filter,
                               const isa::TileRescale& by, const TensorView<int8_t, Rows>& rows,
                               const TensorView<int8_t, Out>& out) {
  const bool dense = is_row_dense(attrs);
  const int run = dense ? attrs.filter_w * in.shape[3] : in.shape[3];
  const int panels = Isa::kLayout.panels(out.shape[3]), panel_bytes = filter.shape[1];
  const isa::TileArgs args = {.steps = Isa::kLayout.steps(run),
                              .filter = filter.data,
                              .panel_bytes = panel_bytes,
                              .ones = filter.data + panels * panel_bytes,
                              .by = by};
  convolve_tiled(attrs, in, rows.shape[0] > 0 ? rows.data : nullptr, !dense, args, out,
                 [&](const isa::TileArgs& row) {
                   if (kSingle || attrs.filter_offset == 0)
                     tile_channels<Isa, kSingle, false>(row, out.shape[2], out.shape[3]);
                   else
                     tile_channels<Isa, false, true>(row, out.shape[2], out.shape[3]);
                 });
}

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void depthwise_tiled(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                 const TensorView<const int8_t, Filter>& filter,
                                 const isa::TileRescale& by, const TensorView<int8_t, Rows>& rows,
                                 const TensorView<int8_t, Out>& out) {
  const isa::DepthwiseTaps taps = {attrs.filter_h, attrs.filter_w, Isa::kLayout.depth};
  const int channels = out.shape[3], panels = Isa::kLayout.panels(channels * attrs.fold);
  const int panel_bytes = panels * Isa::kLayout.step_bytes();  // from one step to the next
  const bool slides = attrs.stride_w == 1 && attrs.dilation_w == 1 && taps.by_columns();
  const isa::TileArgs args = {.steps = taps.steps(),
                              .filter = filter.data,
                              .panel_bytes = panel_bytes,
                              .ones = filter.data + taps.steps() * panel_bytes,
                              .by = by};
  const auto compute = [&](isa::TileArgs row) {
    // In the order in which taps are packed; where a step has fewer, weights are zero.
    const int8_t* runs[kMaxRuns];
    const int count = row.steps * Isa::kLayout.depth;
    for (int i = 0; i < count; ++i) runs[i] = row.runs[0];
    for (int ky = 0; ky < attrs.filter_h; ++ky)
      for (int kx = 0; kx < attrs.filter_w; ++kx)
        runs[taps.place(ky, kx)] = row.runs[ky * attrs.filter_w + kx];
    row.runs = runs;
    row.run_count = count;
    if (kSingle || attrs.filter_offset == 0)
      depthwise_row_folded<Isa, kSingle, false>(row, out.shape[2], channels, attrs.fold, slides);
    else
      depthwise_row_folded<Isa, false, true>(row, out.shape[2], channels, attrs.fold, slides);
  };
  convolve_tiled(attrs, in, rows.shape[0] > 0 ? rows.data : nullptr, true, args, out, compute);
}

}  // namespace internal

/// One rounding: TileRescale's `single`; attrs.filter_offset is 0.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_tiled_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                      TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                      TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::conv_2d_tiled<Isa, true>(attrs, in, filter, by, rows, out);
}

/// Two roundings: TileRescale's `exact`.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_tiled_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                            TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                            TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::conv_2d_tiled<Isa, false>(attrs, in, filter, by, rows, out);
}

/// As many output channels as inputs; filter [steps, panels, bytes of a step], packed as
/// DepthwiseTaps and depthwise_place() say. With attrs.fold > 1, which wants stride 1 and channels
/// that fill a block when so many pixels are taken together, they are packed for that block.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_tiled_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                                TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::depthwise_tiled<Isa, true>(attrs, in, filter, by, rows, out);
}

template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_tiled_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                      TensorView<const int8_t, Filter> filter,
                                      const isa::TileRescale& by, TensorView<int8_t, Rows> rows,
                                      TensorView<int8_t, Out> out) {
  internal::depthwise_tiled<Isa, false>(attrs, in, filter, by, rows, out);
}

}  // namespace mote::kernels
