#pragma once

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/onnx/grid.h"

namespace mote::onnx {

/// Lets operators of floats that stand between DEQUANTIZE and QUANTIZE compute with the integers,
/// as TensorFlow Lite's operators for INT8 and INT16 do. `grids` tells which constants were such
/// integers in the file.
///
///   weighted layers, sums,    INT8 where all inputs are, and all that reads the output makes
///   products, pools, ...      integers of one scale of it, be it behind RELU, RESHAPE, ...
///   what only moves, selects  INT8 wherever the inputs are
///   or limits elements
///   all else                  stays as it is, between DEQUANTIZE and QUANTIZE
///
/// Results differ from those in floats by a rounding: by one unit at most in each operator.
void compute_with_integers(graph::Model& model, const Grids& grids);

}  // namespace mote::onnx
