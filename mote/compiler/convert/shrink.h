#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/certificate.h"
#include "mote/support/result.h"

namespace mote::convert {

/// What shrinking took out.
struct Shrunk {
  std::vector<std::string> lines;  ///< what each pass did, a sentence each
  passes::Certificate certificate;
};

/// Takes out of a model, as its file has it, what no output depends on: dead channels, operators
/// that do nothing, what depends on constants alone. Then every tensor that is left is used. For
/// every input the outputs are the same bits; operators, types and ports stay those of files.
///
/// @returns what went, or
/// - kUnsupported: operators that mote cannot run, and so not look into; or a model with UINT8 and
///   INT8 activations whose one kind could not be told from the other afterwards.
Result<Shrunk> shrink(graph::Model& model);

}  // namespace mote::convert
