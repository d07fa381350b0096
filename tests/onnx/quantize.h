#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mote/compiler/onnx/file.h"

/// Makes quantised ONNX models of float ones, in the forms that files have, for tests of the
/// reader.
namespace mote::tests {

/// What a quantised file is like.
struct QuantizedForm {
  const char* name;
  DType activations = DType::kUint8;
  bool symmetric = false;  ///< activations have the zero point in the middle
  DType weights = DType::kInt8;
  bool per_channel = true;  ///< of weights; symmetric, as all of INT8 are
  /// Weights of 7 bits, as ONNX Runtime advises for processors whose 8-bit products saturate.
  bool reduced = true;
  bool stores_floats = false;  ///< weights as floats that are quantised first; biases as floats
  bool integer_ports = false;  ///< inputs and outputs without QuantizeLinear and DequantizeLinear
  bool has_operators = false;  ///< QLinearConv and others in place of floats between the two
  int opset = 14;
};

/// Forms of networks, and of operators alone.
extern const std::vector<QuantizedForm> kNetworkForms, kOperatorForms;

/// The least and largest of each value.
using Ranges = std::map<std::string, std::pair<float, float>>;

/// The ranges of all values of a float network of one input, over `count` inputs of normally
/// distributed numbers.
Ranges measure_ranges(const onnx::File& file, int count);

/// The network with its convolutions, products, sums, pools, ... quantised as ONNX Runtime's
/// quantize_static does it: Relu and Clip stay behind what they limit, weights have a scale an
/// output channel, biases are INT32.
onnx::File quantize(const onnx::File& file, const Ranges& ranges, const QuantizedForm& form);

}  // namespace mote::tests
