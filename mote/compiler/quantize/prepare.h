#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

/// A float network as the quantiser wants it: the same function, with fewer values in between.
namespace mote::quantize {

/// @returns kBadInput where there is nothing to quantise: a model that is quantised already, or
/// whose inputs are not floats, naming the tensor; kUnsupported for several subgraphs.
Result<void> check_float(const graph::Model& model);

/// Scales and offsets behind a layer become part of its weights (batch normalisation that an
/// exporter has left alone); SQUARE becomes MUL, DIV by a constant MUL by its inverse; activations
/// that read an operator's result alone are fused into it, through RESHAPEs. Real numbers stay as
/// they are but for rounding.
///
/// @returns a sentence for each change.
std::vector<std::string> prepare(graph::Model& model);

}  // namespace mote::quantize
