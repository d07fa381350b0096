#pragma once

#include <string>

#include "mote/compiler/graph/graph.h"

namespace mote::graph {

/// A long name's two ends: "model/activation/Relu;model/...odel/conv2d/Conv2D/resource1".
std::string short_name(const std::string& name);

/// The graph as text, for people: inputs, a line a node, outputs. The same graph gives the same
/// text.
///
///     input   %0 'in' INT8 [1, 4]
///     node 0 FULLY_CONNECTED  %3 'out' INT8 [1, 3] = %0, %1 INT8 [3, 4] constant, none
///       fused_activation_function 1
///     output  %3
std::string print(const Graph& graph);

}  // namespace mote::graph
