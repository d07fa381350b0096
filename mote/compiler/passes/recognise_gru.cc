#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/gru_chains.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/unroll_gru.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;

constexpr int kGates = graph::gru::kGates;
constexpr int kNone = graph::kNoTensor;

/// Puts a GRU in a chain's place.
class Rewriting {
 public:
  Rewriting(graph::Model& model, const GruChain& chain) : model_(model), chain_(chain) {
    axis_ = chain.step.input[0].axis;
    in_ = graph().tensors[static_cast<std::size_t>(chain.step.input[0].source)].shape;
    units_ = graph().tensors[static_cast<std::size_t>(chain.states[0])].shape[1];
    batch_ = in_[static_cast<std::size_t>(1 - axis_)];
  }

  std::string run() {
    const Node* packed = find_pack();
    const int out = packed ? packed->outputs[0]
                           : add_tensor(model_, {.name = "gru", .shape = {in_[0], in_[1], units_}});
    add_gru(out);
    for (std::size_t t = 0; t < chain_.states.size(); ++t) add_state(out, static_cast<int>(t));
    replace(packed ? out : kNone);
    return cat(graph::describe(graph(), added_[1]), ": recognised in ", chain_.states.size(),
               " steps");
  }

 private:
  Graph& graph() { return model_.graphs[0]; }
  template <class T>
  int constant(const std::vector<T>& values, std::vector<int> shape) {
    return add_constant(model_, {.name = "", .type = dtype_of<T>, .shape = std::move(shape)},
                        graph::bytes_of(values));
  }
  /// The gates' bytes, one after another; `bytes` zeros for a bias that is not there.
  int gather(const std::array<GruRows, kGates>& gates, Bytes GruRows::*part,
             std::vector<int> shape) {
    const std::size_t bytes =
        sizeof(float) * static_cast<std::size_t>(units_) *
        (shape.size() == 3 ? static_cast<std::size_t>(shape[2]) : std::size_t{1});
    std::vector<std::byte> all;
    for (const GruRows& rows : gates) {
      all.insert(all.end(), (rows.*part).begin(), (rows.*part).end());
      if ((rows.*part).empty()) all.insert(all.end(), bytes, std::byte{0});
    }
    return add_constant(model_, {.name = "", .shape = std::move(shape)}, std::move(all));
  }

  void add_gru(int out) {
    const GruStep& step = chain_.step;
    const std::vector<int> state_shape = {batch_, units_};
    const int state = add_tensor(
        model_, {.name = "gru/state", .shape = state_shape, .data = {}, .is_variable = true});
    const int zeros =
        constant(std::vector<float>(static_cast<std::size_t>(batch_ * units_)), state_shape);
    Node clear{.index = graph::kAdded, .op = "STREAM_WRITE", .inputs = {state, zeros}};
    clear.attrs.set("axis", std::int64_t{0}), clear.attrs.set("begin", std::int64_t{0});
    clear.attrs.set("end", std::int64_t{batch_}), clear.attrs.set("hop", std::int64_t{1});
    added_.push_back(std::move(clear));
    Node gru{.index = graph::kAdded,
             .op = "GRU",
             .inputs = {step.input[0].source,
                        gather(step.input, &GruRows::weights, {kGates, units_, in_[2]}),
                        gather(step.state, &GruRows::weights, {kGates, units_, units_}),
                        gather(step.input, &GruRows::bias, {kGates, units_}),
                        gather(step.state, &GruRows::bias, {kGates, units_}), state},
             .outputs = {out}};
    gru.attrs.set("time_major", std::int64_t{axis_ == 0});
    gru.attrs.set("linear_before_reset", std::int64_t{step.is_linear});
    added_.push_back(std::move(gru));
  }
  /// The tensor of one state, for whoever reads it beside the chain.
  void add_state(int out, int time) {
    std::vector<int> begin = {0, 0, 0}, size = in_;
    begin[static_cast<std::size_t>(axis_)] = time;
    size[static_cast<std::size_t>(axis_)] = 1, size[2] = units_;
    const int part = add_tensor(model_, {.name = "gru/step", .shape = size});
    added_.push_back({.index = graph::kAdded,
                      .op = "SLICE",
                      .inputs = {out, constant(begin, {3}), constant(size, {3})},
                      .outputs = {part}});
    Node flat{.index = graph::kAdded,
              .op = "RESHAPE",
              .inputs = {part, constant(std::vector<int>{batch_, units_}, {2})},
              .outputs = {chain_.states[static_cast<std::size_t>(time)]}};
    flat.attrs.set("new_shape", std::vector<std::int64_t>{batch_, units_});
    added_.push_back(std::move(flat));
  }
  /// The node that joins all states along time.
  const Node* find_pack() {
    for (const Node& node : graph().nodes)
      if (node.op == "PACK" && node.inputs == chain_.states && node.attrs.integer("axis") == axis_)
        return &node;
    return nullptr;
  }
  /// The new nodes stand where the first state was made; who made states, and their PACK, goes.
  void replace(int packed) {
    std::vector<Node> nodes;
    const std::set<int> states(chain_.states.begin(), chain_.states.end());
    for (Node& node : graph().nodes) {
      const int made = node.outputs.empty() ? kNone : node.outputs[0];
      if (made == chain_.states[0]) nodes.insert(nodes.end(), added_.begin(), added_.end());
      if ((made != kNone && made == packed) || states.count(made) > 0) continue;
      nodes.push_back(std::move(node));
    }
    graph().nodes = std::move(nodes);
  }

  graph::Model& model_;
  const GruChain& chain_;
  std::vector<Node> added_;
  std::vector<int> in_;
  int axis_ = 0, units_ = 0, batch_ = 0;
};

/// Whether no file has the nodes that make the chain's states.
bool is_added(const Graph& graph, const GruChain& chain) {
  const std::set<int> states(chain.states.begin(), chain.states.end());
  return std::none_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.index != graph::kAdded && !node.outputs.empty() &&
           states.count(node.outputs[0]) > 0;
  });
}

Result<Changes> recognise(graph::Model& model, bool only_added) {
  Changes changes;
  for (const GruChain& chain : find_gru_chains(model.graphs[0]))
    if (!only_added || is_added(model.graphs[0], chain))
      changes.lines.push_back(Rewriting(model, chain).run());
  if (!changes.empty()) MOTE_TRY(remove_unused.run(model, {}));
  return changes;
}

Result<Changes> run_pass(graph::Model& model, const Context& context) {
  const bool all = context.loops && context.loops->recognise_gru;
  return all ? recognise_gru(model) : recognise_added_gru(model);
}

}  // namespace

Result<Changes> recognise_gru(graph::Model& model) { return recognise(model, false); }
Result<Changes> recognise_added_gru(graph::Model& model) { return recognise(model, true); }

const Pass recognise_grus = {.name = "recognise_gru",
                             .summary = "compute with one operator what is a GRU, step by step",
                             .run = run_pass};

}  // namespace mote::passes
