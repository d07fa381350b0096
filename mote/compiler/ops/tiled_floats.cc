#include "mote/compiler/ops/tiled_floats.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "mote/compiler/ops/shares.h"
#include "mote/compiler/ops/tiled_filter.h"
#include "mote/compiler/ops/tiled_form.h"
#include "mote/core/kernels/tiled_rows.h"

namespace mote::ops {
namespace {

constexpr std::int64_t kFloatBytes = 4;

program::TiledFloatAttrs attrs_of(const TiledLayer& tiled, const FloatActivationRange& range) {
  return with_window(program::TiledFloatAttrs{.filter_h = tiled.filter_h,
                                              .filter_w = tiled.filter_w,
                                              .act_min = range.min,
                                              .act_max = range.max},
                     tiled.window);
}

/// A matrix times one row.
bool is_one_row(const TiledLayer& tiled) {
  const auto pixels = [](const Extents& e) { return e[0] * e[1] * e[2]; };
  return !tiled.is_depthwise && tiled.filter_h * tiled.filter_w == 1 && pixels(tiled.in) == 1 &&
         pixels(tiled.out) == 1;
}

DraftOperand packed_filter(const TiledLayer& tiled, const FilterRuns& runs,
                           const isa::TileLayout& layout, Lowering& lowering) {
  const auto pack = tiled.layer.filter_tensor().type == DType::kFloat32
                        ? pack_panels<float, float>
                        : pack_panels<float, std::int8_t>;
  const auto packed = pack(runs, tiled.out[3], layout, /*sums=*/false);
  const int panels = layout.panels(tiled.out[3]);
  return lowering.constant(std::span<const float>(packed),
                           Extents(panels, static_cast<int>(packed.size()) / panels));
}

DraftOperand padded_bias(const TiledLayer& tiled, std::vector<float> bias,
                         const isa::TileLayout& layout, Lowering& lowering) {
  bias.resize(static_cast<std::size_t>(layout.panels(tiled.out[3]) * layout.columns));
  return lowering.constant(bias);
}

/// The shares that are worth their while.
std::vector<LayerShare> shares_of(const TiledLayer& tiled, const Attributes& attrs,
                                  std::int64_t macs, const Target& target) {
  const Work work = {.macs = macs,
                     .filter_bytes = graph::byte_count(tiled.layer.filter_tensor()),
                     .is_depthwise = tiled.is_depthwise};
  return layer_shares({.attrs = attrs,
                       .in = tiled.in,
                       .out = tiled.out,
                       .filter_h = tiled.filter_h,
                       .filter_w = tiled.filter_w,
                       .keeps_rows = tiled.is_depthwise,
                       .channel_step = is_one_row(tiled) ? target.float_tile.columns : 0},
                      share_count(target, work, target.float_rates));
}

/// Adds the call for one row; its shares are panels.
void lower_row(const TiledLayer& tiled, DraftCall call, const isa::TileLayout& layout,
               Lowering& lowering) {
  const program::TiledFloatAttrs& window = std::get<program::TiledFloatAttrs>(call.attrs);
  call.kernel = "fully_connected_tiled_f32";
  call.attrs = program::FloatActivationAttrs{.act_min = window.act_min, .act_max = window.act_max};
  const auto row = [](DraftOperand& operand, int n) { operand.operand.shape = Extents(1, n); };
  row(call.operands.front(), tiled.in[3]);
  row(call.operands.back(), tiled.out[3]);
  const Extents filter = call.operands[1].operand.shape, bias = call.operands[2].operand.shape;
  for (const LayerShare& share : shares_of(tiled, call.attrs, call.macs, lowering.target())) {
    const std::int64_t panel = share.first_channel / layout.columns;
    call.shares.push_back({.attrs = call.attrs,
                           .views = {{0, call.operands.front().operand.shape},
                                     {panel * filter[1] * kFloatBytes, filter},
                                     {share.first_channel * kFloatBytes, bias},
                                     {share.out_first * kFloatBytes, Extents(1, share.out[3])}}});
  }
  lowering.call(std::move(call));
}

/// Elements of the rows that a share keeps, to whole cache lines: no two threads write to one.
std::int64_t row_elements(const LayerShare& share) {
  constexpr std::int64_t kLine = 16;
  const auto& attrs = std::get<program::TiledFloatAttrs>(share.attrs);
  const kernels::RowLayout kept(attrs, share.in[1], share.in[3], share.out[1], share.out[2]);
  return (kept.elements() + kLine - 1) / kLine * kLine;
}

/// Adds the call for several pixels; each share keeps `rows`, if any, in memory of its own.
void lower_pixels(const TiledLayer& tiled, DraftCall call, std::int64_t rows, Lowering& lowering) {
  auto shares = shares_of(tiled, call.attrs, call.macs, lowering.target());
  std::int64_t scratch = 0;
  for (const LayerShare& share : shares) scratch += rows > 0 ? row_elements(share) : 0;
  if (scratch * kFloatBytes > kMostRowBytes) shares.clear();
  scratch = shares.empty() ? rows : std::max(rows, scratch);
  call.kernel = tiled.is_depthwise ? "depthwise_conv_2d_tiled_f32" : "conv_2d_tiled_f32";
  call.operands.insert(call.operands.end() - 1,
                       lowering.scratch(DType::kFloat32, Extents(static_cast<int>(scratch))));
  std::int64_t rows_at = 0;
  for (const LayerShare& share : shares) {
    const std::int64_t own = rows > 0 ? row_elements(share) : 0;
    call.shares.push_back({.attrs = share.attrs,
                           .views = {{share.in_first * kFloatBytes, share.in},
                                     {0, call.operands[1].operand.shape},
                                     {0, call.operands[2].operand.shape},
                                     {rows_at * kFloatBytes, Extents(static_cast<int>(own))},
                                     {share.out_first * kFloatBytes, share.out}}});
    rows_at += own;
  }
  lowering.call(std::move(call));
}

/// A layer in the form of its kernels.
struct Form {
  TiledLayer tiled;
  FilterRuns runs;
  std::int64_t rows;  ///< elements of rows that are copied
};

/// @returns nothing where the target has no tiles of floats or they do not take the layer.
std::optional<Form> form_for(const TiledLayer& layer, const isa::TileLayout& layout) {
  constexpr int kMostElements = 1 << 16;  // of a row: what second-level caches hold easily
  if (layout.columns == 0) return {};
  const TiledLayer tiled = row_form_of(layer, kMostElements);
  if (!has_kernel(tiled, layout)) return {};
  const FilterRuns runs(tiled);
  const kernels::RowLayout kept(attrs_of(tiled, {}), tiled.in[1], tiled.in[3], tiled.out[1],
                                tiled.out[2]);
  const std::int64_t rows = reads_rows_in_place(tiled, runs, layout) ? 0 : kept.elements();
  if (rows > kMostRowBytes / kFloatBytes) return {};
  return Form{tiled, runs, rows};
}

/// Adds the call that makes out = act(sum in * filter + bias).
void lower_sums(const Form& form, const FloatActivationRange& range, std::vector<float> bias,
                DraftOperand in, DraftOperand out, Lowering& lowering) {
  const isa::TileLayout& layout = lowering.target().float_tile;
  const TiledLayer& tiled = form.tiled;
  in.operand.shape = tiled.in;
  out.operand.shape = tiled.out;
  DraftCall call{.attrs = attrs_of(tiled, range),
                 .operands = {in, packed_filter(tiled, form.runs, layout, lowering),
                              padded_bias(tiled, std::move(bias), layout, lowering), out},
                 .macs = graph::element_count(tiled.layer.output_tensor()) * form.runs.count *
                         form.runs.length};
  if (is_one_row(tiled))
    lower_row(tiled, std::move(call), layout, lowering);
  else
    lower_pixels(tiled, std::move(call), form.rows, lowering);
}

/// Whether float32 holds every sum of whole inputs, up to `most` each, by the filter exactly.
bool sums_exactly(const Form& form, int most) {
  for (int c = 0; c < form.tiled.out[3]; ++c) {
    std::int64_t magnitude = 0;
    const std::int8_t* next = form.runs.of(c);
    for (int i = 0; i < form.runs.count * form.runs.length; ++i, next += form.runs.stride)
      magnitude += std::abs(int{*next});
    if (magnitude * most > std::int64_t{1} << 24) return false;
  }
  return true;
}

DraftOperand as_read(DraftOperand operand) {
  operand.operand.access = Access::kRead;
  return operand;
}

}  // namespace

bool lower_tiled_floats(const TiledLayer& layer, Lowering& lowering) {
  const auto form = form_for(layer, lowering.target().float_tile);
  if (!form) return false;
  const graph::Node& node = layer.layer.node;
  lower_sums(*form, float_terms(layer.layer), float_bias(layer.layer),
             lowering.read(node.inputs[layer.layer.input]), lowering.write(node.outputs[0]),
             lowering);
  return true;
}

bool lower_tiled_hybrid(const TiledLayer& layer, Lowering& lowering) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const auto form = form_for(layer, lowering.target().float_tile);
  if (!form || layer.layer.node.op == "FULLY_CONNECTED" ||
      !sums_exactly(*form, layer.is_asymmetric ? 255 : 127))
    return false;
  lowering.numerics = Numerics::kLitertHybrid;
  const graph::Node& node = layer.layer.node;
  const int batch = layer.in[0], channels = layer.out[3];
  const Extents rows(batch, volume(layer.in) / batch);
  const Extents pixels(batch, layer.out[1] * layer.out[2], channels);
  const DraftOperand whole = lowering.scratch(DType::kFloat32, rows);
  const DraftOperand scale = lowering.scratch(DType::kFloat32, Extents(batch));
  const DraftOperand sums = lowering.scratch(DType::kFloat32, pixels);
  lowering.call(
      {.kernel = layer.is_asymmetric ? "center_rows_asymmetric_f32" : "center_rows_symmetric_f32",
       .attrs = program::NoAttrs{},
       .operands = {lowering.read(node.inputs[layer.layer.input], rows), whole, scale}});
  lower_sums(*form, {.min = -kMost, .max = kMost}, {}, as_read(whole), sums, lowering);
  const FloatActivationRange range = float_terms(layer.layer);
  std::vector<float> scales = layer.layer.filter_tensor().quant.scale;
  scales.resize(static_cast<std::size_t>(channels), scales[0]);
  lowering.call({.kernel = "scale_channels_f32",
                 .attrs = program::FloatActivationAttrs{.act_min = range.min, .act_max = range.max},
                 .operands = {as_read(sums), as_read(scale), lowering.constant(scales),
                              lowering.constant(float_bias(layer.layer)),
                              lowering.write(node.outputs[0], pixels)}});
  return true;
}

}  // namespace mote::ops
