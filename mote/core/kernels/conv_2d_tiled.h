#pragma once

#include <stdint.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/core/kernels/tiled_rows.h"

/// CONV_2D and FULLY_CONNECTED on int8 for instruction sets with tiles: the same outputs as
/// conv_2d_s8 and fully_connected_s8 give, from filters that the compiler has packed.
///
///   in      [batch, height, width, depth]
///   filter  [panels, bytes of one]         packed as Isa::kLayout says; behind the last panel one
///                                          that sums inputs up, where TileLayout::has_ones()
///   by      four arrays, padded to whole panels
///   rows    [bytes]                        memory to work in, RowLayout's; none where rows of the
///                                          input can be read as they are
///   out     [batch, out height, out width, channels]
namespace mote::kernels {
namespace internal {

/// The pixels of one output row by kPanels panels, in as few tiles as registers allow, of the same
/// size. The last begins where it ends with the row: what is computed twice costs nothing that a
/// smaller tile would save, and needs no code of its own.
template <class Isa, int kPanels, bool kSingle, bool kFilterOffset>
MOTE_INLINE void tile_row(isa::TileArgs args, int pixels) {
  // Of some instruction sets tiles work on pairs of pixels. Asymmetric filters want registers of
  // their own.
  constexpr int kAll = Isa::rows_of(kPanels), kMost = kAll * 5 / 6;
  constexpr int kSome = kAll >= 4 ? kAll / 3 * 2 : 1;
  constexpr int kRows = kFilterOffset ? kSome : kAll;
  constexpr bool kHasMost = kPanels > 1 && Isa::kMaxPanels >= 4 && !kFilterOffset;
  const int8_t* runs[kMaxRuns];
  const int8_t* const* first_runs = args.runs;
  int8_t* first_out = args.out;
  args.runs = runs;
  const auto cover = [&]<int kSize>() {
    for (int x = 0;; x = min_of(x + kSize, pixels - kSize)) {
      for (int i = 0; i < args.run_count; ++i) runs[i] = first_runs[i] + x * args.pixel_stride;
      args.out = first_out + x * args.out_stride;
      Isa::template tile<kSize, kPanels, kSingle, kFilterOffset>(args);
      if (x + kSize == pixels) return;
    }
  };
  const int tiles = (pixels + kRows - 1) / kRows, size = (pixels + tiles - 1) / tiles;
  if (pixels >= kRows && (kRows == kSome || size > (kHasMost ? kMost : kSome)))
    return cover.template operator()<kRows>();
  if constexpr (kHasMost)
    if (pixels >= kMost && size > kSome) return cover.template operator()<kMost>();
  if constexpr (kRows != kSome)
    if (pixels >= kSome) return cover.template operator()<kSome>();
  cover.template operator()<1>();
}

/// All channels of one output row.
template <class Isa, bool kSingle, bool kFilterOffset>
MOTE_INLINE void tile_channels(isa::TileArgs args, int pixels, int channels) {
  // Asymmetric filters are rare.
  constexpr int kMost = kFilterOffset ? min_of(2, Isa::kMaxPanels) : Isa::kMaxPanels;
  constexpr int kColumns = Isa::kLayout.columns;
  const int panels = Isa::kLayout.panels(channels);
  for (int p = 0; p < panels;) {
    const int left = panels - p, n = left >= kMost ? kMost : left >= 2 ? 2 : 1;
    args.channels = channels - p * kColumns;
    if constexpr (kMost >= 4)
      if (n == 4) tile_row<Isa, 4, kSingle, kFilterOffset>(args, pixels);
    if (n == 2) tile_row<Isa, 2, kSingle, kFilterOffset>(args, pixels);
    if (n == 1) tile_row<Isa, 1, kSingle, kFilterOffset>(args, pixels);
    p += n;
    advance<Isa>(args, n, n * args.panel_bytes);
  }
}

/// Convolves row by row: row(args) is called for each row of outputs, by filters packed as `packed`
/// says.
template <class Isa, class Attrs, class In, class Filter, class Rows, class Out, class Row>
MOTE_INLINE void conv_2d_rows(const isa::TileLayout& packed, const Attrs& attrs,
                              const TensorView<const int8_t, In>& in,
                              const TensorView<const int8_t, Filter>& filter,
                              const isa::TileRescale& by, const TensorView<int8_t, Rows>& rows,
                              const TensorView<int8_t, Out>& out, Row row) {
  const int depth = in.shape[3];
  const bool dense = attrs.dilation_w == 1;  // then a row of the filter is one run
  const int run = dense ? attrs.filter_w * depth : depth;
  const int panels = packed.panels(out.shape[3]), panel_bytes = filter.shape[1];
  const RowLayout layout(attrs, in.shape[1], depth, out.shape[1], out.shape[2]);
  Runs runs;
  for (int ky = 0; ky < attrs.filter_h; ++ky)
    for (int kx = 0; kx < (dense ? 1 : attrs.filter_w); ++kx)
      runs.add(ky, kx * attrs.dilation_w * depth);
  isa::TileArgs args = {.steps = packed.steps(run),
                        .pixel_stride = attrs.stride_w * depth,
                        .filter = filter.data,
                        .panel_bytes = panel_bytes,
                        .ones = filter.data + panels * panel_bytes,
                        .by = by};
  set_terms(attrs, args);
  for_each_row<Isa>(attrs, in, layout, rows.shape[0] > 0 ? rows.data : nullptr, runs, args, out,
                    row);
}

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Rows, class Out>
MOTE_INLINE void conv_2d_tiled(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                               const TensorView<const int8_t, Filter>& filter,
                               const isa::TileRescale& by, const TensorView<int8_t, Rows>& rows,
                               const TensorView<int8_t, Out>& out) {
  conv_2d_rows<Isa>(Isa::kLayout, attrs, in, filter, by, rows, out, [&](const isa::TileArgs& row) {
    const auto compute = [&]<bool kOnes>() {
      tile_channels<Isa, kSingle, kOnes>(row, out.shape[2], out.shape[3]);
    };
    with_ones<Isa, kSingle>(attrs, compute);
  });
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

/// One rounding; Isa::kLayout.across_channels channels of output, rows that isa::across_fits(), and
/// a filter packed as one panel of so many channels.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_across_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                       TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  internal::conv_2d_rows<Isa>(
      Isa::kLayout, attrs, in, filter, by, rows, out,
      [&](const isa::TileArgs& row) { Isa::Across::row(row, out.shape[2]); });
}

/// Two roundings; at most Isa::kLayout.dot_channels channels of output, attrs.filter_offset 0, and
/// a filter packed as isa::dots_layout() says.
template <class Isa, TiledAttributes Attrs, class In, class Filter, class Rows, class Out>
void conv_2d_dots_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                     TensorView<const int8_t, Filter> filter, const isa::TileRescale& by,
                     TensorView<int8_t, Rows> rows, TensorView<int8_t, Out> out) {
  const auto row = [&](isa::TileArgs args) {
    const int8_t* runs[internal::kMaxRuns];
    const int8_t* const* first = args.runs;
    args.runs = runs;
    args.channels = out.shape[3];
    for (int x = 0; x < out.shape[2]; ++x, args.out += args.out_stride) {
      for (int i = 0; i < args.run_count; ++i) runs[i] = first[i] + x * args.pixel_stride;
      Isa::dots(args);
    }
  };
  internal::conv_2d_rows<Isa>(isa::dots_layout(Isa::kLayout), attrs, in, filter, by, rows, out,
                              row);
}

}  // namespace mote::kernels
