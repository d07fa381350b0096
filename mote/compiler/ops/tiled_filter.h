#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mote/compiler/ops/tiled_layer.h"

namespace mote::ops {

/// The filter's numbers by output channel, run and place in the run, whatever the file's order.
struct FilterRuns {
  explicit FilterRuns(const TiledLayer& tiled);

  int count = 0, length = 0;
  std::ptrdiff_t stride = 1;  ///< from one number of a channel to the next, over all runs

  /// The first of a channel's count * length numbers, which the filter holds as T.
  template <class T = std::int8_t>
  const T* of(int channel) const {
    return reinterpret_cast<const T*>(first_) + channel * channel_stride_;
  }

 private:
  const std::byte* first_;
  std::ptrdiff_t channel_stride_;
};

/// What the sum of one channel can be, its bias left out, for any inputs.
struct SumBounds {
  std::int64_t low = 0, high = 0;
  std::int64_t weights = 0;  ///< the sum of the channel's weights, less their zero point
};
SumBounds sum_bounds(const FilterRuns& runs, int channel, const QuantizedTerms& terms);

/// Panels of channels, runs padded to whole steps; with `sums`, behind them a panel of ones. T is
/// std::int8_t or float, or float of a filter that holds std::int8_t.
template <class T, class Held = T>
std::vector<T> pack_panels(const FilterRuns& runs, int channels, const isa::TileLayout& layout,
                           bool sums);

/// Steps of some taps each, of all channels `fold` times; with `sums`, behind them the same of one
/// panel of ones.
std::vector<std::int8_t> pack_depthwise(const TiledLayer& tiled, const FilterRuns& runs,
                                        const isa::TileLayout& layout, bool sums);

}  // namespace mote::ops
