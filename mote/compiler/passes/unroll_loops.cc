#include "mote/compiler/passes/unroll_loops.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/tracer.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::kNoTensor;
using graph::Node;
using graph::Tensor;
using Values = std::vector<ValuePtr>;

/// What a loop may not contain: other graphs, and what lives from run to run.
constexpr std::array<std::string_view, 9> kNotInside = {"WHILE",
                                                        "IF",
                                                        "CALL",
                                                        "CALL_ONCE",
                                                        "VAR_HANDLE",
                                                        "READ_VARIABLE",
                                                        "ASSIGN_VARIABLE",
                                                        "STABLEHLO_CALL",
                                                        "STABLEHLO_WHILE"};

/// Prepends the node's name.
tl::unexpected<Error> error_at(const std::string& node, const Error& error) {
  return fail(error.code, cat(node, ": ", error.message));
}

/// Goes through a model and writes its loops out.
class Unrolling {
 public:
  explicit Unrolling(graph::Model& model) : model_(model), tracer_(model) {}

  Result<Changes> run() {
    const std::vector<Node> nodes = std::exchange(model_.graphs[0].nodes, {});
    Values values = tracer_.values_of(0);
    for (int input : model_.graphs[0].inputs) {
      const auto at = static_cast<std::size_t>(input);
      values[at] =
          std::make_shared<Value>(Value{.info = model_.graphs[0].tensors[at], .tensor = input});
    }
    for (const Node& node : nodes) {
      const auto visited =
          node.op == "WHILE" ? unroll(node, values) : tracer_.visit(0, node, values, std::nullopt);
      if (!visited) return error_at(graph::describe(model_.graphs[0], node), visited.error());
    }
    const std::vector<int> outputs = model_.graphs[0].outputs;
    for (int output : std::set<int>(outputs.begin(), outputs.end()))
      MOTE_TRY(tracer_.write_output(output, values[static_cast<std::size_t>(output)]));
    model_.graphs[0].nodes = std::move(tracer_.nodes());
    drop_subgraphs();
    for (const std::string& node : tracer_.computed())
      changes_.lines.push_back(cat(node, ": computed, it depends on shapes alone"));
    return std::move(changes_);
  }

 private:
  const Graph& graph(int index) const { return model_.graphs[static_cast<std::size_t>(index)]; }

  Result<int> subgraph_of(const Node& loop, const char* which) const {
    const int index = loop.attrs.integer(which);
    if (index < 1 || index >= std::ssize(model_.graphs))
      return bad_input(cat("its ", which, " is ", index, ", but the model has the subgraphs 0 to ",
                           model_.graphs.size() - 1, ", and 0 is the one that has the loop"));
    for (const Node& node : graph(index).nodes)
      if (std::count(kNotInside.begin(), kNotInside.end(), node.op) > 0)
        return unsupported(cat("subgraph ", index, ", which it runs, has ",
                               graph::describe(graph(index), node),
                               "; mote unrolls loops that have no loops, conditions, calls and "
                               "variables inside"));
    for (const Tensor& tensor : graph(index).tensors)
      if (tensor.is_variable || tensor.is_resource)
        return unsupported(cat("subgraph ", index, ", which it runs, has the variable '",
                               tensor.name, "'; mote unrolls loops without variables inside"));
    return index;
  }

  /// That the loop hands on as many values as its subgraphs take, of the same types.
  Result<void> check(const Node& loop, const Graph& condition, const Graph& body) const {
    const std::size_t count = loop.inputs.size();
    if (condition.inputs.size() != count || body.inputs.size() != count ||
        body.outputs.size() != count || loop.outputs.size() != count)
      return bad_input(cat("it has ", count, " inputs and ", loop.outputs.size(),
                           " outputs, its condition ", condition.inputs.size(),
                           " inputs, its body ", body.inputs.size(), " inputs and ",
                           body.outputs.size(), " outputs, expected as many of each"));
    if (condition.outputs.size() != 1)
      return bad_input(
          cat("its condition has ", condition.outputs.size(), " outputs, expected one"));
    const auto type = [](const Graph& in, int tensor) {
      return in.tensors[static_cast<std::size_t>(tensor)].type;
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (loop.inputs[i] == kNoTensor) return bad_input(cat("its input ", i, " is left out"));
      const DType own = type(graph(0), loop.inputs[i]);
      if (type(condition, condition.inputs[i]) != own || type(body, body.inputs[i]) != own ||
          type(body, body.outputs[i]) != own || type(graph(0), loop.outputs[i]) != own)
        return bad_input(cat("its value ", i, " is ", name_of(own),
                             " in some places and of another type in others"));
    }
    return {};
  }

  /// Runs a subgraph: its outputs, for these inputs.
  Result<Values> trace(int index, const Values& inputs, int round) {
    const Graph& subgraph = graph(index);
    MOTE_TRY(tracer_.charge_work(std::ssize(subgraph.tensors) + std::ssize(inputs)));
    Values values = tracer_.values_of(static_cast<std::size_t>(index));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto value = std::make_shared<Value>(*inputs[i]);
      const auto at = static_cast<std::size_t>(subgraph.inputs[i]);
      value->is_reshaped = value->info.shape != subgraph.tensors[at].shape;
      values[at] = value->is_reshaped == inputs[i]->is_reshaped ? inputs[i] : std::move(value);
    }
    for (const Node& node : subgraph.nodes) {
      const auto visited = tracer_.visit(static_cast<std::size_t>(index), node, values, round);
      if (!visited)
        return error_at(
            cat("round ", round, " of it: subgraph ", index, " ", graph::describe(subgraph, node)),
            visited.error());
    }
    Values outputs;
    for (int output : subgraph.outputs) outputs.push_back(values[static_cast<std::size_t>(output)]);
    return outputs;
  }

  Result<void> unroll(const Node& loop, Values& values) {
    const auto condition = subgraph_of(loop, "cond_subgraph_index");
    MOTE_TRY(condition);
    const auto body = subgraph_of(loop, "body_subgraph_index");
    MOTE_TRY(body);
    MOTE_TRY(check(loop, graph(*condition), graph(*body)));
    Values state;
    for (int input : loop.inputs) state.push_back(values[static_cast<std::size_t>(input)]);
    int rounds = 0;
    const std::size_t before = tracer_.nodes().size();
    for (;; ++rounds) {
      const auto goes_on = trace(*condition, state, rounds);
      MOTE_TRY(goes_on);
      const ValuePtr& answer = goes_on->front();
      if (!answer->numbers || answer->numbers->values.size() != 1)
        return unsupported(cat("whether it goes on behind round ", rounds,
                               " is known only when the model runs ('", answer->info.name,
                               "' is not computed from constants); mote runs loops whose number "
                               "of rounds the file says"));
      if (answer->numbers->values[0] == 0) break;
      if (rounds == kMostRounds)
        return unsupported(cat("it runs more than ", kMostRounds,
                               " rounds, the most that mote unrolls; export the model with fewer"));
      auto next = trace(*body, state, rounds);
      MOTE_TRY(next);
      state = std::move(*next);
    }
    for (std::size_t i = 0; i < state.size(); ++i)
      values[static_cast<std::size_t>(loop.outputs[i])] = output_of(loop, i, state[i]);
    changes_.lines.push_back(cat(graph::describe(graph(0), loop), ": unrolled, ", rounds,
                                 rounds == 1 ? " round, " : " rounds, ",
                                 tracer_.nodes().size() - before, " operators"));
    unrolled_.insert({*condition, *body});
    return {};
  }

  /// The loop's output: what the last round left, under the name that the file has for it.
  ValuePtr output_of(const Node& loop, std::size_t i, const ValuePtr& last) const {
    const Tensor& declared = graph(0).tensors[static_cast<std::size_t>(loop.outputs[i])];
    auto value = std::make_shared<Value>(*last);
    value->is_reshaped = value->info.shape != declared.shape;
    if (value->rows) value->info.name = declared.name;
    return value;
  }

  /// Empties the subgraphs that only unrolled loops ran, and takes them out from the end.
  void drop_subgraphs() {
    std::set<int> kept = {0};
    for (const Graph& other : model_.graphs)
      for (const Node& node : other.nodes)
        for (const char* which :
             {"init_subgraph_index", "then_subgraph_index", "else_subgraph_index",
              "cond_subgraph_index", "body_subgraph_index", "subgraph"})
          if (node.attrs.find(which)) kept.insert(node.attrs.integer(which));
    if (model_.extras)
      for (const graph::Signature& signature : model_.extras->signatures)
        kept.insert(signature.graph);
    for (int index : unrolled_)
      if (kept.count(index) == 0)
        model_.graphs[static_cast<std::size_t>(index)] = {.name = graph(index).name};
    while (unrolled_.count(static_cast<int>(model_.graphs.size()) - 1) > 0 &&
           model_.graphs.back().tensors.empty())
      model_.graphs.pop_back();
  }

  graph::Model& model_;
  Tracer tracer_;
  Changes changes_;
  std::set<int> unrolled_;  // subgraphs
};

/// Inputs that say which shape the output has.
constexpr std::pair<std::string_view, std::size_t> kSaidShapes[] = {
    {"FILL", 0},          {"BROADCAST_TO", 1},  {"SLICE", 1},         {"SLICE", 2},
    {"STRIDED_SLICE", 1}, {"STRIDED_SLICE", 2}, {"STRIDED_SLICE", 3}, {"REDUCE_PROD", 0}};

Result<Changes> run(graph::Model& model, const Context&) {
  if (!has_loops(model)) return Changes();
  graph::Model unrolled = model;             // which stays as it is where something cannot be done
  constexpr std::size_t kLongestName = 256;  // of what is there once a round
  for (std::size_t g = 1; g < unrolled.graphs.size(); ++g)
    for (Tensor& tensor : unrolled.graphs[g].tensors)
      if (tensor.name.size() > kLongestName) tensor.name.resize(kLongestName);
  auto changes = Unrolling(unrolled).run();
  if (changes) model = std::move(unrolled);
  return changes;
}

}  // namespace

bool has_loops(const graph::Model& model) {
  const Graph& graph = model.graphs[0];
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    if (node.op == "WHILE") return true;
    return std::any_of(std::begin(kSaidShapes), std::end(kSaidShapes), [&](const auto& said) {
      const auto& [op, place] = said;
      if (node.op != op || place >= node.inputs.size()) return false;
      const Tensor* input = graph.input(node, place);
      return input && !input->is_constant() && input->type != DType::kFloat32;
    });
  });
}

Result<void> write_out_loops(graph::Model& model, const Context& context,
                             const Observer& observer) {
  const bool all = context.loops && context.loops->recognise_gru;
  bool is_written_out = false;
  for (const Pass* pass : {&unroll_loops, &recognise_grus}) {
    if (pass == &recognise_grus && !all && !is_written_out) continue;
    const auto changes = pass->run(model, context);
    if (!changes)
      return fail(changes.error().code, cat(model.source, ": ", changes.error().message));
    is_written_out = !changes->empty();
    if (is_written_out) MOTE_TRY(graph::verify(model));
    if (observer) observer(*pass, *changes, model);
  }
  return {};
}

const Pass unroll_loops = {.name = "unroll_loops",
                           .summary = "write loops out, and compute what depends on shapes alone",
                           .run = run};

}  // namespace mote::passes
