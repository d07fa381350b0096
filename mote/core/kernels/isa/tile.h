#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

/// What instruction sets with wide registers are given and how they want it. Portable: compilers
/// for any machine pack for any other.
namespace mote::isa {

/// How an instruction set wants filters of convolutions and matrix products: in panels of `columns`
/// output channels, of which each step multiplies `depth` neighbouring inputs.
///
///     panel 0   step 0   channel 0: w[0] w[1] w[2] w[3], channel 1: w[0] ..., ... channel 15: ...
///               step 1   channel 0: w[4] w[5] w[6] w[7], ...
///
/// Inputs lie in runs of neighbours (a row of the filter, or one tap of it); each run begins a new
/// step, and what the last step of a run has too much is zero.
struct TileLayout {
  int columns = 0;   ///< channels of a panel; 0: the instruction set has no tiles
  int depth = 0;     ///< inputs of a step
  int row_bias = 0;  ///< added to each int8 when rows are copied (128: to make it unsigned)
  /// Added by the tiles to inputs of every second step of a run, and of a depthwise filter's taps.
  int tap_bias = 0;

  int depthwise_panels =
      1;  ///< most panels of a depthwise block, a power of two; see depthwise_place
  int depthwise_turn = 4;  ///< channels of a panel that stay together in such a block

  /// Channels of the layers for which there is a kernel with 16 pixels across a register; 0: none.
  int across_channels = 0;
  /// Most channels of the layers for which there is a kernel that sums along registers; 0: none.
  int dot_channels = 0;
  bool float_rescale = false;     ///< see TileRescale
  bool interleaves_rows = false;  ///< whether there is depthwise_conv_2d_columns_s8

  /// Whether a filter has a panel of ones behind it, which sums inputs up: where filters are
  /// asymmetric, and for `exact` rescales where these are so rare that they share that code.
  constexpr bool has_ones(int filter_offset, bool is_single) const {
    return filter_offset != 0 || (float_rescale && !is_single);
  }
  constexpr int panels(int channels) const { return (channels + columns - 1) / columns; }
  constexpr int steps(int run) const { return (run + depth - 1) / depth; }
  constexpr int step_bytes() const { return columns * depth; }
  /// What tiles add to an input in some step of a run, or of a depthwise filter's taps.
  constexpr int bias_in(int step) const { return step % 2 == 0 ? 0 : tap_bias; }
};

/// Of int8, and of floats: these are packed in steps of one input.
inline constexpr TileLayout kScalarTilesLayout = {.columns = 4, .depth = 1};
inline constexpr TileLayout kAvx2Layout = {.columns = 8, .depth = 2};
inline constexpr TileLayout kAvx512VnniLayout = {.columns = 16,
                                                 .depth = 4,
                                                 .row_bias = 128,
                                                 .depthwise_panels = 4,
                                                 .across_channels = 8,
                                                 .dot_channels = 4,
                                                 .float_rescale = true,
                                                 .interleaves_rows = true};
inline constexpr TileLayout kNeonLayout = {
    .columns = 8, .depth = 2, .tap_bias = 1, .depthwise_panels = 2, .depthwise_turn = 8};
inline constexpr TileLayout kNeonDotLayout = {
    .columns = 8, .depth = 4, .depthwise_panels = 2, .depthwise_turn = 8};

inline constexpr TileLayout kScalarTilesFloatLayout = {.columns = 2, .depth = 1};
inline constexpr TileLayout kAvx2FloatLayout = {.columns = 8, .depth = 1};
inline constexpr TileLayout kAvx512FloatLayout = {.columns = 16, .depth = 1};
inline constexpr TileLayout kNeonFloatLayout = {.columns = 8, .depth = 1};

/// Whether such a kernel takes rows of so many outputs, whose inputs begin `pixel_stride` bytes
/// apart.
constexpr bool across_fits(int out_w, int pixel_stride) {
  return out_w >= 16 && (pixel_stride <= 4 || pixel_stride == 6 || pixel_stride == 8);
}

/// How kernels that sum along registers want filters: each channel by itself, 64 inputs a step.
constexpr TileLayout dots_layout(const TileLayout& layout) {
  return {.columns = 1, .depth = 64, .row_bias = layout.row_bias};
}

/// Taps of a depthwise filter, by steps: column by column where a column fits a step well, so that
/// neighbouring pixels can share what they made of it; else one after another.
struct DepthwiseTaps {
  int filter_h, filter_w;
  int depth;  ///< of a step

  constexpr bool by_columns() const { return depth == 4 && (filter_h == 3 || filter_h == 4); }
  constexpr int steps() const {
    return by_columns() ? filter_w : (filter_h * filter_w + depth - 1) / depth;
  }
  /// Where a tap stands among those of all steps.
  constexpr int place(int ky, int kx) const {
    return by_columns() ? kx * depth + ky : ky * filter_w + kx;
  }
};

/// Depthwise filters are packed in blocks of several panels, as many as fit, a power of two.
constexpr int depthwise_block(const TileLayout& layout, int panels_left) {
  int block = layout.depthwise_panels;
  while (block > panels_left) block /= 2;
  return block;
}

/// Where the numbers of a channel stand among those of all channels, in filters and arrays of
/// depthwise layers. In a block of several panels, `depthwise_turn` channels of each panel take
/// turns; four of 16: 0-3, 16-19, 32-35, 48-51, 4-7, ...
constexpr int depthwise_place(const TileLayout& layout, int channels, int channel) {
  const int turn = layout.depthwise_turn;
  int first = 0;
  for (int left = layout.panels(channels);;) {
    const int block = depthwise_block(layout, left), size = block * layout.columns;
    if (channel < first + size) {
      const int panel = (channel - first) / layout.columns, i = (channel - first) % layout.columns;
      return first + (i / turn * block + panel) * turn + i % turn;
    }
    first += size;
    left -= block;
  }
}

/// How a `single` rescale in floating point rounds. Fused multiplications and additions round in
/// the same direction as what follows them.
enum class Rounding {
  kDown,    ///< floor(a' * multiplier + addend), the zero point being part of addend
  kToZero,  ///< trunc(a' * multiplier + (a' * rest + copysign(addend, a'))) + output_offset
};

/// How accumulators of a tile become outputs, a channel each; arrays padded with zeros to whole
/// panels. With a' = acc + bias (mod 2^32), where `bias` has what offsets of inputs and filters
/// add:
///
///   single   ((a' * multiplier >> 32) + addend) >> shift, the zero point being part of addend. The
///            compiler uses it where it has proved that it gives requantize() + zero point,
///            clamped, for every sum that can occur.
///   exact    requantize(a' << addend, multiplier, -shift) + output_offset
///
/// Where the layout says float_rescale, `single` is one of the forms of Rounding, proved in the
/// same way: all arrays but the bias are float32 (their bits), and the shift is the multiplier's
/// rest.
struct TileRescale {
  const int32_t* bias;
  const int32_t* multiplier;
  const int32_t* addend;
  const int32_t* shift;
};

/// One tile: some pixels of a row by some panels of channels.
struct TileArgs {
  const int8_t* const* runs;  ///< where each run of the first pixel's inputs begins
  int run_count, steps;       ///< steps of one run
  int pixel_stride;           ///< bytes from one pixel's inputs to the next one's
  const int8_t* filter;       ///< the first panel
  int panel_bytes;            ///< from one panel to the next
  const int8_t* ones;         ///< a panel that sums the inputs up, for filter_offset; or nullptr
  TileRescale by;             ///< of the first panel's channels
  int8_t* out;                ///< of the first pixel and channel
  int out_stride;             ///< bytes from one pixel's outputs to the next one's
  int channels;               ///< to store; of the last panel not all may be wanted
  int filter_offset, output_offset, act_min, act_max;
  Rounding rounding;
};

/// A depthwise convolution of one or two output rows and one panel of channels, whose inputs lie
/// column by column: four bytes an element, from four rows one below another.
struct ColumnArgs {
  const int8_t* in;       ///< the first output's first column
  int tap_step;           ///< bytes from one tap's column to the next one's
  int in_step;            ///< bytes from one output's columns to the next one's
  const int8_t* filter;   ///< the first tap: four bytes a channel
  int filter_step, taps;  ///< bytes from one tap to the next; taps of a row
  TileRescale by;         ///< `single`, of the panel's channels
  int8_t* out;            ///< of the first row
  int out_step;           ///< bytes from one output's channels to the next one's
  int row_bytes;          ///< from one row of outputs to the next
  int pixels, channels;   ///< outputs of a row; channels to store
  int output_offset, act_min, act_max;
  Rounding rounding;
};

}  // namespace mote::isa
