#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/ops/lowering.h"
#include "mote/support/result.h"

/// What mote knows of each operator: which forms of it are supported, and how it becomes kernel
/// calls.
namespace mote::ops {

/// One combination of types in which an operator is supported; a column of docs/ops.md.
struct Signature {
  std::string_view label;         ///< "int8", "int16x8", "float32", "hybrid", "int32", ...
  std::span<const DType> inputs;  ///< of the leading inputs; left-out and further inputs: any
  DType output;                   ///< of the first output
};

/// An operator: one file in this folder, one row in ops.cc.
struct Op {
  std::string_view tflite_name;
  std::span<const Signature> signatures;  ///< empty: check() looks at types itself
  int min_inputs = 1, max_inputs = 1, min_outputs = 1, max_outputs = 1;
  /// Whether this node is a form that lower() can take; called after the counts and types hold.
  /// @returns kUnsupported or kBadInput with a sentence that ends without the node's name.
  Result<void> (*check)(const graph::Graph&, const graph::Node&);
  /// Adds the node's kernel calls. Called only after check().
  Result<void> (*lower)(const graph::Graph&, const graph::Node&, Lowering&);
  std::string_view notes = "";  ///< limits, for docs/ops.md
  bool takes_handles = false;   ///< its first input or output may be a variable's handle
};

/// What files may contain: the whole list, by name.
std::span<const Op* const> all_ops();
/// The operator of that name, of files or of passes; nullptr where mote has none.
const Op* find_op(std::string_view tflite_name);

/// Checks one node: known operator, number of inputs and outputs, types, and the operator's own
/// check(). The message starts with the node's description.
Result<void> check_node(const graph::Graph& graph, const graph::Node& node);

/// One operator of a model that cannot be run, with the reason; as many entries as such nodes.
struct Unsupported {
  int graph = 0, node = 0;
  std::string op;
  std::string place;    ///< "node 3 CONV_2D 'conv1'"
  std::string message;  ///< the place, a colon, the reason
};
/// Checks every node of the model, so that all that is missing is said at once.
std::vector<Unsupported> find_unsupported(const graph::Model& model);

/// The list as lines to print, where nodes of one operator and with one reason share a line:
/// "node 3 CONV_2D 'conv1' and 2 more (nodes 5, 7): ...".
std::vector<std::string> lines_of(std::span<const Unsupported> list);

}  // namespace mote::ops
