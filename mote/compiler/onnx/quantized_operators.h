#pragma once

#include "mote/compiler/onnx/file.h"
#include "mote/support/result.h"

namespace mote::onnx {

/// The same network with operators of floats between DequantizeLinear and QuantizeLinear, where the
/// file has ones of integers:
///
///   QLinearConv, QLinearMatMul; QLinearAdd, QGemm and others of com.microsoft
///   what moves or selects elements (MaxPool, Reshape, Concat, ...) of values with a scale
///
/// The nodes in their place keep the index, and the operator's name as Node::written.
///
/// @returns the network, or
/// - kBadInput: such a node has not all its inputs;
/// - kUnsupported: a form of one that mote does not read; the message names the node.
Result<File> without_quantized_operators(File file);

}  // namespace mote::onnx
