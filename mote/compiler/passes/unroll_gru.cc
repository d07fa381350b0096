#include "mote/compiler/passes/unroll_gru.h"

#include <algorithm>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/graph/recurrent.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;
using Settings = std::vector<std::pair<const char*, std::int64_t>>;

using namespace graph::gru;

Result<void> check(const Graph& graph, const Node& gru) {
  const auto refuse = [&](const char* why) {
    return unsupported(cat(graph::describe(graph, gru),
                           ": TensorFlow Lite has no GRU, and this one cannot be unrolled: ", why));
  };
  if (graph.output(gru).type != DType::kFloat32) return refuse("it is quantised");
  if (graph::is_filled_with_zeros(graph, gru.inputs[kHidden])) return {};
  return refuse("it keeps its state from run to run");
}

/// Writes the nodes of one GRU.
class Unrolling {
 public:
  Unrolling(graph::Model& model, Node gru, std::vector<Node>& nodes)
      : model_(model), gru_(std::move(gru)), nodes_(nodes) {
    const auto& in = shape_of(gru_.inputs[kInput]);
    time_axis_ = gru_.attrs.integer("time_major") != 0 ? 0 : 1;
    times_ = in[static_cast<std::size_t>(time_axis_)];
    batch_ = in[static_cast<std::size_t>(1 - time_axis_)];
    units_ = shape_of(gru_.inputs[kHidden])[1];
    is_linear_ = gru_.attrs.integer("linear_before_reset") != 0;
  }

  void run() {
    one_ = constant(std::vector<float>{1}, {});
    axis_ = constant(std::vector<std::int32_t>{1}, {});
    for (std::size_t i = 0; i < 2; ++i) {
      const int gates = is_linear_ ? kGates : kGates - 1;
      recurrent_[i] = part(gru_.inputs[kRecurrent + 2 * i], 0, gates);
      if (!is_linear_) candidate_[i] = part(gru_.inputs[kRecurrent + 2 * i], gates, kGates);
    }
    int state =
        constant(std::vector<float>(static_cast<std::size_t>(batch_ * units_)), {batch_, units_});
    std::vector<int> states;
    for (int x : inputs_of_steps()) states.push_back(state = step(x, state));
    add({.index = graph::kAdded, .op = "PACK", .inputs = states, .outputs = gru_.outputs},
        {{"values_count", times_}, {"axis", time_axis_}});
  }

 private:
  const std::vector<int>& shape_of(int tensor) const {
    return model_.graphs[0].tensors[static_cast<std::size_t>(tensor)].shape;
  }
  int value(std::vector<int> shape) {
    const std::string& name =
        model_.graphs[0].tensors[static_cast<std::size_t>(gru_.outputs[0])].name;
    return add_tensor(model_, {.name = cat(name, "/", ++made_), .shape = std::move(shape)});
  }
  template <class T>
  int constant(const std::vector<T>& values, std::vector<int> shape) {
    return add_constant(model_, {.name = "", .type = dtype_of<T>, .shape = std::move(shape)},
                        graph::bytes_of(values));
  }
  void add(Node node, const Settings& settings) {
    for (const auto& [name, setting] : settings) node.attrs.set(name, setting);
    nodes_.push_back(std::move(node));
  }
  int emit(const char* op, std::vector<int> inputs, std::vector<int> shape,
           const Settings& settings = {}) {
    const int out = value(std::move(shape));
    add({.index = graph::kAdded, .op = op, .inputs = std::move(inputs), .outputs = {out}},
        settings);
    return out;
  }
  /// ADD, MUL or SUB.
  int combine(const char* op, int a, int b) {
    return emit(op, {a, b}, {batch_, units_}, {{"fused_activation_function", 0}});
  }
  int function(const char* op, int x) { return emit(op, {x}, {batch_, units_}); }
  int product(int x, int weights, int bias, std::vector<int> lead) {
    lead.push_back(shape_of(weights)[0]);
    return emit("FULLY_CONNECTED", {x, weights, bias}, std::move(lead),
                {{"fused_activation_function", 0}, {"keep_num_dims", 1}});
  }
  /// The rows of gates [begin, end) of a constant [gates, units, ...], in two dimensions or one.
  int part(int tensor, int begin, int end) {
    Tensor rows = model_.graphs[0].tensors[static_cast<std::size_t>(tensor)];
    const std::size_t gate = rows.data.size() / kGates;
    rows.data = rows.data.subspan(gate * static_cast<std::size_t>(begin),
                                  gate * static_cast<std::size_t>(end - begin));
    rows.shape.erase(rows.shape.begin());
    rows.shape[0] *= end - begin;
    return add_tensor(model_, std::move(rows));
  }
  /// A step's gates each, before their functions.
  std::vector<int> inputs_of_steps() {
    std::vector<int> lead = shape_of(gru_.inputs[kInput]);
    lead.pop_back();
    const int all = product(gru_.inputs[kInput], part(gru_.inputs[kWeights], 0, kGates),
                            part(gru_.inputs[kInputBias], 0, kGates), lead);
    return divide("UNPACK", {all}, times_, {batch_, kGates * units_},
                  {{"num", times_}, {"axis", time_axis_}});
  }
  std::vector<int> divide(const char* op, std::vector<int> inputs, int count,
                          const std::vector<int>& shape, const Settings& settings) {
    std::vector<int> outputs;
    for (int i = 0; i < count; ++i) outputs.push_back(value(shape));
    add({.index = graph::kAdded, .op = op, .inputs = std::move(inputs), .outputs = outputs},
        settings);
    return outputs;
  }
  std::vector<int> gates_of(int x, int gates) {
    return divide("SPLIT", {axis_, x}, gates, {batch_, units_}, {{"num_splits", gates}});
  }

  int step(int x, int state) {
    const auto from_input = gates_of(x, kGates);
    const auto from_state = gates_of(product(state, recurrent_[0], recurrent_[1], {batch_}),
                                     is_linear_ ? kGates : kGates - 1);
    const int update = function("LOGISTIC", combine("ADD", from_input[0], from_state[0]));
    const int reset = function("LOGISTIC", combine("ADD", from_input[1], from_state[1]));
    const int let_in =
        is_linear_ ? combine("MUL", reset, from_state[2])
                   : product(combine("MUL", reset, state), candidate_[0], candidate_[1], {batch_});
    const int candidate = function("TANH", combine("ADD", from_input[2], let_in));
    const int kept = combine("MUL", update, state);
    return combine("ADD", kept, combine("MUL", combine("SUB", one_, update), candidate));
  }

  graph::Model& model_;
  const Node gru_;
  std::vector<Node>& nodes_;
  int time_axis_ = 0, times_ = 0, batch_ = 0, units_ = 0, made_ = 0;
  bool is_linear_ = false;
  int one_ = 0, axis_ = 0;
  int recurrent_[2] = {}, candidate_[2] = {};  // weights and bias
};

}  // namespace

Result<Changes> unroll_gru(graph::Model& model) {
  Changes changes;
  for (const Node& node : model.graphs[0].nodes)
    if (node.op == "GRU") MOTE_TRY(check(model.graphs[0], node));
  const std::vector<Node> before = std::exchange(model.graphs[0].nodes, {});
  std::vector<Node> nodes;
  for (const Node& node : before) {
    const bool is_for_gru = graph::fills_with_zeros(model.graphs[0], node) &&
                            std::any_of(before.begin(), before.end(), [&](const Node& gru) {
                              return gru.op == "GRU" && node.inputs[0] == gru.inputs[kHidden];
                            });
    if (is_for_gru) continue;
    if (node.op != "GRU") {
      nodes.push_back(node);
      continue;
    }
    const std::size_t first = nodes.size();
    Unrolling(model, node, nodes).run();
    changes.lines.push_back(cat(graph::describe(model.graphs[0], node), ": unrolled into ",
                                nodes.size() - first, " operators of TensorFlow Lite"));
  }
  model.graphs[0].nodes = std::move(nodes);
  return changes;
}

}  // namespace mote::passes
