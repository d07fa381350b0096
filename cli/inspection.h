#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/passes/certificate.h"
#include "mote/program/program.h"

/// What `mote inspect` finds out about a model, before anything is printed.
namespace mote::cli {

struct OperatorReport {
  const graph::Node* node = nullptr;
  std::optional<std::int64_t> macs;  ///< nothing: mote cannot run this node, so nobody counted
  std::int64_t weight_bytes = 0;     ///< of the constants that it reads
  bool supported = true;
};

/// What of the arena is in use during one call.
struct Moment {
  int time = 0;                                  ///< over setup calls, then calls
  std::string call;                              ///< the node's description
  std::int64_t bytes = 0;                        ///< in use
  std::vector<const program::Placement*> alive;  ///< the largest first
};

struct Inspection {
  const graph::Model* model = nullptr;
  std::vector<OperatorReport> operators;  ///< of the first subgraph
  std::vector<ops::Unsupported> unsupported;
  std::optional<program::Program> program;  ///< nothing: mote cannot run the model
  std::string misfit;             ///< what does not fit the arena that was asked for; "": all does
  std::string obstacle;           ///< why there is no program although every operator is supported
  std::int64_t weight_bytes = 0;  ///< all constants, each once
  passes::Certificate certificate;  ///< of the channels that were taken out; without tensors: none
  std::vector<std::string> loops;   ///< what was done about the model's loops, a sentence each
  std::string dump;                 ///< the graph after the pass of InspectOptions::dump_after
  std::int64_t activation_bytes = 0;  ///< the most that is alive at once: what no plan can beat
};

struct InspectOptions {
  std::int64_t arena_limit = std::int64_t{1} << 31;  ///< bytes that there are
  bool shrink = true;
  bool recognise_gru = false;   ///< also chains that the file itself has
  std::string dump_after = {};  ///< a pass; "": none
};

/// Looks at everything; `model` must outlive the result.
Inspection inspect(const graph::Model& model, const InspectOptions& options);

/// The call during which most of the arena is in use.
Moment largest_moment(const program::Program& program);

/// Multiply-accumulates of the nodes that could be counted.
std::int64_t total_macs(const Inspection& inspection);

}  // namespace mote::cli
