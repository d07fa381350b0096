#include "mote/compiler/ops/tiled_filter.h"

#include <algorithm>
#include <cstdlib>

namespace mote::ops {

FilterRuns::FilterRuns(const TiledLayer& tiled) {
  const int taps = tiled.filter_h * tiled.filter_w, depth = tiled.in[3];
  const bool dense = tiled.window.dilation_w == 1;
  count = tiled.is_depthwise ? taps : dense ? tiled.filter_h : taps;
  length = tiled.is_depthwise ? 1 : dense ? tiled.filter_w * depth : depth;
  const std::span<const std::byte> data = tiled.layer.filter_tensor().data;
  first_ = data.data();
  // OHWI is channel by channel; a depthwise filter is tap by tap, and is so too where it is that
  // of one input channel, and taken for a plain one.
  const bool by_taps = tiled.is_depthwise || tiled.layer.channel_axis != 0;
  stride = by_taps ? tiled.layer.channels() : 1;
  channel_stride_ = by_taps ? 1 : count * length;
}

SumBounds sum_bounds(const FilterRuns& runs, int channel, const QuantizedTerms& terms) {
  // Inputs less their zero point reach from `least` <= 0 to `most` >= 0, so weights above zero and
  // those below it each make the most of one end.
  const std::int64_t least = -128 + terms.input_offset, most = 127 + terms.input_offset;
  std::int64_t all = 0, magnitude = 0;
  const std::int8_t* next = runs.of(channel);
  for (int i = 0; i < runs.count * runs.length; ++i, next += runs.stride) {
    const int w = *next + terms.filter_offset;
    all += w;
    magnitude += std::abs(w);
  }
  const std::int64_t above = (magnitude + all) / 2;
  return {.low = least * above + most * (all - above),
          .high = most * above + least * (all - above),
          .weights = all};
}

template <class T, class Held>
std::vector<T> pack_panels(const FilterRuns& runs, int channels, const isa::TileLayout& layout,
                           bool sums) {
  const int panels = layout.panels(channels), steps = layout.steps(runs.length);
  const int panel_size = runs.count * steps * layout.step_bytes();
  std::vector<T> packed(static_cast<std::size_t>(panels + sums) * panel_size);
  const auto each_place = [&](int channel, auto place) {  // place(where it belongs), in order
    T* step = packed.data() + std::ptrdiff_t{channel / layout.columns} * panel_size +
              channel % layout.columns * layout.depth;
    for (int run = 0; run < runs.count; ++run)
      for (int i = 0; i < runs.length; i += layout.depth, step += layout.step_bytes())
        for (int d = 0; d < std::min(layout.depth, runs.length - i); ++d) place(step[d]);
  };
  for (int channel = 0; channel < channels; ++channel) {
    const Held* next = runs.of<Held>(channel);
    each_place(channel, [&](T& place) { place = static_cast<T>(*next), next += runs.stride; });
  }
  for (int column = 0; sums && column < layout.columns; ++column)
    each_place(panels * layout.columns + column, [](T& place) { place = 1; });
  return packed;
}

template std::vector<std::int8_t> pack_panels<std::int8_t>(const FilterRuns&, int,
                                                           const isa::TileLayout&, bool);
template std::vector<float> pack_panels<float>(const FilterRuns&, int, const isa::TileLayout&,
                                               bool);
template std::vector<float> pack_panels<float, std::int8_t>(const FilterRuns&, int,
                                                            const isa::TileLayout&, bool);

std::vector<std::int8_t> pack_depthwise(const TiledLayer& tiled, const FilterRuns& runs,
                                        const isa::TileLayout& layout, bool sums) {
  const isa::DepthwiseTaps taps = {tiled.filter_h, tiled.filter_w, layout.depth};
  const int channels = tiled.out[3] * tiled.fold, depth = layout.depth;
  const int row = layout.panels(channels) * layout.step_bytes();
  std::vector<std::int8_t> packed(static_cast<std::size_t>(taps.steps()) * row);
  std::vector<std::int8_t> ones(static_cast<std::size_t>(taps.steps()) * layout.step_bytes());
  std::vector<int> places(static_cast<std::size_t>(channels));
  for (int c = 0; c < channels; ++c)
    places[static_cast<std::size_t>(c)] = isa::depthwise_place(layout, channels, c) * depth;
  for (int ky = 0; ky < tiled.filter_h; ++ky)
    for (int kx = 0; kx < tiled.filter_w; ++kx) {
      const int tap = taps.place(ky, kx);
      const std::ptrdiff_t from = (ky * tiled.filter_w + kx) * runs.stride;
      std::int8_t* to = packed.data() + std::ptrdiff_t{tap / depth} * row + tap % depth;
      for (int c = 0, channel = 0; c < channels; ++c) {
        to[places[static_cast<std::size_t>(c)]] = runs.of(channel)[from];
        if (++channel == tiled.out[3]) channel = 0;
      }
      for (int column = 0; column < layout.columns; ++column)
        ones[static_cast<std::size_t>(tap / depth) * layout.step_bytes() + column * depth +
             tap % depth] = 1;
    }
  if (sums) packed.insert(packed.end(), ones.begin(), ones.end());
  return packed;
}

}  // namespace mote::ops
