#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"

namespace mote::quantize {

/// Cross-layer equalisation (Nagel, van Baalen, Blankevoort, Welling, Data-free quantization
/// through weight equalization and bias correction, 2019): between two layers, each channel is
/// divided by a factor in the first and multiplied by it in the second, so that the largest weights
/// of the channel are alike in both. The network computes the same but for rounding.
///
/// Layers are CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED, of which the second alone reads what
/// the first makes, with nothing between but what a positive factor passes through: RELU, PAD,
/// RESHAPE, pools and means over places. RELU6 is nothing of the kind.
///
/// @returns a sentence for each pair.
std::vector<std::string> equalize(graph::Model& model);

}  // namespace mote::quantize
