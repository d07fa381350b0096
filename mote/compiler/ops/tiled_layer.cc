#include "mote/compiler/ops/tiled_layer.h"

#include <algorithm>

#include "mote/compiler/ops/single_rescale.h"
#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/conv_2d_tiled.h"

namespace mote::ops {
namespace {

constexpr std::int64_t kMostRowBytes = std::int64_t{1} << 24;

/// The filter's numbers by output channel, run and place in the run, whatever the file's order.
class Runs {
 public:
  explicit Runs(const TiledLayer& tiled)
      : values_(graph::values<std::int8_t>(tiled.layer.filter_tensor())),
        channels_(tiled.layer.channels()),
        is_depthwise_(tiled.is_depthwise) {
    const int taps = tiled.filter_h * tiled.filter_w, depth = tiled.in[3];
    const bool dense = tiled.window.dilation_w == 1;
    count = tiled.is_depthwise ? taps : dense ? tiled.filter_h : taps;
    length = tiled.is_depthwise ? 1 : dense ? tiled.filter_w * depth : depth;
  }
  int count = 0, length = 0;

  /// OHWI is channel by channel; a depthwise filter is tap by tap. A filter of one input channel is
  /// the same transposed (`is_transposed`).
  std::int8_t at(int channel, int run, int i) const {
    const int place = run * length + i;
    return values_[static_cast<std::size_t>(is_transposed || is_depthwise_
                                                ? place * channels_ + channel
                                                : channel * count * length + place)];
  }
  bool is_transposed = false;

 private:
  std::vector<std::int8_t> values_;
  int channels_;
  bool is_depthwise_;
};

/// Panels of channels, runs padded to whole steps; with `sums`, behind them a panel of ones.
std::vector<std::int8_t> pack_panels(const Runs& runs, int channels, const isa::TileLayout& layout,
                                     bool sums) {
  const int panels = layout.panels(channels), steps = layout.steps(runs.length);
  const int panel_bytes = runs.count * steps * layout.step_bytes();
  std::vector<std::int8_t> packed(static_cast<std::size_t>(panels + sums) * panel_bytes);
  for (int p = 0; p < panels + sums; ++p)
    for (int run = 0; run < runs.count; ++run)
      for (int i = 0; i < runs.length; ++i)
        for (int column = 0; column < layout.columns; ++column) {
          const int channel = p * layout.columns + column;
          if (p < panels && channel >= channels) continue;
          const int step = run * steps + i / layout.depth;
          packed[static_cast<std::size_t>(p) * panel_bytes + step * layout.step_bytes() +
                 column * layout.depth + i % layout.depth] =
              p < panels ? runs.at(channel, run, i) : std::int8_t{1};
        }
  return packed;
}

/// Steps of some taps each, of all channels `fold` times; with `sums`, behind them the same of one
/// panel of ones.
std::vector<std::int8_t> pack_depthwise(const TiledLayer& tiled, const Runs& runs,
                                        const isa::TileLayout& layout, bool sums) {
  const isa::DepthwiseTaps taps = {tiled.filter_h, tiled.filter_w, layout.depth};
  const int channels = tiled.out[3] * tiled.fold, depth = layout.depth;
  const int row = layout.panels(channels) * layout.step_bytes();
  std::vector<std::int8_t> packed(static_cast<std::size_t>(taps.steps()) * row);
  std::vector<std::int8_t> ones(static_cast<std::size_t>(taps.steps()) * layout.step_bytes());
  for (int ky = 0; ky < tiled.filter_h; ++ky)
    for (int kx = 0; kx < tiled.filter_w; ++kx) {
      const int tap = taps.place(ky, kx);
      for (int c = 0; c < channels; ++c)
        packed[static_cast<std::size_t>(tap / depth) * row +
               isa::depthwise_place(layout, channels, c) * depth + tap % depth] =
            runs.at(c % tiled.out[3], ky * tiled.filter_w + kx, 0);
      for (int column = 0; column < layout.columns; ++column)
        ones[static_cast<std::size_t>(tap / depth) * layout.step_bytes() + column * depth +
             tap % depth] = 1;
    }
  if (sums) packed.insert(packed.end(), ones.begin(), ones.end());
  return packed;
}

/// The four arrays of TileRescale.
struct RescaleArrays {
  std::vector<std::int32_t> bias, multiplier, addend, shift;
  bool is_single = true;
};

/// What the sum of one channel can be, and what it lacks when inputs are multiplied as they are.
struct Sums {
  std::int64_t low = 0, high = 0;
  std::int64_t correction = 0;
};

Sums sums_of(const TiledLayer& tiled, const Runs& runs, int channel, const QuantizedTerms& terms,
             const isa::TileLayout& layout) {
  const int least = -128 + terms.input_offset, most = 127 + terms.input_offset;
  const isa::DepthwiseTaps taps = {tiled.filter_h, tiled.filter_w, layout.depth};
  Sums sums;
  for (int run = 0; run < runs.count; ++run)
    for (int i = 0; i < runs.length; ++i) {
      const int w = runs.at(channel, run, i) + terms.filter_offset;
      const int place =
          tiled.is_depthwise ? taps.place(run / tiled.filter_w, run % tiled.filter_w) : i;
      sums.correction += w * (terms.input_offset - layout.bias_in(place / layout.depth));
      sums.low += std::min(least * w, most * w);
      sums.high += std::max(least * w, most * w);
    }
  return sums;
}

/// Single roundings for all channels; empty where one has none, or where filters are asymmetric, of
/// which few are left.
std::vector<SingleRescale> single_rescales(const ChannelRescale& exact,
                                           const std::vector<Sums>& sums,
                                           const QuantizedTerms& terms) {
  if (terms.filter_offset != 0) return {};
  std::vector<SingleRescale> singles;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto single = find_single_rescale({.multiplier = exact.multiplier[i],
                                             .shift = exact.shift[i],
                                             .zero_point = terms.output_offset,
                                             .act_min = terms.act_min,
                                             .act_max = terms.act_max,
                                             .low = sums[i].low + exact.bias[i],
                                             .high = sums[i].high + exact.bias[i]});
    if (!single) return {};
    singles.push_back(*single);
  }
  return singles;
}

RescaleArrays rescale_arrays(const TiledLayer& tiled, const Runs& runs, const QuantizedTerms& terms,
                             const isa::TileLayout& layout) {
  const ChannelRescale exact = channel_rescale(tiled.layer);
  const int channels = tiled.out[3], folded = channels * tiled.fold;
  std::vector<Sums> sums;
  for (int c = 0; c < channels; ++c) sums.push_back(sums_of(tiled, runs, c, terms, layout));
  const auto singles = single_rescales(exact, sums, terms);
  RescaleArrays arrays{.is_single = !singles.empty()};
  for (auto* array : {&arrays.bias, &arrays.multiplier, &arrays.addend, &arrays.shift})
    array->resize(static_cast<std::size_t>(layout.panels(folded) * layout.columns));
  for (int c = 0; c < folded; ++c) {
    const auto i = static_cast<std::size_t>(c % channels);
    const int shift = exact.shift[i];
    const SingleRescale by = arrays.is_single ? singles[i]
                                              : SingleRescale{.multiplier = exact.multiplier[i],
                                                              .addend = std::max(shift, 0),
                                                              .shift = std::max(-shift, 0)};
    const auto at =
        static_cast<std::size_t>(tiled.is_depthwise ? isa::depthwise_place(layout, folded, c) : c);
    arrays.bias[at] = static_cast<std::int32_t>(
        static_cast<std::uint64_t>(exact.bias[i] + sums[i].correction + by.bias));
    arrays.multiplier[at] = by.multiplier;
    arrays.addend[at] = by.addend;
    arrays.shift[at] = by.shift;
  }
  return arrays;
}

program::TiledAttrs attrs_of(const TiledLayer& tiled, const QuantizedTerms& terms) {
  const Window& window = tiled.window;
  return {.stride_h = window.stride_h,
          .stride_w = window.stride_w,
          .dilation_h = window.dilation_h,
          .dilation_w = window.dilation_w,
          .pad_top = window.pad_top,
          .pad_left = window.pad_left,
          .filter_h = tiled.filter_h,
          .filter_w = tiled.filter_w,
          .fold = tiled.fold,
          .input_offset = terms.input_offset,
          .filter_offset = terms.filter_offset,
          .output_offset = terms.output_offset,
          .act_min = terms.act_min,
          .act_max = terms.act_max};
}

/// Whether rows of the input can be read as they lie: nothing lies outside, and reading whole steps
/// stays within the tensor.
bool reads_rows_in_place(const TiledLayer& tiled, const Runs& runs, const isa::TileLayout& layout) {
  const Window& w = tiled.window;
  const auto inside = [](int pad, int out, int stride, int dilation, int taps, int size) {
    return pad == 0 && (out - 1) * stride + (taps - 1) * dilation + 1 <= size;
  };
  return inside(w.pad_top, tiled.out[1], w.stride_h, w.dilation_h, tiled.filter_h, tiled.in[1]) &&
         inside(w.pad_left, tiled.out[2], w.stride_w, w.dilation_w, tiled.filter_w, tiled.in[2]) &&
         (tiled.is_depthwise ? tiled.in[3] % layout.columns == 0 : runs.length % layout.depth == 0);
}

/// Images of several rows by a filter of 1 x 1 are one long row: fewer tiles are cut short.
void flatten(TiledLayer& tiled) {
  const Window& w = tiled.window;
  if (tiled.is_depthwise || tiled.filter_h * tiled.filter_w != 1 || w.stride_h * w.stride_w != 1)
    return;
  tiled.in = Extents(1, 1, tiled.in[0] * tiled.in[1] * tiled.in[2], tiled.in[3]);
  tiled.out = Extents(1, 1, tiled.out[0] * tiled.out[1] * tiled.out[2], tiled.out[3]);
}

/// The form in which the target's kernels take the layer: a depthwise filter over one channel is a
/// plain one, neighbouring pixels are folded where that fills a block.
TiledLayer form_of(const TiledLayer& layer, const isa::TileLayout& layout) {
  TiledLayer tiled = layer;
  if (layer.in[3] == 1) tiled.is_depthwise = false;
  flatten(tiled);
  const int block = layout.depthwise_panels * layout.columns;
  if (tiled.is_depthwise && layer.window.stride_w == 1 && block % layer.out[3] == 0)
    tiled.fold = block / layer.out[3];
  return tiled;
}

/// Whether kernels take the form: no groups, no depthwise multiplier, not very many taps.
bool has_kernel(const TiledLayer& tiled, const isa::TileLayout& layout) {
  const int taps = tiled.filter_h * tiled.filter_w;
  if (std::max(taps, 4 * tiled.filter_w) + layout.depth > kernels::internal::kMaxRuns) return false;
  if (tiled.is_depthwise) return tiled.in[3] == tiled.out[3];
  return graph::element_count(tiled.layer.filter_tensor()) ==
         std::int64_t{taps} * tiled.in[3] * tiled.out[3];
}

const char* kernel_of(const TiledLayer& tiled, bool is_single) {
  if (tiled.is_depthwise)
    return is_single ? "depthwise_conv_2d_tiled_s8" : "depthwise_conv_2d_tiled_exact_s8";
  return is_single ? "conv_2d_tiled_s8" : "conv_2d_tiled_exact_s8";
}

DraftOperand packed_filter(const TiledLayer& tiled, const Runs& runs, bool sums,
                           Lowering& lowering) {
  const isa::TileLayout& layout = lowering.target().tile;
  if (tiled.is_depthwise) return lowering.constant(pack_depthwise(tiled, runs, layout, sums));
  const auto packed = pack_panels(runs, tiled.out[3], layout, sums);
  const int panels = layout.panels(tiled.out[3]) + sums;
  return lowering.constant(std::span<const std::int8_t>(packed),
                           Extents(panels, static_cast<int>(packed.size()) / panels));
}

}  // namespace

bool lower_tiled(const TiledLayer& layer, Lowering& lowering) {
  const isa::TileLayout& layout = lowering.target().tile;
  if (layout.columns == 0 || arithmetic_of(layer.layer) != Arithmetic::kInt8) return false;
  const TiledLayer tiled = form_of(layer, layout);
  if (!has_kernel(tiled, layout)) return false;
  Runs runs(tiled);
  runs.is_transposed = layer.is_depthwise && !tiled.is_depthwise;
  const QuantizedTerms terms = quantized_terms(layer.layer);
  const program::TiledAttrs attrs = attrs_of(tiled, terms);
  const std::int64_t rows = reads_rows_in_place(tiled, runs, layout)
                                ? 0
                                : kernels::tiled_rows_bytes(attrs, tiled.in[3], tiled.out[2]);
  if (rows > kMostRowBytes) return false;
  const RescaleArrays by = rescale_arrays(tiled, runs, terms, layout);
  const graph::Node& node = layer.layer.node;
  const std::int64_t products = std::int64_t{runs.count} * runs.length;
  lowering.call({.kernel = kernel_of(tiled, by.is_single),
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[layer.layer.input], tiled.in),
                              packed_filter(tiled, runs, terms.filter_offset != 0, lowering),
                              lowering.constant(by.bias), lowering.constant(by.multiplier),
                              lowering.constant(by.addend), lowering.constant(by.shift),
                              lowering.scratch(DType::kInt8, Extents(static_cast<int>(rows))),
                              lowering.write(node.outputs[0], tiled.out)},
                 .macs = graph::element_count(layer.layer.output_tensor()) * products});
  return true;
}

}  // namespace mote::ops
