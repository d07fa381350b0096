#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mote/core/base/dtype.h"
#include "mote/support/result.h"

/// The graph: what a model file says, in one form for all file formats.
namespace mote::graph {

/// real = scale * (quantized - zero_point). One scale for the whole tensor, or one for each index
/// along `axis` (per_channel). No scale: the tensor is not quantised.
struct Quantization {
  std::vector<float> scale;
  std::vector<std::int64_t> zero_point;  ///< as many as scales
  int axis = 0;                          ///< the per-channel dimension; meaningless for one scale
};

/// A value in the graph: an input, an output, a constant, a variable, or something in between.
struct Tensor {
  std::string name;
  DType type = DType::kFloat32;
  std::vector<int> shape;  ///< row-major, every dimension >= 1; empty: a scalar
  Quantization quant;
  std::span<const std::byte> data;  ///< the bytes of a constant (little-endian, maybe unaligned);
                                    ///< empty: computed at run time. The Model keeps them alive.
  bool is_variable = false;         ///< state that survives from one run to the next, first zero
  bool is_resource = false;  ///< a handle (VAR_HANDLE's output): names state, holds no numbers
  bool is_source = false;    ///< an input that stays with the caller: READ_ROWS alone reads it

  bool is_constant() const { return !data.empty(); }
  float scale() const { return quant.scale.empty() ? 0.0f : quant.scale[0]; }
  int zero_point() const {
    return quant.zero_point.empty() ? 0 : static_cast<int>(quant.zero_point[0]);
  }
};

/// Product of the dimensions; 1 for a scalar.
std::int64_t element_count(const Tensor& tensor);
std::int64_t byte_count(const Tensor& tensor);

/// One operator's settings, under TensorFlow Lite's names ("stride_h", "padding").
class Attributes {
 public:
  using Value = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

  void set(std::string name, Value value);
  /// The setting's value; `fallback` where the file has none. Whole numbers, enums and booleans.
  int integer(std::string_view name, int fallback = 0) const;
  float real(std::string_view name, float fallback = 0) const;
  std::string text(std::string_view name) const;
  std::vector<std::int64_t> integers(std::string_view name) const;
  /// The setting of that name; nullptr where the file has none.
  const Value* find(std::string_view name) const;
  /// All settings, by name.
  const std::vector<std::pair<std::string, Value>>& all() const { return values_; }

 private:
  std::vector<std::pair<std::string, Value>> values_;  // a handful; sorted
};

inline constexpr int kNoTensor = -1;  ///< an optional input that is not there

inline constexpr int kAdded = -1;  ///< Node::index of an operator that is not in the file

/// One operator.
struct Node {
  int index = 0;   ///< its place in the file; kAdded for those of passes
  std::string op;  ///< TensorFlow Lite's name ("CONV_2D"); a custom operator's own name
  bool is_custom = false;
  Attributes attrs;
  std::vector<int> inputs;  ///< indices into Graph::tensors; kNoTensor where one is left out
  std::vector<int> outputs;
  /// Its INT8 tensors are UINT8 in the file: it rounds as TensorFlow Lite's kernels for UINT8 do.
  bool from_uint8 = false;
};

/// One subgraph: nodes in an order in which they can run.
struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Node> nodes;
  std::vector<int> inputs, outputs;

  /// The node's i-th input; nullptr where it is left out.
  const Tensor* input(const Node& node, std::size_t i) const;
  const Tensor& output(const Node& node, std::size_t i = 0) const {
    return tensors[static_cast<std::size_t>(node.outputs[i])];
  }
};

/// Named bytes that a file carries along, and that say nothing about what it computes.
struct Metadata {
  std::string name;
  std::span<const std::byte> data;  ///< the Model keeps them alive
};

/// Names by which programs know the inputs and outputs of a subgraph.
struct Signature {
  struct Port {
    std::string name;
    int place = 0;  ///< in Graph::inputs, or in Graph::outputs
  };
  std::string key;  ///< "serving_default"
  int graph = 0;
  std::vector<Port> inputs, outputs;
};

/// What a file says besides its graphs.
struct Extras {
  std::vector<Metadata> metadata;
  std::vector<Signature> signatures;
};

/// A whole model file. graphs[0] is the one that runs.
struct Model {
  std::string source;  ///< the file's name, for messages
  std::string description;
  std::vector<Graph> graphs;
  std::shared_ptr<const Extras> extras;  ///< nullptr: none
  std::vector<std::shared_ptr<const std::vector<std::byte>>>
      storage;  ///< what constants point into
};

/// "node 3 CONV_2D 'conv/bias'": how every message names a node; the name is its first output's.
/// "added QUANTIZE 'image'" where the file has no such node.
std::string describe(const Graph& graph, const Node& node);
/// " (behind node 2 ADD 'sum', before node 4 MUL 'scaled')": a node that makes one of its inputs,
/// and one that reads one of its outputs; "" where there are none.
std::string describe_neighbours(const Graph& graph, const Node& node);
/// "[1, 49, 10, 1]".
std::string describe_shape(std::span<const int> shape);

/// The elements of a constant tensor, copied to where they are aligned.
///
/// `T` must be the tensor's element type, and the tensor constant: both are checked by `verify`'s
/// callers through `constant_of`.
template <class T>
std::vector<T> values(const Tensor& tensor) {
  std::vector<T> out(tensor.data.size() / sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), tensor.data.data(), out.size() * sizeof(T));
  return out;
}

/// Checks what every graph must satisfy, whoever made it: indices in range, dimensions >= 1 and at
/// most 2^31 - 1 bytes a tensor, constants of exactly their size, each value written once and
/// before it is read (custom operators may read what nobody writes: memory to work in), no node
/// writing a constant or an input, as many zero points as scales, finite positive scales.
///
/// @returns kBadInput, naming subgraph, node and tensor, at the first violation.
Result<void> verify(const Model& model);

}  // namespace mote::graph
