#include "mote/compiler/ops/tiled_layer.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "mote/compiler/ops/float_rescale.h"
#include "mote/compiler/ops/packed_layer.h"
#include "mote/compiler/ops/shares.h"
#include "mote/compiler/ops/single_rescale.h"
#include "mote/compiler/ops/tiled_filter.h"
#include "mote/compiler/ops/tiled_floats.h"
#include "mote/compiler/ops/tiled_form.h"
#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/depthwise_conv_2d_columns.h"
#include "mote/core/kernels/tiled_rows.h"

namespace mote::ops {
namespace {

/// The four arrays of TileRescale.
struct RescaleArrays {
  std::vector<std::int32_t> bias, multiplier, addend, shift;
  bool is_single = true;
  isa::Rounding rounding = isa::Rounding::kDown;
};

/// What the sum of one channel can be, and what it lacks when inputs are multiplied as they are.
struct Sums {
  std::int64_t low = 0, high = 0;
  std::int64_t correction = 0;
};

/// What tiles multiply too much where they add a bias to some inputs.
std::int64_t surplus(const TiledLayer& tiled, const FilterRuns& runs, int channel,
                     int filter_offset, const isa::TileLayout& layout) {
  if (layout.tap_bias == 0) return 0;
  const isa::DepthwiseTaps taps = {tiled.filter_h, tiled.filter_w, layout.depth};
  std::int64_t sum = 0;
  const std::int8_t* next = runs.of(channel);
  for (int run = 0; run < runs.count; ++run)
    for (int i = 0; i < runs.length; ++i, next += runs.stride) {
      const int place =
          tiled.is_depthwise ? taps.place(run / tiled.filter_w, run % tiled.filter_w) : i;
      sum += std::int64_t{*next + filter_offset} * layout.bias_in(place / layout.depth);
    }
  return sum;
}

Sums sums_of(const TiledLayer& tiled, const FilterRuns& runs, int channel,
             const QuantizedTerms& terms, const isa::TileLayout& layout) {
  const SumBounds bounds = sum_bounds(runs, channel, terms);
  return {.low = bounds.low,
          .high = bounds.high,
          .correction = bounds.weights * (terms.input_offset - layout.row_bias) -
                        surplus(tiled, runs, channel, terms.filter_offset, layout)};
}

/// What a channel contributes to the arrays; its bias is added to the layer's.
struct ChannelArrays {
  std::int32_t bias, multiplier, addend, shift;
};

std::optional<ChannelArrays> single_of(const ExactRescale& exact) {
  const auto by = find_single_rescale(exact);
  if (!by) return std::nullopt;
  return ChannelArrays{by->bias, by->multiplier, by->addend, by->shift};
}
std::optional<ChannelArrays> float_of(const ExactRescale& exact, isa::Rounding rounding) {
  const auto by = find_float_rescale(exact, rounding);
  if (!by) return std::nullopt;
  const auto bits = [](float x) { return std::bit_cast<std::int32_t>(x); };
  return ChannelArrays{by->bias, bits(by->multiplier), bits(by->addend), bits(by->rest)};
}

/// What find() gives for all channels; empty where it gives nothing for one.
template <class Find>
std::vector<ChannelArrays> for_all(const ChannelRescale& exact, const std::vector<Sums>& sums,
                                   const QuantizedTerms& terms, Find find) {
  std::vector<ChannelArrays> all;
  all.reserve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::optional<ChannelArrays> by =
        find(ExactRescale{.multiplier = exact.multiplier[i],
                          .shift = exact.shift[i],
                          .zero_point = terms.output_offset,
                          .act_min = terms.act_min,
                          .act_max = terms.act_max,
                          .low = sums[i].low + exact.bias[i],
                          .high = sums[i].high + exact.bias[i]});
    if (!by) return {};
    all.push_back(*by);
  }
  return all;
}

/// Single roundings for all channels; empty where one has none, or where filters are asymmetric, of
/// which few are left.
std::vector<ChannelArrays> single_rescales(const ChannelRescale& exact,
                                           const std::vector<Sums>& sums,
                                           const QuantizedTerms& terms,
                                           const isa::TileLayout& layout, isa::Rounding& rounding) {
  using isa::Rounding;
  if (terms.filter_offset != 0) return {};
  if (!layout.float_rescale) return for_all(exact, sums, terms, single_of);
  for (const Rounding way : {Rounding::kDown, Rounding::kToZero}) {
    auto all = for_all(exact, sums, terms,
                       [&](const ExactRescale& channel) { return float_of(channel, way); });
    rounding = way;
    if (!all.empty()) return all;
  }
  return {};
}

/// Whether there is a kernel for the layer with pixels across a register.
bool fits_across(const TiledLayer& tiled, const QuantizedTerms& terms,
                 const isa::TileLayout& layout) {
  return !tiled.is_depthwise && tiled.out[3] == layout.across_channels &&
         terms.filter_offset == 0 && tiled.window.dilation_w == 1 &&
         isa::across_fits(tiled.out[2], tiled.window.stride_w * tiled.in[3]);
}

/// Whether there is a kernel that sums along registers, and runs are so long that this pays.
bool fits_dots(const TiledLayer& tiled, const FilterRuns& runs, const QuantizedTerms& terms,
               const isa::TileLayout& layout) {
  return !tiled.is_depthwise && tiled.out[3] <= layout.dot_channels && terms.filter_offset == 0 &&
         runs.length >= 128;
}

RescaleArrays rescale_arrays(const TiledLayer& tiled, const FilterRuns& runs,
                             const QuantizedTerms& terms, const isa::TileLayout& layout) {
  const ChannelRescale exact = channel_rescale(tiled.layer);
  const int channels = tiled.out[3], folded = channels * tiled.fold;
  std::vector<Sums> sums;
  sums.reserve(static_cast<std::size_t>(channels));
  for (int c = 0; c < channels; ++c) sums.push_back(sums_of(tiled, runs, c, terms, layout));
  RescaleArrays arrays;
  std::vector<ChannelArrays> singles;
  if (!fits_dots(tiled, runs, terms, layout))
    singles = single_rescales(exact, sums, terms, layout, arrays.rounding);
  arrays.is_single = !singles.empty();
  for (auto* array : {&arrays.bias, &arrays.multiplier, &arrays.addend, &arrays.shift})
    array->resize(static_cast<std::size_t>(layout.panels(folded) * layout.columns));
  for (int c = 0; c < folded; ++c) {
    const auto i = static_cast<std::size_t>(c % channels);
    const int shift = exact.shift[i];
    const ChannelArrays by = arrays.is_single ? singles[i]
                                              : ChannelArrays{.bias = 0,
                                                              .multiplier = exact.multiplier[i],
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
  return with_window(program::TiledAttrs{.filter_h = tiled.filter_h,
                                         .filter_w = tiled.filter_w,
                                         .fold = tiled.fold,
                                         .phases = tiled.phases,
                                         .input_offset = terms.input_offset,
                                         .filter_offset = terms.filter_offset,
                                         .output_offset = terms.output_offset,
                                         .act_min = terms.act_min,
                                         .act_max = terms.act_max},
                     tiled.window);
}

/// The form in which the target's kernels take the layer: neighbouring pixels of depthwise ones are
/// folded where that fills a block.
TiledLayer form_of(const TiledLayer& layer, const isa::TileLayout& layout) {
  constexpr int kMostCopied = 8192;  // bytes of a row
  TiledLayer tiled = row_form_of(layer, layout.row_bias != 0 ? kMostCopied : kUnlimited);
  if (!tiled.is_depthwise) return tiled;
  const int block = layout.depthwise_panels * layout.columns, channels = layer.out[3];
  if (block % channels == 0) tiled.fold = block / channels;
  if (layout.row_bias != 0 || tiled.fold > 1) tiled.phases = tiled.window.stride_w;
  return tiled;
}

/// The quickest of the target's kernels for a layer, and how that wants filters.
struct Choice {
  const char* kernel;
  isa::TileLayout packed;
  bool by_rows = false;  ///< whether it can only be shared by rows
};

Choice choose(const TiledLayer& tiled, const FilterRuns& runs, const QuantizedTerms& terms,
              const isa::TileLayout& layout, bool is_single) {
  if (fits_dots(tiled, runs, terms, layout))
    return {"conv_2d_dots_s8", isa::dots_layout(layout), true};
  if (is_single && fits_across(tiled, terms, layout)) {
    isa::TileLayout packed = layout;
    packed.columns = layout.across_channels;
    return {"conv_2d_across_s8", packed, true};
  }
  if (tiled.by_columns) return {"depthwise_conv_2d_columns_s8", layout};
  if (tiled.is_depthwise)
    return {is_single ? "depthwise_conv_2d_tiled_s8" : "depthwise_conv_2d_tiled_exact_s8", layout};
  return {is_single ? "conv_2d_tiled_s8" : "conv_2d_tiled_exact_s8", layout};
}

DraftOperand packed_filter(const TiledLayer& tiled, const FilterRuns& runs, bool sums,
                           const isa::TileLayout& layout, Lowering& lowering) {
  if (tiled.is_depthwise) return lowering.constant(pack_depthwise(tiled, runs, layout, sums));
  const auto packed = pack_panels<std::int8_t>(runs, tiled.out[3], layout, sums);
  const int panels = layout.panels(tiled.out[3]) + sums;
  return lowering.constant(std::span<const std::int8_t>(packed),
                           Extents(panels, static_cast<int>(packed.size()) / panels));
}

/// The shares that are worth their while; each keeps rows in memory of its own.
std::vector<LayerShare> shares_of(const TiledLayer& tiled, const program::TiledAttrs& attrs,
                                  bool by_rows, bool has_ones, std::int64_t macs,
                                  const Target& target) {
  const std::int64_t filter_bytes = graph::byte_count(tiled.layer.filter_tensor());
  const bool keeps_rows = tiled.is_depthwise || by_rows;
  const bool by_channels = !keeps_rows && !has_ones;
  const Work work = {
      .macs = macs, .filter_bytes = filter_bytes, .is_depthwise = tiled.is_depthwise};
  return layer_shares({.attrs = attrs,
                       .in = tiled.in,
                       .out = tiled.out,
                       .filter_h = tiled.filter_h,
                       .filter_w = tiled.filter_w,
                       .keeps_rows = keeps_rows,
                       .channel_step = by_channels ? target.tile.columns : 0},
                      share_count(target, work, target.rates));
}

/// Bytes of the rows that a layer keeps, or a share of it.
std::int64_t kept_bytes(const TiledLayer& tiled, const program::TiledAttrs& attrs,
                        const Extents& in, const Extents& out) {
  if (tiled.by_columns) return kernels::ColumnLayout(attrs, in[3], out[2]).bytes();
  return kernels::RowLayout(attrs, in[1], in[3], out[1], out[2]).elements();
}

/// The same for a share, to whole cache lines: no two threads write to one.
std::int64_t share_bytes(const TiledLayer& tiled, const LayerShare& share) {
  constexpr std::int64_t kLine = 64;
  const auto& attrs = std::get<program::TiledAttrs>(share.attrs);
  return (kept_bytes(tiled, attrs, share.in, share.out) + kLine - 1) / kLine * kLine;
}

/// Bytes of all shares' rows.
std::int64_t scratch_of(const TiledLayer& tiled, const std::vector<LayerShare>& shares) {
  std::int64_t bytes = 0;
  for (const LayerShare& share : shares) bytes += share_bytes(tiled, share);
  return bytes;
}

/// What the shares see of a call's operands.
std::vector<program::Share> views_of(const TiledLayer& tiled, const std::vector<LayerShare>& shares,
                                     bool keeps_rows, std::span<const DraftOperand> operands,
                                     const isa::TileLayout& layout) {
  std::vector<program::Share> list;
  std::int64_t rows_at = 0;
  for (const LayerShare& share : shares) {
    const std::int64_t rows = keeps_rows ? share_bytes(tiled, share) : 0;
    program::Share views{.attrs = share.attrs, .views = {{share.in_first, share.in}}};
    const Extents& filter = operands[1].operand.shape;
    views.views.push_back({std::int64_t{share.first_channel / layout.columns} * filter[1], filter});
    for (int i = 2; i < 6; ++i)
      views.views.push_back({std::int64_t{share.first_channel} * 4, operands[i].operand.shape});
    views.views.push_back({rows_at, Extents(static_cast<int>(rows))});
    views.views.push_back({share.out_first, share.out});
    rows_at += rows;
    list.push_back(std::move(views));
  }
  return list;
}

/// Adds the call for a form that has a kernel.
bool lower_form(const TiledLayer& tiled, const isa::TileLayout& layout, Lowering& lowering) {
  const FilterRuns runs(tiled);
  const QuantizedTerms terms = quantized_terms(tiled.layer);
  program::TiledAttrs attrs = attrs_of(tiled, terms);
  const std::int64_t rows =
      reads_rows_in_place(tiled, runs, layout) ? 0 : kept_bytes(tiled, attrs, tiled.in, tiled.out);
  if (rows > kMostRowBytes) return false;
  const RescaleArrays by = rescale_arrays(tiled, runs, terms, layout);
  if (tiled.by_columns && !by.is_single) return false;
  attrs.rounding = static_cast<int>(by.rounding);
  const Choice choice = choose(tiled, runs, terms, layout, by.is_single);
  const graph::Node& node = tiled.layer.node;
  const std::int64_t macs =
      graph::element_count(tiled.layer.output_tensor()) * runs.count * runs.length;
  const bool has_ones = choice.packed.has_ones(terms.filter_offset, by.is_single);
  auto shares = shares_of(tiled, attrs, choice.by_rows, has_ones, macs, lowering.target());
  std::int64_t scratch = rows;
  if (rows > 0 && !shares.empty()) scratch = std::max(rows, scratch_of(tiled, shares));
  if (scratch > kMostRowBytes) shares.clear(), scratch = rows;
  DraftCall call{.kernel = choice.kernel,
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[tiled.layer.input], tiled.in),
                              packed_filter(tiled, runs, has_ones, choice.packed, lowering),
                              lowering.constant(by.bias), lowering.constant(by.multiplier),
                              lowering.constant(by.addend), lowering.constant(by.shift),
                              lowering.scratch(DType::kInt8, Extents(static_cast<int>(scratch))),
                              lowering.write(node.outputs[0], tiled.out)},
                 .macs = macs};
  call.shares = views_of(tiled, shares, rows > 0, call.operands, choice.packed);
  lowering.call(std::move(call));
  return true;
}

}  // namespace

bool lower_tiled(const TiledLayer& layer, Lowering& lowering) {
  const isa::TileLayout& layout = lowering.target().tile;
  const Arithmetic arithmetic = arithmetic_of(layer.layer);
  if (arithmetic == Arithmetic::kInt8 && lowering.target().packed.channels > 0 && lower_packed)
    return lower_packed(layer, lowering);
  if (arithmetic == Arithmetic::kFloat) return lower_tiled_floats(layer, lowering);
  if (arithmetic == Arithmetic::kHybrid) return lower_tiled_hybrid(layer, lowering);
  if (layout.columns == 0 || arithmetic != Arithmetic::kInt8) return false;
  isa::TileLayout columns_layout = layout;
  if (const auto tiled = columns_form_of(layer, columns_layout);
      tiled && has_kernel(*tiled, layout) && lower_form(*tiled, columns_layout, lowering))
    return true;
  const TiledLayer tiled = form_of(layer, layout);
  return has_kernel(tiled, layout) && lower_form(tiled, layout, lowering);
}

}  // namespace mote::ops
