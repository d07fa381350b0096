#pragma once

#include <optional>

#include "mote/compiler/ops/tiled_layer.h"
#include "mote/core/kernels/conv_2d_packed_rows.h"
#include "mote/core/kernels/isa/packed.h"
#include "mote/program/attrs_matrix.h"

namespace mote::ops {

/// The ring with which conv_2d_packed_rows_s8 computes a convolution.
///
/// @returns nothing where it does not take the layer, where conv_2d_packed_s8 is as quick by an
/// estimate of instructions, or where the ring takes more than half the bytes of the input.
std::optional<kernels::ExpandedRing> expanded_ring(const TiledLayer& layer,
                                                   const program::PackedAttrs& attrs,
                                                   const isa::PackedLayout& layout);

}  // namespace mote::ops
