#pragma once

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/onnx/builder.h"
#include "mote/support/result.h"

namespace mote::bench {

using OnnxPort = onnx::WrittenPort;

/// An ONNX file of a network with one input and one output.
struct OnnxFile {
  std::string bytes;
  OnnxPort input, output;
};

/// The network as ONNX Runtime runs it fastest on a CPU: integer operators (QLinearConv, QGemm),
/// filters in int8 with a scale a channel, and activations in uint8, so that the peer's dot
/// products take the form that VNNI has. Where the model has int8, each activation is 128 more than
/// mote's, inputs and outputs too.
///
/// Activations stay in NHWC (ONNX Runtime's channels_last), so no transposition is needed, and
/// filters are transposed here. Float layers become Gemm.
///
/// @returns the file, or kUnsupported naming an operator or form that is not of
/// the networks which the bench compares.
Result<OnnxFile> to_onnx(const graph::Model& model);

}  // namespace mote::bench
