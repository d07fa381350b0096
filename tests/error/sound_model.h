#pragma once

#include "mote/compiler/graph/graph.h"

namespace mote::tests {

/// A small model without a defect:
///
/// in [1, 4, 4, 1] -> node 0 CONV_2D -> conv [1, 2, 2, 2] -> node 1 RESHAPE -> out [1, 8].
///
///   tensors  0 in   1 filter   2 bias   3 conv   4 shape   5 out
///   buffers  0 empty   1 filter   2 bias   3 shape
graph::Model sound_model();

}  // namespace mote::tests
