#pragma once

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/float_tile.h"
#include "mote/core/kernels/tiled_rows.h"

/// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on float32 for instruction sets with tiles, from
/// filters that the compiler has packed as Isa::kFloatLayout says:
///
///   in      [batch, height, width, depth]
///   filter  [panels, elements of one]
///   bias    [panels * columns]
///   rows    [elements]                    memory to work in, RowLayout's; none where rows of the
///                                         input can be read as they are
///   out     [batch, out height, out width, channels]
///
/// out = act(sum in * filter + bias), products rounded once with their sums; each output is summed
/// in the same order however a layer is parted, and whatever the instruction set.
namespace mote::kernels {

template <class A>
concept TiledFloatAttributes = RowAttributes<A> && FloatOutput<A>;

namespace internal {

/// Goes on to the channels behind the next `panels` panels.
template <class Isa>
MOTE_INLINE void advance(isa::FloatTileArgs& args, int panels) {
  const int channels = panels * Isa::kFloatLayout.columns;
  args.filter += panels * args.panel_size;
  args.bias += channels;
  args.out += channels;
  args.channels -= channels;
}

/// Tiles of one width: of `most` pixels, of `some`, and of one.
struct FloatTiles {
  using Tile = void (*)(const isa::FloatTileArgs&);
  int most, some;
  Tile of_most, of_some, of_one;
};

template <class Isa, int kPanels>
MOTE_INLINE FloatTiles float_tiles() {
  constexpr int kMost = Isa::kFloatRows, kSome = kMost / 2;
  return {kMost, kSome, isa::float_tile<Isa, kMost, kPanels>, isa::float_tile<Isa, kSome, kPanels>,
          isa::float_tile<Isa, 1, kPanels>};
}

template <class Isa>
MOTE_INLINE FloatTiles float_depthwise_tiles() {
  constexpr int kMost = 4;
  return {kMost, kMost, isa::float_depthwise<Isa, kMost>, isa::float_depthwise<Isa, kMost>,
          isa::float_depthwise<Isa, 1>};
}

/// The pixels of one output row; what is read begins `first_channel` further than the runs do. The
/// last tile begins where it ends with the row.
template <class Isa>
[[gnu::noinline]] void float_row(isa::FloatTileArgs args, int pixels, int first_channel,
                                 const FloatTiles& tiles) {
  float* first_out = args.out;
  for (int x = 0; x < pixels;) {
    const bool takes_most = pixels >= tiles.most && pixels - x > tiles.some;
    const int size = takes_most ? tiles.most : pixels >= tiles.some ? tiles.some : 1;
    x = min_of(x, pixels - size);
    args.first = x * args.pixel_stride + first_channel;
    args.out = first_out + x * args.out_stride;
    (takes_most ? tiles.of_most : size == tiles.some ? tiles.of_some : tiles.of_one)(args);
    x += size;
  }
}

/// All channels of one output row.
template <class Isa>
MOTE_INLINE void float_channels(isa::FloatTileArgs args, int pixels, bool is_depthwise) {
  constexpr int kColumns = Isa::kFloatLayout.columns;
  const FloatTiles one = is_depthwise ? float_depthwise_tiles<Isa>() : float_tiles<Isa, 1>();
  const FloatTiles two = is_depthwise ? one : float_tiles<Isa, 2>();
  for (int c = 0; args.channels > 0;) {
    const int panels = !is_depthwise && args.channels > kColumns ? 2 : 1;
    float_row<Isa>(args, pixels, is_depthwise ? c : 0, panels == 2 ? two : one);
    c += panels * kColumns;
    advance<Isa>(args, panels);
  }
}

/// Both convolutions: a run of a plain one is a row of the filter where taps are neighbours, else,
/// as of a depthwise one, a tap.
template <class Isa, class Attrs, class In, class Filter, class Bias, class Rows, class Out>
[[gnu::noinline]] void tiled_f32(const Attrs& attrs, const TensorView<const float, In>& in,
                                 const TensorView<const float, Filter>& filter,
                                 const TensorView<const float, Bias>& bias,
                                 const TensorView<float, Rows>& rows,
                                 const TensorView<float, Out>& out, bool is_depthwise) {
  const int depth = in.shape[3];
  const bool dense = attrs.dilation_w == 1 && !is_depthwise;
  const RowLayout layout(attrs, in.shape[1], depth, out.shape[1], out.shape[2]);
  Runs runs;
  for (int ky = 0; ky < attrs.filter_h; ++ky)
    for (int kx = 0; kx < (dense ? 1 : attrs.filter_w); ++kx)
      runs.add(ky, kx * attrs.dilation_w * depth);
  const isa::FloatTileArgs args = {.steps = dense ? attrs.filter_w * depth : depth,
                                   .pixel_stride = attrs.stride_w * depth,
                                   .filter = filter.data,
                                   .panel_size = filter.shape[1],
                                   .bias = bias.data,
                                   .channels = out.shape[3],
                                   .act_min = attrs.act_min,
                                   .act_max = attrs.act_max};
  for_each_row<Isa>(
      attrs, in, layout, rows.shape[0] > 0 ? rows.data : nullptr, runs, args, out,
      [&](const isa::FloatTileArgs& row) { float_channels<Isa>(row, out.shape[2], is_depthwise); });
}

}  // namespace internal

template <class Isa, TiledFloatAttributes Attrs, class In, class Filter, class Bias, class Rows,
          class Out>
void conv_2d_tiled_f32(const Attrs& attrs, TensorView<const float, In> in,
                       TensorView<const float, Filter> filter, TensorView<const float, Bias> bias,
                       TensorView<float, Rows> rows, TensorView<float, Out> out) {
  internal::tiled_f32<Isa>(attrs, in, filter, bias, rows, out, /*is_depthwise=*/false);
}

/// A panel of the filter is packed tap by tap.
template <class Isa, TiledFloatAttributes Attrs, class In, class Filter, class Bias, class Rows,
          class Out>
void depthwise_conv_2d_tiled_f32(const Attrs& attrs, TensorView<const float, In> in,
                                 TensorView<const float, Filter> filter,
                                 TensorView<const float, Bias> bias, TensorView<float, Rows> rows,
                                 TensorView<float, Out> out) {
  internal::tiled_f32<Isa>(attrs, in, filter, bias, rows, out, /*is_depthwise=*/true);
}

/// One row: in [1, depth], out [1, units].
template <class Isa, FloatOutput Attrs, class In, class Filter, class Bias, class Out>
void fully_connected_tiled_f32(const Attrs& attrs, TensorView<const float, In> in,
                               TensorView<const float, Filter> filter,
                               TensorView<const float, Bias> bias, TensorView<float, Out> out) {
  const float* run = in.data;
  isa::FloatTileArgs args = {.runs = &run,
                             .run_count = 1,
                             .steps = in.shape[1],
                             .filter = filter.data,
                             .panel_size = filter.shape[1],
                             .bias = bias.data,
                             .out = out.data,
                             .channels = out.shape[1],
                             .act_min = attrs.act_min,
                             .act_max = attrs.act_max};
  for (; args.channels > Isa::kFloatLayout.columns; internal::advance<Isa>(args, 2))
    isa::float_product<Isa, 2>(args);
  if (args.channels > 0) isa::float_product<Isa, 1>(args);
}

}  // namespace mote::kernels
