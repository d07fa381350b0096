#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::convert {

/// What to do about LSTMs whose state is zero when a run begins, as ONNX has them: TensorFlow
/// Lite's keep theirs from run to run.
enum class LstmForm : std::uint8_t {
  kUnrolled,  ///< a few operators a step, which keep nothing: the same in every run
  kStateful,  ///< one operator: the same as long as the program resets variables before each run
};

/// Puts operators of TensorFlow Lite in the place of each LSTM with state that is zero when a run
/// begins; others stay.
///
/// @returns a sentence for each, or kUnsupported: a form that has no other.
Result<std::vector<std::string>> rewrite_lstms(graph::Model& model, LstmForm form);

}  // namespace mote::convert
