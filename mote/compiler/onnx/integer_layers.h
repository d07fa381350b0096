#pragma once

#include "mote/compiler/onnx/integer_rules.h"

namespace mote::onnx {

/// compute_as_integers() for layers with weights, and for averages over windows.
bool compute_layer(Twins& twins, const graph::Node& node);

}  // namespace mote::onnx
