#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/pass.h"

namespace mote::passes {

/// Runs a small model while compiling, with the scalar kernels: the arithmetic that every other
/// instruction set is held against.
///
///   inputs  the bytes of each of the model's inputs
///
/// @returns the bytes of its outputs, or what lowering says.
Result<std::vector<std::vector<std::byte>>> evaluate(
    const Context& context, const graph::Model& model,
    std::span<const std::vector<std::byte>> inputs);

/// A model of one node, made tensor by tensor.
class Probe {
 public:
  /// `node` without its inputs and outputs.
  explicit Probe(const graph::Node& node);

  /// An input of the model, and what it shall hold. A tensor's shape and scale are taken as given.
  Probe& input(graph::Tensor tensor, std::vector<std::byte> bytes);
  /// An input of the node that is a constant.
  Probe& constant(graph::Tensor tensor, std::vector<std::byte> bytes);
  /// An input of the node that is left out.
  Probe& no_input();
  /// The node's next output.
  Probe& output(graph::Tensor tensor);
  graph::Attributes& attrs() { return node().attrs; }

  /// What the first output then holds; errors as for evaluate().
  Result<std::vector<std::byte>> run(const Context& context) const;

 private:
  graph::Graph& graph() { return model_.graphs[0]; }
  graph::Node& node() { return graph().nodes[0]; }
  int add(graph::Tensor tensor);

  graph::Model model_;
  std::vector<std::vector<std::byte>> inputs_;
};

}  // namespace mote::passes
