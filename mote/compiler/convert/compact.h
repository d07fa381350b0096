#pragma once

#include "mote/compiler/graph/graph.h"

/// From the graph that mote reads or makes to one that a file can say.
namespace mote::convert {

/// Takes out the tensors that no node, input or output uses, and numbers nodes as they stand. What
/// the model computes is the same; indices of tensors are not.
void compact(graph::Model& model);

}  // namespace mote::convert
