#pragma once

#include <stdint.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/core/kernels/tiled_rows.h"

/// DEPTHWISE_CONV_2D on int8 for instruction sets with tiles: the same outputs as
/// depthwise_conv_2d_s8 gives, from filters that the compiler has packed.
///
///   in      [batch, height, width, channels]
///   filter  [steps, panels, bytes of a step]  packed as DepthwiseTaps and depthwise_place() say,
///                                             for channels * attrs.fold channels
///   by      four arrays, padded to whole panels
///   rows    [bytes]                           memory to work in, RowLayout's; none where rows of
///                                             the input can be read as they are
///   out     [batch, out height, out width, channels]
///
/// attrs.phases is the horizontal stride, or 1. With attrs.fold > 1, which wants phases to be the
/// stride, and channels that fill a block when so many pixels are taken together, these count as
/// one pixel.
namespace mote::kernels {
namespace internal {

/// Depthwise: `pixels` pixels of one output row, a block of panels at a time. Of the channels,
/// args.channels are stored.
template <class Isa, int kPanels, bool kSingle, bool kFilterOffset>
MOTE_INLINE void depthwise_block(const isa::TileArgs& args, int pixels, bool slides) {
  if constexpr (Isa::kSlides && kPanels > 1 && !kFilterOffset)
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

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void depthwise_tiled(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                 const TensorView<const int8_t, Filter>& filter,
                                 const isa::TileRescale& by, const TensorView<int8_t, Rows>& rows,
                                 const TensorView<int8_t, Out>& out) {
  const isa::DepthwiseTaps taps = {attrs.filter_h, attrs.filter_w, Isa::kLayout.depth};
  const int channels = out.shape[3], panels = Isa::kLayout.panels(channels * attrs.fold);
  const int panel_bytes = panels * Isa::kLayout.step_bytes();  // from one step to the next
  const bool slides = attrs.stride_w == 1 && attrs.dilation_w == 1 && taps.by_columns();
  const RowLayout layout(attrs, in.shape[1], channels, out.shape[1], out.shape[2]);
  isa::TileArgs args = {.steps = taps.steps(),
                        .pixel_stride = attrs.stride_w / attrs.phases * channels,
                        .filter = filter.data,
                        .panel_bytes = panel_bytes,
                        .ones = filter.data + taps.steps() * panel_bytes,
                        .by = by};
  set_terms(attrs, args);
  // In the order in which taps are packed; where a step has fewer, weights are zero.
  Runs runs;
  for (int i = 0; i < taps.steps() * Isa::kLayout.depth; ++i) runs.add(0, 0);
  for (int ky = 0; ky < attrs.filter_h; ++ky)
    for (int kx = 0; kx < attrs.filter_w; ++kx) {
      runs.row[taps.place(ky, kx)] = ky;
      runs.offset[taps.place(ky, kx)] = layout.place(kx * attrs.dilation_w, attrs.phases, channels);
    }
  for_each_row<Isa>(attrs, in, layout, rows.shape[0] > 0 ? rows.data : nullptr, runs, args, out,
                    [&](const isa::TileArgs& row) {
                      const auto compute = [&]<bool kOnes>() {
                        depthwise_row_folded<Isa, kSingle, kOnes>(row, out.shape[2], channels,
                                                                  attrs.fold, slides);
                      };
                      with_ones<Isa, kSingle>(attrs, compute);
                    });
}

}  // namespace internal

/// One rounding: TileRescale's `single`; attrs.filter_offset is 0.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_tiled_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                                TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::depthwise_tiled<Isa, true>(attrs, in, filter, by, rows, out);
}

/// Two roundings: TileRescale's `exact`.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void depthwise_conv_2d_tiled_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                      TensorView<const int8_t, Filter> filter,
                                      const isa::TileRescale& by, TensorView<int8_t, Rows> rows,
                                      TensorView<int8_t, Out> out) {
  internal::depthwise_tiled<Isa, false>(attrs, in, filter, by, rows, out);
}

}  // namespace mote::kernels
