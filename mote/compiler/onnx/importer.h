#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/onnx/file.h"
#include "mote/compiler/onnx/grid.h"
#include "mote/support/result.h"

/// How nodes of ONNX become nodes of a Graph.
namespace mote::onnx {

/// Where dimension 1 of ONNX's shape, the channels, lies in memory: where ONNX has it, or last, as
/// kernels for images and signals want it. [N, C, H, W] is stored as [N, H, W, C], [N, C, L] as
/// [N, L, C].
enum class Layout : std::uint8_t { kPlain, kChannelsLast };

/// A value of the ONNX graph: a constant, or a tensor of the Graph. UINT8 and UINT16 of quantised
/// values are INT8 and INT16 in the tensor, with zero points that are as much less.
struct Value {
  std::shared_ptr<const Tensor> constant;  ///< nullptr: computed
  int tensor = -1;                         ///< in Graph::tensors; -1: a constant
  DType type = DType::kFloat32;
  std::vector<int> dims;  ///< as ONNX has them
  Layout layout = Layout::kPlain;
  /// Of a tensor that is an image's elements in the order in which they are stored, but for ONNX's
  /// in its own: the image's dimensions, as ONNX has them, of which the elements make up the last
  /// of `dims`. Empty: elements are in order.
  std::vector<int> image = {};
  /// How a constant of floats is stored in the file, where integers are; nullptr: as floats.
  std::shared_ptr<const Grid> grid = nullptr;

  int rank() const { return static_cast<int>(dims.size()); }
};

/// The dimensions in the order in which they are stored.
std::vector<int> stored_dims(const std::vector<int>& dims, Layout layout);
/// Which dimension of a stored tensor the ONNX dimension `axis` is.
int stored_axis(int axis, int rank, Layout layout);
/// "[1, 3, 96, 96]"
std::string describe_dims(const std::vector<int>& dims);

/// The work of converting one file. Converters of operators read their inputs from it, and put
/// nodes, and then values, into it.
class Importer {
 public:
  /// Keeps `file`.
  Importer(const File& file, const std::string& source);

  /// Converts all nodes. To be called once.
  Result<graph::Model> run();

  // For converters; `node` is the one that is converted.

  const File& file() const { return file_; }
  bool has_input(const Node& node, std::size_t i) const {
    return i < node.inputs.size() && !node.inputs[i].empty();
  }
  /// The value of the node's i-th input. @returns kBadInput where no node before it makes it.
  Result<Value> input(const Node& node, std::size_t i) const;
  /// The value of that name.
  Result<Value> value_of(const std::string& name) const;
  /// The node that makes the value; nullptr where none does.
  const Node* maker(const std::string& value) const;
  /// A constant input. @returns kUnsupported where it is computed; `what` is its role.
  Result<Value> constant_input(const Node& node, std::size_t i, std::string_view what) const;
  /// The integers of a constant input.
  Result<std::vector<std::int64_t>> integers(const Node& node, std::size_t i,
                                             std::string_view what) const;
  /// The node that alone reads the value, which is no output of the network; nullptr: there are
  /// none, or several.
  const Node* only_reader(const std::string& value) const;
  /// Whether a node reads the value, or it is an output of the network.
  bool is_read(const std::string& value) const;
  /// Lets run() pass over a node, whose converting is done with another.
  void skip(const Node& node) { skipped_[&node] = true; }

  /// The tensor of a value, stored as `layout` says: where it is stored otherwise, nodes are added
  /// that move its elements. Constants become tensors.
  Result<int> tensor_of(const Value& value, Layout layout = Layout::kPlain);
  /// A tensor's dimensions in memory.
  const std::vector<int>& stored(int tensor) const {
    return model_.graphs[0].tensors[static_cast<std::size_t>(tensor)].shape;
  }
  /// The same tensor seen with other dimensions, as many elements in the same order.
  int reshape(int tensor, const std::vector<int>& stored);
  /// Adds a node with one output. @returns the output's tensor.
  int emit(std::string op, std::vector<int> inputs, std::vector<int> stored_output_dims,
           DType type = DType::kFloat32, graph::Attributes attrs = {});
  /// Adds a node that writes what its first input names: a variable.
  void emit_without_output(std::string op, std::vector<int> inputs, graph::Attributes attrs);
  /// State, which lives from one run to the next.
  int add_variable(DType type, const std::vector<int>& dims);
  int add_constant(DType type, const std::vector<int>& dims, std::vector<std::byte> bytes);
  int add_floats(const std::vector<int>& dims, const std::vector<float>& values);
  int add_integers(const std::vector<int>& values);
  /// Says that a constant of floats is stored as integers in the file.
  void set_grid(int tensor, Grid grid) { grids_[tensor] = std::move(grid); }
  /// Of a tensor of integers, which stand for real numbers.
  graph::Quantization& quantization(int tensor);
  /// What it is in the graph, whatever the file calls it.
  DType type_of(int tensor) const;

  /// Whether so many more elements may be computed from constants: a file could ask for any number.
  bool take_folding(std::int64_t elements) { return (folding_left_ -= elements) >= 0; }

  /// Says what an output of a node is.
  void set(const std::string& name, Value value);
  /// A computed value; `image` as Value has it.
  void set(const std::string& name, int tensor, std::vector<int> dims, Layout layout,
           std::vector<int> image = {});

 private:
  Result<void> add_inputs();
  Result<void> add_input(const Port& port);
  Result<void> convert(const Node& node);
  Result<void> add_outputs();
  Result<int> as_written(int tensor, DType type);
  Layout wanted_layout(const std::string& value, int rank, int depth = 0) const;
  Tensor folded_tensor(const Value& value, Layout layout) const;
  std::string place(const Node& node) const;
  std::string neighbours(const Node& node) const;

  graph::Graph& graph() { return model_.graphs[0]; }

  const File& file_;
  graph::Model model_;
  std::map<std::string, Value, std::less<>> values_;
  std::map<std::string, std::vector<const Node*>, std::less<>> readers_;
  std::map<std::string, const Node*, std::less<>> makers_;
  std::map<const Node*, bool> skipped_;
  /// By constant, which is kept so that no other takes its address; by layout, -1: none yet.
  std::map<std::shared_ptr<const Tensor>, std::array<int, 2>> constant_tensors_;
  Grids grids_;
  const Node* node_ = nullptr;
  std::int64_t constants_left_ = std::int64_t{1} << 30;  // bytes
  std::int64_t folding_left_ = std::int64_t{1} << 26;
};

/// An operator of ONNX.
struct Converter {
  std::string_view op;
  Result<void> (*convert)(Importer&, const Node&);
};

}  // namespace mote::onnx
