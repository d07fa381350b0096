#pragma once

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/pass.h"
#include "mote/compiler/passes/stream_flow.h"

namespace mote::passes {

/// Makes the network take the new columns of its window, and keep in variables what else its nodes
/// need of the columns before. `flow` must be without misfit.
///
/// Before the first run, the variables hold what they hold in a window full of the input's zero
/// point.
///
/// @returns what it did, or what evaluating such a window with the scalar kernels says.
Result<Changes> rewrite_for_stream(graph::Model& model, const Context& context, const Flow& flow);

}  // namespace mote::passes
