#pragma once

#include "mote/compiler/passes/pass.h"

/// GRU and its form in TensorFlow Lite, which has no such operator: a chain of others for each step
/// in time. Both ways.
namespace mote::passes {

/// Writes each GRU as operators that TensorFlow Lite has, for files of that format:
///
///   FULLY_CONNECTED of the input with the weights, of all steps at once; UNPACK along time
///   a step:  FULLY_CONNECTED of the state with the recurrent weights; SPLIT of both into gates
///            update = LOGISTIC(ADD), reset = LOGISTIC(ADD)
///            candidate = TANH(ADD(., MUL(reset, .))) where linear_before_reset; otherwise the
///            candidate's FULLY_CONNECTED is of MUL(reset, state)
///            state = ADD(MUL(update, state), MUL(SUB(1, update), candidate))
///   PACK of all states along time
///
/// The outputs are the GRU's up to the rounding of floats. The graph is one that graph::verify()
/// accepts, tensors keep their indices; about 14 nodes a step take a GRU's place.
///
/// @returns a line for each GRU, or kUnsupported, with the model as it was, where one is quantised,
/// or keeps its state from run to run (a STREAM_WRITE of zeros before it says that each run begins
/// anew, as for what ONNX files have).
Result<Changes> unroll_gru(graph::Model& model);

/// Finds, in the first subgraph, chains that compute a GRU step by step, and puts one GRU in the
/// place of each, which begins every run with zeros: what unroll_gru() writes, and what Keras'
/// converter makes of GRU(unroll=True), in floats.
///
/// A chain is recognised where each step's state is computed from the one before as above, up to
/// the order of sums' and products' operands; weights and biases are the same constants' numbers in
/// every step; the first state is zero, as a constant or as what is left of the formulas then; and
/// the steps' inputs are all parts of one tensor along time, in order. Of anything else nothing
/// changes.
Result<Changes> recognise_gru(graph::Model& model);
/// The same only for chains whose states are computed by nodes that no file has (graph::kAdded):
/// what unroll_loops writes.
Result<Changes> recognise_added_gru(graph::Model& model);

}  // namespace mote::passes
