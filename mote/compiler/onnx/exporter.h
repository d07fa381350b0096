#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/onnx/builder.h"
#include "mote/support/result.h"

/// How nodes of a Graph become nodes of ONNX.
namespace mote::onnx {

/// How a value lies in the file: as in the graph, or, with three dimensions or more, with the last
/// one (the channels) second.
enum class Form : std::uint8_t { kStored, kChannelsSecond };

using Ints = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

/// Whether it stands for real numbers, by integers that QuantizeLinear makes.
bool is_quantized(const graph::Tensor& tensor);
/// Sums in units of `input_scale` times the weights' scales, one for all or one for each of as many
/// equal parts: as real numbers.
std::vector<float> reals_of(std::span<const std::int64_t> sums, float input_scale,
                            std::span<const float> scales);
/// The oldest opset, from 13 on, that has all types of a graph's values.
int opset_for(const graph::Graph& graph);

/// The work of writing one graph. Writers of operators take their inputs from it and give it their
/// outputs; all values are floats where the graph's are quantised.
class Exporter {
 public:
  explicit Exporter(const graph::Graph& graph) : graph_(graph), opset_(opset_for(graph)) {}

  /// To be called once. @returns the file.
  Result<std::string> run();

  const graph::Graph& graph() const { return graph_; }
  int opset() const { return opset_; }
  const graph::Tensor& tensor(int index) const {
    return graph_.tensors[static_cast<std::size_t>(index)];
  }
  int rank(int index) const { return static_cast<int>(tensor(index).shape.size()); }

  /// The form in which a value is there already; that of a constant is what is asked for.
  Form home(int index) const;
  /// Where a node with these inputs best works: with channels second if a computed input of `rank`
  /// is there so.
  Form common_form(const graph::Node& node, int rank) const;
  /// The value's name in that form; nodes are added that bring it there. Constants get `rank`
  /// dimensions, ones in front, where it is given.
  Result<std::string> value(int index, Form form, int rank = 0);
  /// A constant with its axes in another order.
  Result<std::string> constant(int index, std::span<const int> order) {
    return constant_of(tensor(index), order);
  }
  Result<std::string> constant_of(const graph::Tensor& from, std::span<const int> order);
  /// A bias: floats, or INT32 with the scales of input times filter; floats for INT64, which
  /// DequantizeLinear does not read.
  Result<std::string> bias(const graph::Node& node, std::size_t i);
  /// The numbers of a constant input of INT32 or INT64. @returns kUnsupported where it is computed.
  Result<Ints> integers(const graph::Node& node, std::size_t i) const;

  /// Adds a node of one output. @returns the output's name.
  std::string emit(std::string_view op, const Names& inputs,
                   const ModelBuilder::Attributes& attributes = {});
  Names emit_several(std::string_view op, const Names& inputs, std::size_t outputs,
                     const ModelBuilder::Attributes& attributes = {});
  std::string reshaped(const std::string& value, const Ints& shape) {
    return emit("Reshape", {value, builder_.list(shape)});
  }
  std::string transposed(const std::string& value, const Ints& order) {
    return emit("Transpose", {value}, {{"perm", order}});
  }
  ModelBuilder& builder() { return builder_; }

  /// Says what the node's output is, before its fused activation and quantisation.
  Result<void> set(const graph::Node& node, const std::string& name, Form form, std::size_t i = 0);
  /// The same, where it is the very elements of an input: quantised already.
  Result<void> set_alias(const graph::Node& node, const std::string& name, Form form);

  /// A signal [N, 1, L, C] of the graph that is [N, C, L] in the file; nullptr where it is not.
  const std::string* signal(int index) const;
  void set_signal(int index, const std::string& name) { signals_[index] = name; }
  /// As set(), for a node whose output is a signal.
  Result<void> set_signal_of(const graph::Node& node, const std::string& name);

  /// A flattened image whose elements stand in the file in the order channels, rows, columns.
  const std::vector<int>* flat_image(int index) const;
  void set_flat_image(int index, std::vector<int> image) { flat_[index] = std::move(image); }
  bool is_output(int index) const;
  /// Whether a node reads the value that slides windows, or one that makes borders for it.
  bool is_read_by_windows(int index) const;
  /// Whether all that read the value are nodes of that operator.
  bool is_read_by(int index, std::string_view op) const;

 private:
  Result<void> add_inputs();
  Result<void> add_outputs();
  Result<void> write(const graph::Node& node);
  bool wants_channels_second(int index, int depth = 0) const;
  std::string base_name(int index);
  std::string fresh() { return "value_" + std::to_string(fresh_++); }
  Result<std::string> activated(const graph::Node& node, std::string name);
  Result<std::string> requantized(int index, const std::string& name);
  Names scale_and_zero(const graph::Tensor& tensor);
  std::string dequantized(const std::string& name, const graph::Tensor& tensor, int axis);

  const graph::Graph& graph_;
  int opset_ = 0;
  ModelBuilder builder_;
  std::map<int, std::array<std::string, 2>> values_;  // by form; "": not there
  std::map<int, std::array<std::string, 2>> stored_;  // quantised ones, before DequantizeLinear
  std::map<int, std::vector<int>> flat_;
  std::map<int, std::string> signals_;
  std::map<std::string, int, std::less<>> names_;  // that are taken
  std::vector<WrittenPort> inputs_, outputs_;
  int fresh_ = 0;
};

/// [0, 3, 1, 2]: what brings stored axes into the order of Form::kChannelsSecond.
std::vector<int> channels_second_order(int rank);
/// A shape in that form.
Ints dims_in(const std::vector<int>& shape, Form form);
/// Which axis in the form the stored axis is; negative ones count from the end.
int axis_in(int axis, int rank, Form form);

/// An operator of TensorFlow Lite.
struct OperatorWriter {
  std::string_view op;
  Result<void> (*write)(Exporter&, const graph::Node&);
};
std::span<const OperatorWriter> element_writers();
std::span<const OperatorWriter> window_writers();
std::span<const OperatorWriter> matrix_writers();
std::span<const OperatorWriter> movement_writers();
std::span<const OperatorWriter> recurrent_writers();

}  // namespace mote::onnx
