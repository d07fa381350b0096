#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/ops/lowering.h"
#include "mote/compiler/ops/target.h"
#include "mote/core/base/extents.h"
#include "mote/program/program.h"

/// Convolutions and matrix products in shares, for threads: each is the same kernel on some of the
/// pixels, images, rows or channels of the output. What sums are made of, and in which order,
/// stays.
namespace mote::ops {

/// A layer as its kernel sees it.
struct WindowedLayer {
  program::Attributes attrs;  ///< of a convolution
  Extents in, out;            ///< [batch, height, width, depth]
  int filter_h = 1, filter_w = 1;
  bool keeps_rows = false;  ///< the kernel cannot take pixels as one row of another length
  int channel_step = 0;     ///< channels may be parted at multiples of this; 0: not at all
};

/// One share of a layer; where its tensors begin in the layer's is in elements.
struct LayerShare {
  program::Attributes attrs;
  Extents in, out;
  std::int64_t in_first = 0, out_first = 0;
  int first_channel = 0;
};

/// At most `count` shares of about the same size; empty where there would be one only.
std::vector<LayerShare> layer_shares(const WindowedLayer& layer, int count);

/// The shares of a convolution without tiles: its operands are the input, the filter, what is for
/// all pixels alike, and the output. Empty where it is not worth it.
std::vector<program::Share> shares_of_plain(const DraftCall& call, bool is_depthwise,
                                            const Target& target);

}  // namespace mote::ops
