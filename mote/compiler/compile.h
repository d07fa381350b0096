#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/pass.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// From a model to a program: the list of steps, readable as a table of contents.
namespace mote::compiler {

/// The most threads that a program can be split for.
inline constexpr int kMaxThreads = 64;

struct Options {
  std::string isa = "scalar";                        ///< whose kernels to call: as Program::isa
  std::int64_t arena_limit = std::int64_t{1} << 31;  ///< bytes that the plan may use

  int threads = 1;         ///< 1..kMaxThreads: split calls that are worth it for so many
  bool split_all = false;  ///< split also what is not worth it: for tests

  bool shrink = true;        ///< take out channels that no output depends on
  bool share_memory = true;  ///< let results lie over inputs, and parts in what they are parts of

  /// Let each run take the new columns of a window that slides over a stream, and give what the
  /// network gives for the window that ends with them. The stream begins behind a window full of
  /// the input's zero point.
  std::optional<passes::Stream> stream = std::nullopt;

  /// Let layers run in bands of rows where that makes the arena smaller; the same results.
  std::optional<passes::Bands> bands = std::nullopt;

  /// Let the model have loops. What comes of those may be GRUs: programs call with_gru(), too.
  std::optional<passes::Loops> loops = std::nullopt;

  /// Called after each pass, with what it did and what it left.
  passes::Observer observer = nullptr;
};

/// What compile() gives to the passes: lowering for an arena without a limit.
passes::Context pass_context();

/// Verifies and checks `model`, improves it pass by pass, lowers and plans it.
///
/// The program holds copies of all it needs.
///
/// @returns the program, or
/// - kUsage: a number of threads, an axis or a hop outside of its range;
/// - kBadInput: the graph contradicts itself;
/// - kUnsupported: operators that mote lacks, or forms of them: all of them, a line each;
///   or a network in which no column of a window can be kept for the next;
/// - kOutOfMemory: the arena would be larger than the limit; the message names the largest moment.
Result<program::Program> compile(graph::Model model, const Options& options = {});

/// Makes GRU known, which no file of TensorFlow Lite has: compile() and what runs programs take it
/// in programs that call this, and others are no larger for it.
void with_gru();

}  // namespace mote::compiler
