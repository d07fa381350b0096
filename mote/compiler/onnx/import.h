#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::onnx {

/// Reads an ONNX model (operators of opset 7 to 21) as a Graph in TensorFlow Lite's operators.
///
/// Trusts nothing: any bytes give a model that satisfies graph::verify, or an error.
///
///   images            [N, C, H, W] becomes [N, H, W, C], inputs and outputs of the network too;
///                     [N, C, L] becomes [N, L, C] where convolutions and the like read it. No node
///                     moves elements for that, but where ONNX's order is what counts.
///   an open batch     one example
///   names             tensors are named as values are; control characters are replaced by '?'
///   shape arithmetic  is computed, as is all else whose inputs are constants
///
/// `source` is the file's name, for messages.
///
/// @returns the model, or
/// - kBadInput: the file is damaged, or contradicts itself;
/// - kUnsupported: an operator, a form of one, or a type that mote does not read; the message names
///   the node and its neighbours.
Result<graph::Model> read_onnx(std::span<const std::byte> bytes, const std::string& source);

/// Whether bytes may be an ONNX model, so that it is worth reading them as one.
bool may_be_onnx(std::span<const std::byte> bytes);

}  // namespace mote::onnx
