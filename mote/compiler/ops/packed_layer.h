#pragma once

#include "mote/compiler/ops/tiled_layer.h"

namespace mote::ops {

/// Only in programs that link mote::packed_layers, which compile for small processors; elsewhere
/// there is nothing at this address.
///
/// Adds the call that computes an int8 layer from a packed stream, as lowering.target().packed
/// wants it.
///
/// @returns false, having done nothing, where the target's kernels do not take the layer: groups,
/// depthwise multipliers over several channels, filters with a zero point, very many taps, or
/// rescales that have neither of packed_rescale()'s forms.
[[gnu::weak]] bool lower_packed(const TiledLayer& layer, Lowering& lowering);

}  // namespace mote::ops
