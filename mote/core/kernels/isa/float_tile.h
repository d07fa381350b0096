#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/kernels/isa/tile.h"

/// Tiles of float32, once for all instruction sets: `Isa::Floats` says what a register of them can
/// do, and `Isa::kFloatLayout` how filters are packed, in steps of one input.
///
/// All are templates on the instruction set and never inlined: on its own, each has all registers.
/// Each output is summed in one order, whatever the tile's size.
namespace mote::isa {

/// One tile: some pixels of a row by some panels of channels. Sizes are in elements.
struct FloatTileArgs {
  const float* const* runs;  ///< where each run of a row's inputs begins
  int first;                 ///< from there to the first pixel's and channel's
  int run_count, steps;      ///< steps of one run
  int pixel_stride;          ///< from one pixel's inputs to the next one's
  const float* filter;       ///< the first panel
  int panel_size;            ///< from one panel to the next
  const float* bias;         ///< of the first panel's channels
  float* out;                ///< of the first pixel and channel
  int out_stride;            ///< from one pixel's outputs to the next one's
  int channels;              ///< to store; of the last panel not all may be wanted
  float act_min, act_max;
};

/// Registers that one pixel of a panel takes.
template <class Isa>
inline constexpr int kPanelVectors = Isa::kFloatLayout.columns / Isa::Floats::kLanes;

namespace internal {

/// The v-th register's place in the panels that begin at `first`.
template <class Isa>
MOTE_INLINE const float* place_in_panels(const float* first, int v, int panel_size) {
  constexpr int kEach = kPanelVectors<Isa>;
  return first + v / kEach * panel_size + v % kEach * Isa::Floats::kLanes;
}

/// Adds what one input gives to the channels of some panels.
template <class Isa, int kVectors>
MOTE_INLINE void add_input(typename Isa::Floats::Type* acc, float x, const float* w,
                           int panel_size) {
  using V = typename Isa::Floats;
  const typename V::Type input = V::broadcast(x);
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v)
    V::multiply_add(acc[v], input, V::load(place_in_panels<Isa>(w, v, panel_size)));
}

/// Stores kRows pixels within the bounds of the activation.
template <class Isa, int kRows, int kVectors>
MOTE_INLINE void finish(const typename Isa::Floats::Type (*acc)[kVectors], const FloatTileArgs& a) {
  using V = typename Isa::Floats;
  constexpr int kChannels = kVectors * V::kLanes;
  const typename V::Type low = V::broadcast(a.act_min), high = V::broadcast(a.act_max);
  const int channels = a.channels;
  float whole[kRows * kChannels];  // where not all channels are wanted
  float* out = channels < kChannels ? whole : a.out;
  const int stride = channels < kChannels ? kChannels : a.out_stride;
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v)
      V::store(out + r * stride + v * V::kLanes, V::min_of(V::max_of(acc[r][v], low), high));
  for (int r = 0; channels < kChannels && r < kRows; ++r)
    for (int c = 0; c < channels; ++c) a.out[r * a.out_stride + c] = whole[r * kChannels + c];
}

}  // namespace internal

/// out = act(sum in * filter + bias) of kRows pixels by kPanels panels.
template <class Isa, int kRows, int kPanels>
[[gnu::noinline]] void float_tile(const FloatTileArgs& a) {
  using V = typename Isa::Floats;
  constexpr int kVectors = kPanels * kPanelVectors<Isa>;
  typename V::Type acc[kRows][kVectors];
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) acc[r][v] = V::broadcast(0);
  const float* w = a.filter;
  for (int i = 0; i < a.run_count; ++i) {
    const float* x = a.runs[i] + a.first;
    for (int s = 0; s < a.steps; ++s, ++x, w += Isa::kFloatLayout.columns) {
      typename V::Type weights[kVectors];
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; ++v)
        weights[v] = V::load(internal::place_in_panels<Isa>(w, v, a.panel_size));
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) {
        const typename V::Type input = V::broadcast(x[r * a.pixel_stride]);
#pragma GCC unroll 16
        for (int v = 0; v < kVectors; ++v) V::multiply_add(acc[r][v], input, weights[v]);
      }
    }
  }
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) acc[r][v] = V::add(acc[r][v], V::load(a.bias + v * V::kLanes));
  internal::finish<Isa, kRows>(acc, a);
}

/// The same of one pixel and one run, a.runs[0], where weights are used once and come from afar:
/// kSums sums a channel, which are added up last, two by two, do not wait for each other.
template <class Isa, int kPanels>
[[gnu::noinline]] void float_product(const FloatTileArgs& a) {
  using V = typename Isa::Floats;
  constexpr int kVectors = kPanels * kPanelVectors<Isa>, kColumns = Isa::kFloatLayout.columns;
  constexpr int kSums = 4;
  typename V::Type acc[kSums][kVectors];
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 16
    for (int j = 0; j < kSums; ++j) acc[j][v] = V::broadcast(0);
  const float *x = a.runs[0], *w = a.filter;
  int s = 0;
  for (; s + kSums <= a.steps; s += kSums, x += kSums, w += kSums * kColumns)
#pragma GCC unroll 16
    for (int j = 0; j < kSums; ++j)
      internal::add_input<Isa, kVectors>(acc[j], x[j], w + j * kColumns, a.panel_size);
  for (; s < a.steps; ++s, ++x, w += kColumns)
    internal::add_input<Isa, kVectors>(acc[0], *x, w, a.panel_size);
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v) {
    const typename V::Type sum = V::add(V::add(acc[0][v], acc[2][v]), V::add(acc[1][v], acc[3][v]));
    acc[0][v] = V::add(sum, V::load(a.bias + v * V::kLanes));
  }
  internal::finish<Isa, 1>(acc, a);
}

/// Depthwise: kRows pixels of one panel; each run is one tap. Products are added in the order of
/// the taps, beginning with the bias, each rounded once: as depthwise_conv_2d_f32_fused does.
template <class Isa, int kRows>
[[gnu::noinline]] void float_depthwise(const FloatTileArgs& a) {
  using V = typename Isa::Floats;
  constexpr int kVectors = kPanelVectors<Isa>;
  typename V::Type acc[kRows][kVectors];
#pragma GCC unroll 16
  for (int v = 0; v < kVectors; ++v)
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) acc[r][v] = V::load(a.bias + v * V::kLanes);
  const float* w = a.filter;
  for (int i = 0; i < a.run_count; ++i, w += Isa::kFloatLayout.columns) {
    const float* x = a.runs[i] + a.first;
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v) {
      const typename V::Type weights = V::load(w + v * V::kLanes);
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r)
        V::multiply_add(acc[r][v], V::load(x + r * a.pixel_stride + v * V::kLanes), weights);
    }
  }
  internal::finish<Isa, kRows>(acc, a);
}

}  // namespace mote::isa
