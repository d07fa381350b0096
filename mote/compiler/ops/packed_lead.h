#pragma once

#include <cstdint>

#include "mote/compiler/ops/tiled_layer.h"
#include "mote/core/kernels/isa/packed.h"

/// How far the input of a packed layer must begin behind its output, in bytes, for outputs to be
/// written over inputs that were read for the last time: DraftCall::lead.
namespace mote::ops {

/// Of conv_2d_packed_s8, whose steps are some pixels each.
std::int64_t conv_lead(const TiledLayer& layer, const isa::PackedLayout& layout);

/// Of depthwise_conv_2d_packed_s8 and conv_2d_packed_rows_s8, whose steps are rows. Before they
/// write one they have copied so many rows of the input, counted from the first that the window
/// sees; 0: they read them where they are.
std::int64_t rows_lead(const TiledLayer& layer, int rows_ahead);

}  // namespace mote::ops
