#include "mote/compiler/ops/tiled_form.h"

#include <algorithm>
#include <utility>

#include "mote/core/kernels/depthwise_conv_2d_columns.h"
#include "mote/core/kernels/tiled_rows.h"

namespace mote::ops {
namespace {

/// Images of several rows by a filter of 1 x 1 are rows of any length: the longer they are, the
/// fewer tiles are cut short, but those that are copied, or read again and again, should stay
/// small.
void flatten(TiledLayer& tiled, int most_elements) {
  const Window& w = tiled.window;
  if (tiled.is_depthwise || tiled.filter_h * tiled.filter_w != 1 || w.stride_h * w.stride_w != 1)
    return;
  const int pixels = tiled.in[0] * tiled.in[1] * tiled.in[2];
  int rows = 1;
  if (most_elements < kUnlimited)
    while (rows < tiled.in[0] * tiled.in[1] &&
           (pixels % rows != 0 || pixels / rows * tiled.in[3] > most_elements))
      ++rows;
  tiled.in = Extents(1, rows, pixels / rows, tiled.in[3]);
  tiled.out = Extents(1, rows, pixels / rows, tiled.out[3]);
}

/// A column by a filter that is a column is a row by a row: tiles run along rows.
void lay_down(TiledLayer& tiled) {
  Window& w = tiled.window;
  if (tiled.in[2] != 1 || tiled.out[2] != 1 || tiled.filter_w != 1 || w.pad_left != 0) return;
  for (Extents* shape : {&tiled.in, &tiled.out})
    *shape = Extents((*shape)[0], 1, (*shape)[1], (*shape)[3]);
  std::swap(tiled.filter_h, tiled.filter_w);
  std::swap(w.stride_h, w.stride_w);
  std::swap(w.dilation_h, w.dilation_w);
  std::swap(w.pad_top, w.pad_left);
}

}  // namespace

TiledLayer row_form_of(const TiledLayer& layer, int most_elements) {
  TiledLayer tiled = layer;
  if (layer.in[3] == 1) tiled.is_depthwise = false;
  lay_down(tiled);
  flatten(tiled, most_elements);
  return tiled;
}

std::optional<TiledLayer> columns_form_of(const TiledLayer& layer, isa::TileLayout& layout) {
  TiledLayer tiled = layer;
  lay_down(tiled);
  const int channels = tiled.in[3];
  if (!layout.interleaves_rows || !tiled.is_depthwise || channels == 1 || tiled.filter_h < 3 ||
      tiled.filter_h > kernels::ColumnLayout::kTaps)
    return std::nullopt;
  tiled.by_columns = true;
  if (layout.columns % channels == 0 && tiled.window.stride_w == 1)
    tiled.fold = layout.columns / channels;
  layout.depthwise_panels = 1;
  return tiled;
}

bool has_kernel(const TiledLayer& tiled, const isa::TileLayout& layout) {
  const int taps = tiled.filter_h * tiled.filter_w;
  if (std::max(taps, 4 * tiled.filter_w) + layout.depth > kernels::internal::kMaxRuns) return false;
  if (tiled.is_depthwise) return tiled.in[3] == tiled.out[3];
  return graph::element_count(tiled.layer.filter_tensor()) ==
         std::int64_t{taps} * tiled.in[3] * tiled.out[3];
}

bool reads_rows_in_place(const TiledLayer& tiled, const FilterRuns& runs,
                         const isa::TileLayout& layout) {
  if (layout.row_bias != 0 || tiled.phases > 1) return false;
  const Window& w = tiled.window;
  const auto inside = [](int pad, int out, int stride, int dilation, int taps, int size) {
    return pad == 0 && (out - 1) * stride + (taps - 1) * dilation + 1 <= size;
  };
  return inside(w.pad_top, tiled.out[1], w.stride_h, w.dilation_h, tiled.filter_h, tiled.in[1]) &&
         inside(w.pad_left, tiled.out[2], w.stride_w, w.dilation_w, tiled.filter_w, tiled.in[2]) &&
         (tiled.is_depthwise ? tiled.in[3] % layout.columns == 0 : runs.length % layout.depth == 0);
}

}  // namespace mote::ops
