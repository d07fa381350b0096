#pragma once

#include <map>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/assign.h"
#include "mote/compiler/quantize/options.h"
#include "mote/support/result.h"

namespace mote::quantize {

/// A float network as a quantised one.
struct Converted {
  graph::Model model;
  /// By tensor of the float network: the same value in this one, -1 where it is gone.
  std::vector<int> tensors;
  /// By node of the float network: its place among this one's nodes.
  std::vector<int> nodes;
};

/// By the place of a weighted node in the float network: its bias, a channel each, in place of
/// the one that it has there.
using Biases = std::map<int, std::vector<float>>;

/// Writes the network down as `assignment` says, with QUANTIZE and DEQUANTIZE where a value is read
/// otherwise than it is made.
///
///   weights   INT8, symmetric, a scale a channel (FULLY_CONNECTED: one, unless
///             options.per_channel_dense)
///   biases    INT32, of INT16 activations INT64; scale of the input times that of the filter
///   inputs and outputs of FLOAT32 become integers, unless options.float_io
Converted convert(const graph::Model& model, const Assignment& assignment, const Options& options,
                  const Biases& biases = {});

}  // namespace mote::quantize
