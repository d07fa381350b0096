#pragma once

#include <string>
#include <vector>

#include "mote/compiler/onnx/file.h"

/// Small models of one operator, or of few, in float32, of one input 'x' and one output 'y'.
namespace mote::tests {

struct OperatorModel {
  std::string name;
  onnx::File file;
};

/// Operators that are often quantised.
std::vector<OperatorModel> quantizable_operators();

/// Operators that came with opset 14 to 21, or have another form since.
std::vector<OperatorModel> later_operators();

}  // namespace mote::tests
