#pragma once

#include "mote/compiler/ops/weighted_layer.h"
#include "mote/compiler/ops/window.h"

namespace mote::ops {

/// A convolution or matrix product on int8, as kernels with tiles see it: a matrix product is a
/// convolution with a filter of 1 x 1 over an image of one row.
struct TiledLayer {
  const WeightedLayer& layer;
  Window window;
  Extents in, out;  ///< [batch, height, width, depth]
  int filter_h = 1, filter_w = 1;
  bool is_depthwise = false;
  bool is_asymmetric = true;  ///< of a hybrid layer: inputs are quantised with a zero point
  // lower_tiled() decides:
  int fold = 1, phases = 1;  ///< as in TiledAttrs
  bool by_columns = false;   ///< depthwise_conv_2d_columns_s8
};

/// Adds the call that computes the layer by tiles, its filter packed for lowering.target().
///
/// @returns false, having done nothing, where the target has no tiles or its kernels do not take
/// the layer's form (groups, depthwise multipliers over several channels, filters of very many
/// taps).
bool lower_tiled(const TiledLayer& layer, Lowering& lowering);

}  // namespace mote::ops
