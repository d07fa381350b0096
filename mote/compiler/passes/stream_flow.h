#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/columns.h"
#include "mote/compiler/passes/pass.h"

namespace mote::passes {

/// How a stream goes through a network.
struct Flow {
  std::vector<Columns> columns;            ///< by tensor
  std::vector<std::optional<Rule>> rules;  ///< by node: nothing where it sees the whole window
  std::vector<std::string> reasons;        ///< by node: why it does; "": it is not of the stream
  int misfit = -1;  ///< the first node whose stride the hop does not fit; -1: none
};

/// Follows the stream of the network's first input. The rest of the flow behind a misfit is
/// missing.
Flow follow(const graph::Graph& graph, const Stream& stream);

/// Which of its columns a streamed tensor's readers need in each run.
using Needs = std::map<int, std::vector<Range>>;
Needs needs_of(const graph::Graph& graph, const Flow& flow);

/// The columns of an output that each run computes: those at the beginning that have seen a border
/// and are needed, if any, and the new ones.
std::vector<Range> computed(const Columns& columns, const std::vector<Range>& needs);

/// Where needs are not met by what a run computes, the first column that must be kept.
std::optional<int> first_kept(const Columns& columns, const std::vector<Range>& needs);

}  // namespace mote::passes
