#pragma once

#include <climits>
#include <cstdint>
#include <optional>

#include "mote/compiler/ops/tiled_filter.h"
#include "mote/compiler/ops/tiled_layer.h"
#include "mote/core/kernels/isa/tile.h"

/// Layers in the form in which tiles take them: rows of pixels.
namespace mote::ops {

/// The most memory that rows of a layer may take, in bytes.
inline constexpr std::int64_t kMostRowBytes = std::int64_t{1} << 24;

inline constexpr int kUnlimited = INT_MAX;

/// The same layer in rows as long as they can be, where several may count as one; then at most
/// `most_elements` of the input make a row. A depthwise filter over one channel is a plain one.
TiledLayer row_form_of(const TiledLayer& layer, int most_elements);

/// The form for depthwise_conv_2d_columns_s8, which wants channels in their order and, where they
/// are few, neighbouring pixels folded into a panel. `layout` becomes that of its filters.
///
/// @returns nothing where the kernel does not take the layer.
std::optional<TiledLayer> columns_form_of(const TiledLayer& layer, isa::TileLayout& layout);

/// Whether kernels take the form: no groups, no depthwise multiplier, not very many taps.
bool has_kernel(const TiledLayer& tiled, const isa::TileLayout& layout);

/// Whether rows of the input can be read as they lie: they need no bias and no sorting, nothing
/// lies outside, and reading whole steps stays within the tensor.
bool reads_rows_in_place(const TiledLayer& tiled, const FilterRuns& runs,
                         const isa::TileLayout& layout);

}  // namespace mote::ops
