#include "mote/compiler/ops/packed_rows.h"

#include <utility>

namespace mote::ops {
namespace {

using kernels::ExpandedRing;

std::int64_t in_groups(std::int64_t n, int group) { return (n + group - 1) / group; }

/// Both estimates are instructions of a Cortex-M4, measured on first layers: of two inputs by two
/// channels and four pixels, and what is round them.
constexpr std::int64_t kPair = 13, kGroup = 80;

/// Of conv_2d_packed_s8, which gathers each window.
std::int64_t cost_gathered(const TiledLayer& layer, const isa::PackedLayout& layout) {
  constexpr std::int64_t kWindow = 100, kGathered = 6;
  const int inputs = layer.filter_h * layer.filter_w * layer.in[3];
  const std::int64_t pixels = volume(layer.out) / layer.out[3];
  const std::int64_t group = layout.padded(inputs) / 2 * kPair + kGroup;
  return in_groups(pixels, layout.pixels) * in_groups(layer.out[3], layout.channels) * group +
         pixels * (kWindow + inputs * kGathered);
}

/// Of conv_2d_packed_rows_s8: pixels fill groups row by row.
std::int64_t cost_expanded(const TiledLayer& layer, const ExpandedRing& ring,
                           const isa::PackedLayout& layout) {
  constexpr std::int64_t kRow = 5, kCall = 50, kInput = 2;
  const std::int64_t pair = kPair + (ring.step == 1 ? 0 : 2);
  const std::int64_t group = ring.rows * (ring.words * pair + kRow) + kGroup;
  const std::int64_t calls =
      std::int64_t{layer.out[0]} * layer.out[1] * in_groups(layer.out[2], layout.pixels);
  return calls * (in_groups(layer.out[3], layout.channels) * group + kCall) +
         volume(layer.in) * kInput;
}

}  // namespace

std::optional<ExpandedRing> expanded_ring(const TiledLayer& layer,
                                          const program::PackedAttrs& attrs,
                                          const isa::PackedLayout& layout) {
  const std::int64_t stride = std::int64_t{attrs.stride_w} * layer.in[3];
  const std::int64_t run = std::int64_t{attrs.filter_w} * layer.in[3];
  if (run > 2 * layout.row_words || stride % 2 != 0 || !std::in_range<int>(stride) ||
      !layout.takes_row_step(static_cast<int>(stride / 2)) || attrs.dilation_h != 1 ||
      attrs.dilation_w != 1)
    return std::nullopt;
  const ExpandedRing ring(attrs, layer.in[3], layer.out[2], layout.pixels);
  if (std::int64_t{ring.size()} * 4 * 2 > volume(layer.in) ||
      cost_expanded(layer, ring, layout) >= cost_gathered(layer, layout))
    return std::nullopt;
  return ring;
}

}  // namespace mote::ops
