#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/onnx/grid.h"

/// What compute_with_integers() knows of operators.
namespace mote::onnx {

/// Whether the two have the same integers for the same numbers.
bool is_same_grid(const Grid& a, const Grid& b);

/// What readers of a float tensor make of it.
struct Wish {
  enum State { kNone, kOne, kMany };
  State state = kNone;
  Grid grid = {};  ///< kOne: these integers, all of them
};

/// A graph of floats on its way to integers. A twin is a tensor of the integers that a float tensor
/// stands for, or of those that all its readers make of it.
class Twins {
 public:
  /// `grids` is kept.
  Twins(graph::Model& model, const Grids& grids);
  void run();

  // For rules:

  graph::Tensor& tensor(int t) { return graph_.tensors[static_cast<std::size_t>(t)]; }
  /// -1: none.
  int twin(int t) const { return t < 0 ? -1 : twins_[static_cast<std::size_t>(t)]; }
  Grid grid_of(int t) { return {tensor(t).type, tensor(t).quant}; }
  /// nullptr: readers want other things of it, too.
  const Grid* wish(int t) const;
  /// nullptr: the constant is one of floats in the file.
  const Grid* constant_grid(int t) const;

  /// Adds a node that computes the twin of its output. @returns the twin.
  int add_node(graph::Node node, const Grid& grid);
  /// Adds a node whose outputs are no twins.
  void add_plain_node(graph::Node node);
  int add_tensor(const std::string& name, const Grid& grid, const std::vector<int>& shape);
  int add_constant(const std::string& name, const Grid& grid, const std::vector<int>& shape,
                   std::vector<std::byte> bytes);
  /// The tensor of integers `t` in others; the same where they are alike.
  int requantized(int t, const Grid& grid);
  void set_twin(int t, int twin) { twins_[static_cast<std::size_t>(t)] = twin; }
  /// Gives a variable of floats that nodes before fill with zeros another type. @returns false
  /// where none does, and nothing was changed.
  bool quantize_state(int state, const Grid& grid);

 private:
  void add_as_it_is(graph::Node node);
  void quantize(const graph::Node& node);
  /// Puts DEQUANTIZE before whoever needs the floats first.
  void make_real(int t);
  /// Puts QUANTIZE behind what computes floats, where all readers want the same of them.
  void make_wanted(int t);

  graph::Model& model_;
  graph::Graph& graph_;
  const Grids& grids_;
  std::vector<graph::Node> nodes_;
  std::vector<int> twins_, stands_for_;  // by tensor
  std::vector<bool> is_made_;            // a float tensor is computed, or an input
  std::vector<Wish> wishes_;
};

/// Whether it is all the same if the node's input `i` is made integers, or its output.
bool commutes(const graph::Node& node, std::size_t i);

/// Adds nodes that compute the node's output in integers. @returns false where that cannot be, and
/// nothing was added.
bool compute_as_integers(Twins& twins, const graph::Node& node);

}  // namespace mote::onnx
