#pragma once

#include "mote/compiler/ops/tiled_layer.h"

namespace mote::ops {

/// lower_tiled() of a layer on float32.
bool lower_tiled_floats(const TiledLayer& layer, Lowering& lowering);

/// The same of a hybrid convolution: as one on floats that are whole numbers, between a call that
/// makes them and one that scales the sums. Only where no sum that can occur leaves what float32
/// holds exactly; the packed filter takes four times what the model's does.
bool lower_tiled_hybrid(const TiledLayer& layer, Lowering& lowering);

}  // namespace mote::ops
