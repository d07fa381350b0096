#pragma once

#include "mote/compiler/onnx/integer_rules.h"

namespace mote::onnx {

/// compute_as_integers() for GRU: where its weights were INT8 with a scale a gate and no zero
/// point, its input is integers, and all that reads its output makes integers of it. Its state
/// becomes INT16.
bool compute_gru(Twins& twins, const graph::Node& node);

}  // namespace mote::onnx
