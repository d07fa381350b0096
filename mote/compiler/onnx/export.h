#pragma once

#include <cstddef>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::onnx {

/// Writes a model as ONNX, opset 13 (21 where values are INT16), with operators of the standard
/// only: what read_onnx() and other runtimes read.
///
///   images      whatever convolutions and pools read is [N, C, H, W] in the file, inputs and
///               outputs of the network too, and [N, H, W, C] in the graph. Nodes that move
///               elements are added only where an operator is about the graph's own order.
///   quantised   INT8, UINT8 and INT16 tensors become QuantizeLinear and DequantizeLinear round
///               operators on floats (QDQ); filters keep a scale a channel
///   LSTM, GRU   whose state is zero when a run begins become ONNX's own; a quantised GRU has
///               weights with a scale a row, those of a gate alike, and biases of floats
///
/// Deterministic: the same model gives the same bytes.
///
/// @returns the file's bytes, or
/// - kBadInput: the model violates graph::verify;
/// - kUnsupported: an operator or a form of one, or a type, that cannot be said; the message names
///   the node and its neighbours.
Result<std::vector<std::byte>> write_onnx(const graph::Model& model);

}  // namespace mote::onnx
