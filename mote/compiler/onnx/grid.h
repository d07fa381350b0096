#pragma once

#include <map>

#include "mote/compiler/graph/graph.h"

namespace mote::onnx {

/// How numbers were stored that are given as reals: real = scale * (stored - zero point). What ONNX
/// has in unsigned integers is given as signed ones, the zero point with them.
struct Grid {
  DType type = DType::kInt8;  ///< INT8 or INT16
  graph::Quantization quant;
};

/// By tensor of a graph: constants of floats that are integers in the file.
using Grids = std::map<int, Grid>;

}  // namespace mote::onnx
