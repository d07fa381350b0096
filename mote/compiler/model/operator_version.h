#pragma once

#include "mote/compiler/graph/graph.h"

namespace mote::model {

/// The least version of the builtin operator in which TensorFlow Lite takes these types and
/// options: what its converter writes, and what a runtime looks its kernel up by. 1 for custom
/// operators and for those that never changed.
int operator_version(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::model
