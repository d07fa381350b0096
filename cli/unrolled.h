#pragma once

#include <string>
#include <vector>

#include "mote/compiler/convert/unroll_lstm.h"
#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::cli {

/// Puts operators that TensorFlow Lite has in the place of recurrent layers that begin each run
/// with zeros: GRUs step by step, LSTMs as `lstms` says; and writes loops out.
///
/// @returns a sentence for each, or kUnsupported: a form that has no other.
Result<std::vector<std::string>> unroll_recurrent(
    graph::Model& model, convert::LstmForm lstms = convert::LstmForm::kUnrolled);

/// The same for loops and GRUs alone, and for LSTMs alone.
Result<std::vector<std::string>> unroll_grus(graph::Model& model);
Result<std::vector<std::string>> unroll_lstms(
    graph::Model& model, convert::LstmForm lstms = convert::LstmForm::kUnrolled);

/// Puts one GRU in the place of each that is written step by step, as TensorFlow Lite's files have
/// them: for formats that have the operator.
Result<void> recognise_grus(graph::Model& model);

}  // namespace mote::cli
