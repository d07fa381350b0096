#pragma once

#include <string>
#include <string_view>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

/// An input that is read a few rows at a time from where the caller has it.
namespace mote::passes {

/// Copies the rows from `first` on, as many as its output has, of an input that stays with the
/// caller.
inline constexpr std::string_view kReadRows = "READ_ROWS";

/// Lets the network's input stay with the caller, and puts a node before all others that reads all
/// of its rows: bands of that node read fewer.
///
/// @returns kUnsupported where there is not one input alone, an image [1, height, width, channels].
Result<void> keep_input_outside(graph::Model& model);

/// "input 'image' stays with the caller: 12 reads of at most 9 of its 96 rows, 2592 B".
std::string describe_reads(const graph::Graph& graph);

}  // namespace mote::passes
