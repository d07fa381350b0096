#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/known_numbers.h"
#include "mote/support/result.h"

/// How unroll_loops goes through a graph: node by node, as a model runs, with what is known of each
/// value before it does.
namespace mote::passes {

/// A row of a value along its first dimension.
struct Row {
  int tensor = graph::kNoTensor;  ///< of the first subgraph
  int at = kWhole;                ///< the row of that tensor; kWhole: the tensor is the row
  static constexpr int kWhole = -1;
};

/// What a tensor stands for, in some round of a loop.
struct Value {
  graph::Tensor info;             ///< its shape is the right one, which files may not know
  bool is_reshaped = false;       ///< the file has another shape
  int tensor = graph::kNoTensor;  ///< of the first subgraph; none: not there yet, since maybe
                                  ///< nobody will read it
  std::optional<Numbers> numbers;
  /// Nothing, or what it is joined from. There may be none at all, which no tensor can be.
  std::optional<std::vector<Row>> rows;
};
using ValuePtr = std::shared_ptr<Value>;

/// Writes nodes into a model's first subgraph.
class Tracer {
 public:
  static constexpr std::int64_t kMostNodes = 1 << 16;  ///< and constants, that are written
  static constexpr std::int64_t kMostWork = 1 << 25;   ///< nodes looked at, and rows moved
  static constexpr int kMostRows = 1 << 20;            ///< of a list that is taken row by row

  explicit Tracer(graph::Model& model) : model_(model) {}

  /// Counts work. @returns kUnsupported where it is more than kMostWork.
  Result<void> charge_work(std::int64_t units);

  /// The values of a subgraph's tensors before its nodes run: constants, and nothing else.
  std::vector<ValuePtr> values_of(std::size_t graph);

  /// Goes over one node of a subgraph: finds its outputs' values, and writes what must be computed
  /// when the model runs.
  ///
  ///   round  of a loop, for names; nothing: a node of the first subgraph, which stays as it is
  ///          where nothing about it is known
  ///
  /// @returns kUnsupported or kBadInput, a sentence without the node's name.
  Result<void> visit(std::size_t graph, const graph::Node& node, std::vector<ValuePtr>& values,
                     std::optional<int> round);

  /// The tensor of the first subgraph that has the value; writes what it takes.
  Result<int> tensor_of(const ValuePtr& value);
  /// Lets an output of the model have the value.
  Result<void> write_output(int tensor, const ValuePtr& value);

  /// What has been written, in order.
  std::vector<graph::Node>& nodes() { return nodes_; }
  /// Nodes whose numbers were computed instead.
  const std::vector<std::string>& computed() const { return computed_; }

 private:
  Result<void> charge_nodes(std::int64_t count);
  graph::Graph& first() { return model_.graphs[0]; }
  int add_numbers(const std::string& name, const Numbers& numbers);
  int add_list(const std::vector<std::int32_t>& values);
  /// Appends a node that no file has. @returns its output.
  Result<int> add(const char* op, std::vector<int> inputs, graph::Tensor out,
                  std::initializer_list<std::pair<const char*, std::int64_t>> attrs);

  Result<void> write(const graph::Node& node, std::vector<ValuePtr>& values,
                     std::vector<graph::Tensor> outputs, std::optional<int> round);
  Result<int> join(const Value& value);
  Result<int> run_of(const Value& value, std::size_t begin, std::size_t end);

  // Lists: tensors that are put together row by row.
  Result<std::optional<std::vector<ValuePtr>>> visit_list(const graph::Node& node,
                                                          const std::vector<ValuePtr>& inputs,
                                                          const std::vector<graph::Tensor>& outputs,
                                                          bool is_round);
  Result<std::optional<ValuePtr>> list_of(const graph::Node& node,
                                          const std::vector<ValuePtr>& inputs,
                                          const std::vector<int>& shape, bool is_round);
  Result<std::optional<ValuePtr>> part_of(const graph::Node& node,
                                          const std::vector<ValuePtr>& inputs);
  Result<std::optional<ValuePtr>> joined(const std::vector<ValuePtr>& inputs);
  Result<std::optional<ValuePtr>> updated(const std::vector<ValuePtr>& inputs);
  Result<std::vector<Row>> rows_of(const ValuePtr& value);
  Result<ValuePtr> row_of(const ValuePtr& value, std::int64_t at);
  Result<int> tensor_of(const Row& row, graph::Tensor info);

  graph::Model& model_;
  std::vector<graph::Node> nodes_;
  std::vector<std::string> computed_;
  std::map<std::size_t, std::vector<ValuePtr>> constants_;  // of subgraphs
  std::map<int, std::vector<int>> unpacked_;                // tensors' rows
  std::int64_t written_ = 0, work_ = 0;
};

/// What is known of these.
std::vector<Known> known_of(const std::vector<ValuePtr>& values);

}  // namespace mote::passes
