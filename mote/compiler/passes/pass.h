#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/certificate.h"
#include "mote/program/program.h"
#include "mote/support/result.h"

/// Passes turn a graph into a better one that computes the same bits. One pass, one file.
namespace mote::passes {

/// What a pass did.
struct Changes {
  /// A sentence each: "node 3 RESHAPE 'flat': left out, its output is its input".
  std::vector<std::string> lines;
  Certificate certificate;  ///< eliminate_dead_channels: why each channel may go

  /// Whether the graph is as it was. A pass that changes anything says so in a line.
  bool empty() const { return lines.empty(); }
};

struct Pass;
struct Context;
/// Called after a pass, with what it did and what it left.
using Observer = std::function<void(const Pass&, const Changes&, const graph::Model&)>;

extern const Pass run_in_bands;
extern const Pass stream_columns;

/// A window that slides over a stream: what the pass `stream_columns` is asked for. It brings the
/// pass with it, so that programs that never ask need not have that.
struct Stream {
  int axis = 1;  ///< of the network's first input: its columns are what the stream brings
  int hop = 1;   ///< columns that are new in each run
  const Pass* pass = &stream_columns;
};

/// Layers that may run in bands of rows: what the pass `run_in_bands` is asked for, and brings with
/// it.
struct Bands {
  /// The input, an image, is never in the arena as a whole: the caller keeps it, and each band asks
  /// for the rows that are new to it, in their order and for none twice.
  bool reads_rows = false;
  /// Called with each sentence about what was done, and at which price.
  std::function<void(const std::string&)> tell = nullptr;
  const Pass* pass = &run_in_bands;
};

/// Writes loops out and then finds GRUs in them: the passes `unroll_loops` and `recognise_gru`. The
/// model satisfies graph::verify(), before and afterwards; its operators need not be supported.
///
/// @returns kUnsupported, naming a loop that cannot be written out, or kBadInput.
Result<void> write_out_loops(graph::Model& model, const Context& context, const Observer& observer);

/// That models may have loops (WHILE), and what it takes to run those: what programs bring with
/// them that ask for it.
struct Loops {
  /// Put GRUs also in the place of chains of operators that the file itself has: the same up to the
  /// rounding of floats, in fewer calls. Those that were loops in the file are recognised anyway.
  bool recognise_gru = false;
  decltype(&write_out_loops) write_out = &write_out_loops;
};

/// What a pass may ask of the compiler that runs it.
struct Context {
  /// Checks a model, lowers and plans it as it stands; no pass runs.
  std::function<Result<program::Program>(const graph::Model&)> lower;
  std::optional<Stream> stream = std::nullopt;  ///< nothing: every run gets a whole window
  std::optional<Bands> bands = std::nullopt;    ///< what `run_in_bands` is asked for
  std::optional<Loops> loops = std::nullopt;    ///< what `recognise_gru` is asked for
  /// The same for the program as it is to be: with its instruction set, its memory shared.
  std::function<Result<program::Program>(const graph::Model&)> plan = nullptr;
};

/// A step from graph to graph.
///
/// `run` gets a model that satisfies graph::verify() and whose operators are all supported, and
/// must leave one. Tensors keep their indices, so that saved tensors can be compared: new ones are
/// appended, and those that nothing uses any more stay. A tensor whose shape or meaning changes
/// becomes a new one (UINT8 made INT8 still stands for the same real numbers). Nodes keep
/// Node::index, new ones have graph::kAdded; new constants' bytes go to Model::storage.
struct Pass {
  std::string_view name;     ///< "fold_constants": what `--dump-after` takes
  std::string_view summary;  ///< half a sentence for the help text
  Result<Changes> (*run)(graph::Model& model, const Context& context);
};

/// Every pass that runs on each model, in their order; `unroll_loops` and `recognise_gru` before
/// them, `stream_columns` and `run_in_bands`, run where they are asked for.
std::span<const Pass* const> all_passes();

/// The pass of that name; nullptr where there is none.
const Pass* find_pass(std::string_view name);

}  // namespace mote::passes
