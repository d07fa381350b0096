#include "mote/compiler/convert/unroll_lstm.h"

#include <algorithm>
#include <map>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/graph/recurrent.h"
#include "mote/support/cat.h"

namespace mote::convert {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

using namespace graph::lstm;

/// Writes one LSTM as a step after the other.
class Unroller {
 public:
  Unroller(Model& model, const Node& lstm) : model_(model), lstm_(lstm) {}

  Result<std::vector<Node>> unroll() {
    MOTE_TRY(check());
    const int in = lstm_.inputs[0], out = lstm_.outputs[0];
    units_ = at(out).shape[2], batch_ = at(out).shape[1], times_ = at(out).shape[0];
    const int width = 4 * units_;
    // What inputs add to each gate, for all steps at once.
    const int rows = add_value("gates", {times_ * batch_, width});
    emit("FULLY_CONNECTED", {in, joined(kWeights, "weights"), joined(kBias, "bias")}, {rows},
         {{"fused_activation_function", 0}, {"weights_format", 0}, {"keep_num_dims", 0}});
    const int whole = add_value("gates/steps", {times_, batch_, width});
    emit("RESHAPE", {rows}, {whole});
    std::vector<int> steps, states;
    for (int t = 0; t < times_; ++t) steps.push_back(add_value(cat("gates/", t), {batch_, width}));
    emit("UNPACK", {whole}, steps, {{"num", times_}, {"axis", 0}});
    recurrent_ = joined(kRecurrent, "recurrent");
    axis_ = add_constant("axis", DType::kInt32, {},
                         mote::graph::bytes_of(std::vector<std::int32_t>{1}));
    for (int step : steps) states.push_back(one_step(step, static_cast<int>(states.size())));
    emit("PACK", states, {out}, {{"values_count", times_}, {"axis", 0}});
    return std::move(nodes_);
  }

  int steps() const { return times_; }

 private:
  using Settings = std::vector<std::pair<const char*, int>>;

  Graph& graph() { return model_.graphs[0]; }
  const Tensor& at(int tensor) { return graph().tensors[static_cast<std::size_t>(tensor)]; }
  const Tensor* input(std::size_t i) { return graph().input(lstm_, i); }

  Result<void> check() {
    const auto refuse = [&](const char* what) {
      return unsupported(cat("it begins each run with zeros, and ", what,
                             ": only a plain LSTM of floats can be written step by step"));
    };
    for (std::size_t i = 0; i < kGates; ++i)
      for (std::size_t list : {kWeights, kRecurrent, kBias}) {
        const Tensor* tensor = input(list + i);
        if (!tensor || !tensor->is_constant() || tensor->type != DType::kFloat32)
          return refuse("its weights are not constant floats, four gates of them");
      }
    for (std::size_t i :
         {kPeephole, kPeephole + 1, kPeephole + 2, kProjection, kProjection + 1, kNormalization,
          kNormalization + 1, kNormalization + 2, kNormalization + 3})
      if (input(i)) return refuse("it has peepholes, a projection or normalisation");
    if (lstm_.attrs.integer("time_major") != 1 || lstm_.attrs.real("cell_clip") != 0 ||
        lstm_.attrs.real("proj_clip") != 0 || lstm_.attrs.integer("fused_activation_function") != 4)
      return refuse("it clips, has batches first, or no tanh");
    return {};
  }

  std::string name(const std::string& part) { return cat(at(lstm_.outputs[0]).name, "/", part); }

  int add_value(const std::string& part, std::vector<int> shape) {
    return mote::graph::add_tensor(model_, {.name = name(part), .shape = std::move(shape)});
  }

  int add_constant(const char* part, DType type, std::vector<int> shape,
                   std::vector<std::byte> bytes) {
    return mote::graph::add_constant(
        model_, {.name = name(part), .type = type, .shape = std::move(shape)}, std::move(bytes));
  }

  /// The constants of the four gates, one behind the other.
  int joined(std::size_t first, const char* part) {
    std::vector<std::byte> bytes;
    std::vector<int> shape = input(first)->shape;
    shape[0] *= static_cast<int>(kGates);
    for (std::size_t i = 0; i < kGates; ++i) {
      const auto data = input(first + i)->data;
      bytes.insert(bytes.end(), data.begin(), data.end());
    }
    return add_constant(part, DType::kFloat32, shape, std::move(bytes));
  }

  void emit(const char* op, std::vector<int> inputs, std::vector<int> outputs,
            const Settings& settings = {}) {
    Node node{.index = graph::kAdded,
              .op = op,
              .inputs = std::move(inputs),
              .outputs = std::move(outputs)};
    for (const auto& [key, value] : settings) node.attrs.set(key, std::int64_t{value});
    nodes_.push_back(std::move(node));
  }

  int made(const char* op, std::vector<int> inputs, const std::string& part) {
    const bool has_activation = op == std::string_view("ADD") || op == std::string_view("MUL");
    const int out = add_value(part, {batch_, units_});
    emit(op, std::move(inputs), {out},
         has_activation ? Settings{{"fused_activation_function", 0}} : Settings{});
    return out;
  }

  /// One step; @returns the state behind it.
  int one_step(int gates, int t) {
    const int width = 4 * units_;
    if (t > 0) {
      const int from_state = add_value(cat("recurrent/", t), {batch_, width});
      emit("FULLY_CONNECTED", {state_, recurrent_, graph::kNoTensor}, {from_state},
           {{"fused_activation_function", 0}, {"weights_format", 0}, {"keep_num_dims", 0}});
      const int sum = add_value(cat("sum/", t), {batch_, width});
      emit("ADD", {gates, from_state}, {sum}, {{"fused_activation_function", 0}});
      gates = sum;
    }
    std::vector<int> parts;
    for (const char* gate : {"input", "forget", "cell", "output"})
      parts.push_back(add_value(cat(gate, "_sum/", t), {batch_, units_}));
    emit("SPLIT", {axis_, gates}, parts, {{"num_splits", 4}});
    const int in = made("LOGISTIC", {parts[0]}, cat("input/", t)),
              candidate = made("TANH", {parts[2]}, cat("candidate/", t)),
              out = made("LOGISTIC", {parts[3]}, cat("output/", t));
    int cell = made("MUL", {in, candidate}, cat("new/", t));
    if (t > 0) {
      const int forget = made("LOGISTIC", {parts[1]}, cat("forget/", t));
      const int kept = made("MUL", {forget, cell_}, cat("kept/", t));
      cell = made("ADD", {kept, cell}, cat("cell/", t));
    }
    cell_ = cell;
    state_ = made("MUL", {out, made("TANH", {cell}, cat("squashed/", t))}, cat("state/", t));
    return state_;
  }

  Model& model_;
  const Node lstm_;
  std::vector<Node> nodes_;
  int units_ = 0, batch_ = 0, times_ = 0, recurrent_ = 0, axis_ = 0, state_ = 0, cell_ = 0;
};

}  // namespace

Result<std::vector<std::string>> rewrite_lstms(Model& model, LstmForm form) {
  std::vector<std::string> lines;
  Graph& graph = model.graphs[0];
  std::map<int, int> zeroed;  // variables, by how many LSTMs begin with them
  for (const Node& node : graph.nodes)
    if (graph::fills_with_zeros(graph, node)) zeroed[node.inputs[0]] = 0;
  std::vector<Node> nodes;
  const std::vector<Node> before = graph.nodes;
  for (const Node& node : before) {
    const bool begins_with_zeros =
        node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM" && node.inputs.size() > kCell &&
        zeroed.count(node.inputs[kHidden]) != 0 && zeroed.count(node.inputs[kCell]) != 0;
    if (!begins_with_zeros) {
      nodes.push_back(node);
      continue;
    }
    ++zeroed[node.inputs[kHidden]], ++zeroed[node.inputs[kCell]];
    const std::string place = graph::describe(graph, node);
    if (form == LstmForm::kStateful) {
      lines.push_back(cat(place,
                          ": begins with zeros in each run; in the file it keeps its state: "
                          "reset the variables before each run"));
      nodes.push_back(node);
      continue;
    }
    Unroller unroller(model, node);
    auto steps = unroller.unroll();
    if (!steps)
      return fail(steps.error().code,
                  cat(place, graph::describe_neighbours(graph, node), ": ", steps.error().message));
    lines.push_back(cat(place, ": begins with zeros in each run; written as ", unroller.steps(),
                        " steps of ", steps->size(), " operators in all"));
    nodes.insert(nodes.end(), steps->begin(), steps->end());
  }
  std::erase_if(nodes, [&](const Node& node) {
    return graph::fills_with_zeros(graph, node) && zeroed[node.inputs[0]] > 0;
  });
  graph.nodes = std::move(nodes);
  return lines;
}

}  // namespace mote::convert
