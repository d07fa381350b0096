#pragma once

#include <cstdint>

#include "mote/compiler/graph/graph.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// From a model to a program: the list of steps, readable as a table of contents.
namespace mote::compiler {

struct Options {
  std::int64_t arena_limit = std::int64_t{1} << 31;  ///< bytes that the plan may use
};

/// Verifies, checks, lowers and plans `model`.
///
/// The program holds copies of all it needs; the model may go afterwards.
///
/// @returns the program, or
/// - kBadInput: the graph contradicts itself;
/// - kUnsupported: operators that mote lacks, or forms of them: all of them, a line each;
/// - kOutOfMemory: the arena would be larger than the limit; the message names the largest moment.
Result<program::Program> compile(const graph::Model& model, const Options& options = {});

}  // namespace mote::compiler
