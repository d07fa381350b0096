#pragma once

#include "mote/compiler/ops/tiled_layer.h"

namespace mote::ops {

/// lower_tiled() of a layer on float32.
bool lower_tiled_floats(const TiledLayer& layer, Lowering& lowering);

}  // namespace mote::ops
