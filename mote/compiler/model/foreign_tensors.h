#pragma once

#include <span>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::model {

/// A tensor of an element type that files have and mote's graph has not.
struct ForeignTensor {
  int tensor;        ///< index into the subgraph's
  const char* type;  ///< TensorFlow Lite's name
};

/// Real files keep tensors that nothing reads: these lose their data and stay. One that is used is
/// an error.
///
/// @returns kUnsupported, naming the first three that are used, and by what.
Result<void> drop_foreign_tensors(graph::Graph& graph, int subgraph,
                                  std::span<const ForeignTensor> foreign);

}  // namespace mote::model
