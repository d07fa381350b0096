#pragma once

#include "mote/compiler/onnx/importer.h"
#include "mote/compiler/onnx/numbers.h"

/// What can be computed when a model is read.
namespace mote::onnx {

/// Computes a node whose inputs are constants, or that asks for a shape alone. @returns whether it
/// did; errors of nodes that contradict themselves.
Result<bool> fold(Importer& importer, const Node& node);

}  // namespace mote::onnx
