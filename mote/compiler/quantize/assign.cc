#include "mote/compiler/quantize/assign.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "mote/compiler/quantize/edit.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/compiler/quantize/lstm.h"
#include "mote/compiler/quantize/recurrent.h"
#include "mote/compiler/quantize/rules.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

const Tensor& tensor_at(const Graph& graph, int tensor) {
  return graph.tensors[static_cast<std::size_t>(tensor)];
}

/// Whether `name` stands for the node.
bool names(const std::string& name, const Graph& graph, const Node& node) {
  if (name == node.op || name == std::to_string(node.index)) return true;
  return std::any_of(node.outputs.begin(), node.outputs.end(),
                     [&](int tensor) { return tensor_at(graph, tensor).name == name; });
}

Form form_of(const Graph& graph, const Node& node, Scheme scheme) {
  const Rule* rule = node.is_custom ? nullptr : find_rule(node.op);
  const auto layer = layer_of(graph, node);
  const bool makes_floats =
      !node.outputs.empty() && graph.output(node).type == DType::kFloat32 && graph.input(node, 0);
  if (!rule || (!makes_floats && rule->kind != Kind::kIndex)) return Form::kFloat;
  if (scheme == Scheme::kWeights)
    return layer && layer->form != Layer::Form::kTransposed ? Form::kHybrid : Form::kFloat;
  if (rule->kind == Kind::kWeighted && !layer) return Form::kFloat;
  if (is_recurrent(node) && !has_integer_form(graph, node)) return Form::kFloat;
  if (scheme == Scheme::kInt16x8 && !rule->int16) return Form::kFloat;
  return Form::kInteger;
}

/// Tensors that share their parameters: a forest of sets.
class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count), fixed_(count) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  int find(int tensor) {
    int& parent = parent_[static_cast<std::size_t>(tensor)];
    return parent == tensor ? tensor : parent = find(parent);
  }
  void unite(int a, int b) {
    a = find(a), b = find(b);
    if (a == b) return;
    if (!fixed(a)) fixed_[static_cast<std::size_t>(a)] = fixed(b);
    parent_[static_cast<std::size_t>(b)] = a;
  }
  void fix(int tensor, const Parameters& p) { fixed_[static_cast<std::size_t>(find(tensor))] = p; }
  /// What the tensor's set must have, if anything.
  const std::optional<Parameters>& fixed(int tensor) {
    return fixed_[static_cast<std::size_t>(find(tensor))];
  }

 private:
  std::vector<int> parent_;
  std::vector<std::optional<Parameters>> fixed_;
};

class Assigner {
 public:
  Assigner(const graph::Model& model, const Statistics& statistics, const Options& options,
           Assignment& result)
      : graph_(model.graphs[0]),
        statistics_(statistics),
        options_(options),
        result_(result),
        groups_(graph_.tensors.size()) {}

  void run() {
    for (std::size_t at = 0; at < graph_.nodes.size(); ++at)
      if (result_.forms[at] == Form::kInteger) join(graph_.nodes[at]);
    for (std::size_t at = 0; at < graph_.nodes.size(); ++at)
      if (result_.forms[at] == Form::kInteger) add_ranges(graph_.nodes[at]);
    for (int tensor : touched_) {
      const int group = groups_.find(tensor);
      const auto& fixed = groups_.fixed(group);
      result_.parameters[tensor] = fixed ? *fixed : parameters_for(result_.type, ranges_[group]);
    }
    for (std::size_t at = 0; at < graph_.nodes.size(); ++at) {
      const Node& node = graph_.nodes[at];
      if (result_.forms[at] == Form::kInteger && is_recurrent(node))
        result_.states.merge(states_of(node, result_.parameters.at(node.outputs[0]), statistics_));
    }
  }

 private:
  /// Puts tensors that must be alike into one set.
  void join(const Node& node) {
    const Rule& rule = *find_rule(node.op);
    if (const auto fixed = fixed_output(rule, result_.type))
      for (int output : node.outputs) groups_.fix(output, *fixed);
    if (const Histogram* seen = statistics_.of(node.outputs[0]);
        seen && node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM")
      groups_.fix(node.outputs[0],
                  lstm_output(result_.type, choose_range(*seen, options_.ranges, result_.type,
                                                         options_.percentile)));
    if (rule.kind != Kind::kSame) return;
    std::vector<int> values;  // constants are quantised anew for whoever reads them
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (is_value(graph_, node, i) && !graph_.input(node, i)->is_constant())
        values.push_back(node.inputs[i]);
    for (int value : values)
      if (values.size() == 1 || !groups_.fixed(value)) groups_.unite(node.outputs[0], value);
    for (int output : node.outputs) {
      groups_.unite(node.outputs[0], output);
      follows_.insert(output);
    }
  }

  void add_ranges(const Node& node) {
    const bool is_same = find_rule(node.op)->kind == Kind::kSame;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!is_value(graph_, node, i)) continue;
      const Tensor& input = *graph_.input(node, i);
      if (!input.is_constant())
        add_range(node.inputs[i]);
      else if (is_same)
        widen(node.outputs[0], range_of_constant(input));
    }
    if (graph_.output(node).type != DType::kFloat32) return;
    for (int output : node.outputs) add_range(output);
  }

  void add_range(int tensor) {
    if (!touched_.insert(tensor).second) return;
    if (const Histogram* seen = statistics_.of(tensor); seen && !follows_.contains(tensor))
      widen(tensor, choose_range(*seen, options_.ranges, result_.type, options_.percentile));
  }

  void widen(int tensor, const Range& range) {
    Range& all = ranges_[groups_.find(tensor)];
    all = united(all, range);
  }

  const Graph& graph_;
  const Statistics& statistics_;
  const Options& options_;
  Assignment& result_;
  Groups groups_;
  std::set<int> follows_;  ///< made by operators that keep their input's parameters
  std::set<int> touched_;
  std::map<int, Range> ranges_;  ///< by set
};

}  // namespace

Range range_of_constant(const Tensor& constant) {
  Range range;
  for (float x : graph::values<float>(constant)) range = united(range, {x, x});
  return range;
}

bool is_value(const Graph& graph, const Node& node, std::size_t i) {
  const Tensor* input = graph.input(node, i);
  if (!input || input->type != DType::kFloat32) return false;
  if (is_recurrent(node)) return i == 0;
  const auto layer = layer_of(graph, node);
  return !layer || i == layer->input;
}

Result<std::vector<Form>> forms_of(const graph::Model& model, const Options& options) {
  const Graph& graph = model.graphs[0];
  std::vector<Form> forms;
  for (const Node& node : graph.nodes) forms.push_back(form_of(graph, node, options.scheme));
  for (const std::string& name : options.keep_float) {
    bool is_known = false;
    for (std::size_t at = 0; at < forms.size(); ++at)
      if (names(name, graph, graph.nodes[at])) forms[at] = Form::kFloat, is_known = true;
    if (!is_known)
      return fail(ErrorCode::kUsage, cat("--keep-float names '", name,
                                         "', which is no operator, output or index of a node of ",
                                         model.source, "; `mote inspect` lists them"));
  }
  return forms;
}

Assignment assign(const graph::Model& model, std::vector<Form> forms, const Statistics& statistics,
                  const Options& options) {
  Assignment result{.type = options.scheme == Scheme::kInt16x8 ? DType::kInt16 : DType::kInt8,
                    .forms = std::move(forms)};
  Assigner(model, statistics, options, result).run();
  return result;
}

}  // namespace mote::quantize
