#pragma once

#include "mote/compiler/passes/pass.h"

/// Loops in files of TensorFlow Lite: WHILE, and what it takes to run models that have it.
namespace mote::passes {

/// The most rounds that a loop is written out for.
inline constexpr int kMostRounds = 1 << 14;

/// Whether there is something for the pass unroll_loops to do: a WHILE, or an operator whose
/// output's shape depends on numbers that are computed.
bool has_loops(const graph::Model& model);

}  // namespace mote::passes
