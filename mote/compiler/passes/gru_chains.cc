#include "mote/compiler/passes/gru_chains.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr int kUpdate = 0, kReset = 1, kCandidate = 2, kGates = graph::gru::kGates;
constexpr int kNone = graph::kNoTensor;

bool is_same(Bytes a, Bytes b) {
  return a.size() == b.size() &&
         (a.data() == b.data() || std::equal(a.begin(), a.end(), b.begin(), b.end()));
}
bool is_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}
/// Biases, where none stands for zeros.
bool is_same_bias(Bytes a, Bytes b) {
  return a.empty() ? is_zero(b) : b.empty() ? is_zero(a) : is_same(a, b);
}

/// The operators of steps, and how many inputs each must have.
struct Operator {
  std::string_view op;
  std::size_t inputs;
};
constexpr Operator kOperators[] = {{"ADD", 2},    {"MUL", 2},      {"SUB", 2},
                                   {"TANH", 1},   {"LOGISTIC", 1}, {"FULLY_CONNECTED", 2},
                                   {"SPLIT", 2},  {"SPLIT_V", 3},  {"STRIDED_SLICE", 4},
                                   {"UNPACK", 1}, {"FILL", 2}};

/// Sees what nodes compute. Their operators need not be supported.
class Reader {
 public:
  explicit Reader(const Graph& graph) : graph_(graph) {
    for (const Node& node : graph.nodes)
      for (std::size_t i = 0; i < node.outputs.size(); ++i) writers_[node.outputs[i]] = {&node, i};
  }

  /// Whether the tensor is zeros, as a constant or as what FILL makes of one.
  bool is_zeros(int i) const {
    const Node* fill = made_by(i, "FILL");
    const Tensor& value = tensor(fill ? fill->inputs[1] : i);
    return value.is_constant() && is_zero(value.data);
  }

  /// The step whose new state the tensor is.
  std::optional<GruStep> step_of(int tensor) const {
    if (const Node* sum = made_by(tensor, "ADD"))
      for (std::size_t i = 0; i < 2; ++i)
        if (const auto step = step_of_terms(sum->inputs[i], sum->inputs[1 - i])) return step;
    return step_of_terms(kNone, tensor);
  }

 private:
  const Tensor& tensor(int i) const { return graph_.tensors[static_cast<std::size_t>(i)]; }

  /// The node that makes the tensor, if it is this operator, without an activation.
  const Node* made_by(int tensor, std::string_view op) const {
    const auto writer = writers_.find(tensor);
    if (writer == writers_.end()) return nullptr;
    const Node& node = *writer->second.first;
    if (node.op != op || node.is_custom || node.attrs.integer("fused_activation_function") != 0)
      return nullptr;
    const auto needed = std::find_if(std::begin(kOperators), std::end(kOperators),
                                     [&](const Operator& known) { return known.op == op; });
    const auto inputs = std::span(node.inputs).first(std::min(needed->inputs, node.inputs.size()));
    const bool has_all =
        inputs.size() == needed->inputs &&
        std::none_of(inputs.begin(), inputs.end(), [](int input) { return input == kNone; });
    return has_all ? &node : nullptr;
  }
  bool is_one(int i) const {
    return tensor(i).type == DType::kFloat32 && tensor(i).data.size() == sizeof(float) &&
           graph::values<float>(tensor(i))[0] == 1;
  }

  /// update * before + (1 - update) * candidate, of which the first term may not be there.
  std::optional<GruStep> step_of_terms(int kept, int added) const {
    const Node* product = made_by(added, "MUL");
    if (!product) return {};
    for (std::size_t i = 0; i < 2; ++i) {
      const Node* rest = made_by(product->inputs[i], "SUB");
      const Node* squashed = made_by(product->inputs[1 - i], "TANH");
      if (!rest || !squashed || !is_one(rest->inputs[0])) continue;
      GruStep step;
      const int update = rest->inputs[1];
      if (kept != kNone) {
        const Node* held = made_by(kept, "MUL");
        if (!held || std::count(held->inputs.begin(), held->inputs.end(), update) != 1) continue;
        step.before = held->inputs[held->inputs[0] == update ? 1 : 0];
      }
      if (has_gate(update, kUpdate, step) && has_candidate(squashed->inputs[0], step)) return step;
    }
    return {};
  }

  bool has_gate(int value, int gate, GruStep& step) const {
    const Node* function = made_by(value, "LOGISTIC");
    return function && has_sum(function->inputs[0], gate, step);
  }
  /// That of the input and the state.
  bool has_sum(int value, int gate, GruStep& step) const {
    return split_sum(value, gate, step, [&](int from_state) {
      return has_state(from_state, step.before, gate, step);
    });
  }
  bool has_candidate(int value, GruStep& step) const {
    return split_sum(value, kCandidate, step, [&](int let_in) {
      return step.before == kNone && (let_in == kNone || tensor(let_in).is_constant())
                 ? has_state(let_in, kNone, kCandidate, step)
                 : has_linear(let_in, step) || has_reset_first(let_in, step);
    });
  }
  /// Finds the input's part; the rest must satisfy `rest`. With a state of zero there may be none.
  template <class Rest>
  bool split_sum(int value, int gate, GruStep& step, const Rest& rest) const {
    auto& input = step.input[static_cast<std::size_t>(gate)];
    if (const Node* sum = made_by(value, "ADD"))
      for (std::size_t i = 0; i < 2; ++i) {
        input = rows_of(sum->inputs[i]);
        if (input.is_of_step() && rest(sum->inputs[1 - i])) return true;
      }
    if (step.before != kNone) return false;
    input = rows_of(value);
    return input.is_of_step() && rest(kNone);
  }
  bool has_state(int value, int source, int gate, GruStep& step) const {
    GruRows& state = step.state[static_cast<std::size_t>(gate)];
    if (step.before == kNone) {  // the bias alone
      if (value != kNone && !tensor(value).is_constant()) return false;
      state = {.bias = value == kNone ? Bytes() : tensor(value).data};
      return true;
    }
    state = rows_of(value);
    return !state.is_of_step() && state.source == source && !state.weights.empty();
  }
  /// reset * (R state + bias)
  bool has_linear(int value, GruStep& step) const {
    const Node* product = made_by(value, "MUL");
    if (!product) return false;
    step.is_linear = true;
    for (std::size_t i = 0; i < 2; ++i)
      if (has_gate(product->inputs[i], kReset, step) &&
          has_state(product->inputs[1 - i], step.before, kCandidate, step))
        return true;
    return false;
  }
  /// R (reset * state) + bias
  bool has_reset_first(int value, GruStep& step) const {
    step.is_linear = false;
    const int left = rows_of(value).source;
    const Node* product = left == kNone ? nullptr : made_by(left, "MUL");
    if (!product) return false;
    for (std::size_t i = 0; i < 2; ++i)
      if (product->inputs[1 - i] == step.before && has_gate(product->inputs[i], kReset, step))
        return has_state(value, left, kCandidate, step);
    return false;
  }

  /// Which rows of a dense layer the tensor is; no source where it is something else.
  GruRows rows_of(int value, int depth = 0) const {
    constexpr int kDeepest = 4;  // parts of parts
    if (++depth > kDeepest) return {};
    if (const Node* layer = made_by(value, "FULLY_CONNECTED")) return rows_of_layer(*layer);
    if (const Node* split = made_by(value, "SPLIT"))
      return rows_of_split(value, *split, split->inputs[1], *graph_.input(*split, 0), depth);
    if (const Node* split = made_by(value, "SPLIT_V"))
      return rows_of_split(value, *split, split->inputs[0], *graph_.input(*split, 2), depth);
    if (const Node* slice = made_by(value, "STRIDED_SLICE"))
      return rows_of_slice(value, *slice, *graph_.input(*slice, 1), *graph_.input(*slice, 3),
                           depth);
    if (const Node* parts = made_by(value, "UNPACK")) {
      GruRows rows = rows_of(parts->inputs[0], depth);
      if (rows.is_of_step()) return {};
      rows.axis = parts->attrs.integer("axis");
      rows.step = static_cast<int>(writers_.at(value).second);
      return rows;
    }
    return {};
  }
  GruRows rows_of_layer(const Node& layer) const {
    const Tensor &weights = *graph_.input(layer, 1), *bias = graph_.input(layer, 2);
    const auto &in = tensor(layer.inputs[0]).shape, &out = graph_.output(layer).shape;
    if (!weights.is_constant() || weights.type != DType::kFloat32 || weights.shape.size() != 2 ||
        in.empty() || in.back() != weights.shape[1] || out.empty() ||
        out.back() != weights.shape[0] ||
        (bias && (!bias->is_constant() || bias->type != DType::kFloat32)))
      return {};
    GruRows rows{
        .source = layer.inputs[0], .weights = weights.data, .bias = bias ? bias->data : Bytes()};
    if (const Node* parts = made_by(rows.source, "UNPACK")) {
      rows.axis = parts->attrs.integer("axis");
      rows.step = static_cast<int>(writers_.at(rows.source).second);
      rows.source = parts->inputs[0];
    } else if (const Node* slice = made_by(rows.source, "STRIDED_SLICE")) {
      find_slice(*slice, rows);
    }
    return rows;
  }
  /// One step of [batch, time, features] or [time, batch, features], all else whole.
  void find_slice(const Node& slice, GruRows& rows) const {
    const Tensor &in = *graph_.input(slice, 0), &begin = *graph_.input(slice, 1),
                 &stride = *graph_.input(slice, 3);
    const int mask = slice.attrs.integer("shrink_axis_mask");
    if (in.shape.size() != 3 || (mask != 1 && mask != 2) || !begin.is_constant() ||
        begin.type != DType::kInt32 || !stride.is_constant() || stride.type != DType::kInt32 ||
        slice.attrs.integer("ellipsis_mask") != 0 || slice.attrs.integer("new_axis_mask") != 0)
      return;
    const auto axis = static_cast<std::size_t>(mask - 1);
    std::vector<int> rest = in.shape;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(axis));
    const auto first = graph::values<std::int32_t>(begin), by = graph::values<std::int32_t>(stride);
    if (graph_.output(slice).shape != rest || first.size() <= axis || first[axis] < 0 ||
        std::any_of(by.begin(), by.end(), [](int s) { return s != 1; }))
      return;
    rows.axis = static_cast<int>(axis), rows.step = first[axis], rows.source = slice.inputs[0];
  }
  /// Neighbours along the last dimension, all else whole.
  GruRows rows_of_slice(int value, const Node& slice, const Tensor& begin, const Tensor& stride,
                        int depth) const {
    std::vector<int> shape = tensor(slice.inputs[0]).shape;
    for (const char* mask : {"shrink_axis_mask", "ellipsis_mask", "new_axis_mask", "offset"})
      if (slice.attrs.integer(mask) != 0) return {};
    if (shape.empty() || tensor(value).shape.size() != shape.size() || !begin.is_constant() ||
        begin.type != DType::kInt32 || !stride.is_constant() || stride.type != DType::kInt32)
      return {};
    const auto first = graph::values<std::int32_t>(begin), by = graph::values<std::int32_t>(stride);
    const std::size_t last = shape.size() - 1;
    const int whole = shape[last];
    shape[last] = tensor(value).shape[last];
    if (tensor(value).shape != shape || first.size() <= last ||
        std::any_of(by.begin(), by.end(), [](int s) { return s != 1; }))
      return {};
    const bool from_edge = (slice.attrs.integer("begin_mask") >> last & 1) != 0;
    const int from = from_edge ? 0 : first[last] < 0 ? first[last] + whole : first[last];
    if (from < 0 || from > whole - shape[last]) return {};
    return part_of(rows_of(slice.inputs[0], depth), static_cast<std::size_t>(whole),
                   static_cast<std::size_t>(from), static_cast<std::size_t>(shape[last]));
  }
  /// `count` rows from `first` on, of so many.
  static GruRows part_of(GruRows rows, std::size_t all, std::size_t first, std::size_t count) {
    if (first + count > all) return {};
    const auto part = [&](Bytes bytes) {
      const std::size_t row = bytes.size() / all;
      return bytes.empty() ? bytes : bytes.subspan(first * row, count * row);
    };
    rows.weights = part(rows.weights), rows.bias = part(rows.bias);
    return rows;
  }
  GruRows rows_of_split(int value, const Node& split, int whole, const Tensor& axis,
                        int depth) const {
    GruRows rows = rows_of(whole, depth);
    const int rank = static_cast<int>(tensor(whole).shape.size());
    if (rows.source == kNone || !axis.is_constant() || axis.type != DType::kInt32) return {};
    const int along = graph::values<std::int32_t>(axis)[0];
    if (rank < 1 || (along != rank - 1 && along != -1)) return {};
    for (int output : split.outputs)
      if (tensor(output).shape.empty()) return {};
    const auto width = [&](int t) { return static_cast<std::size_t>(tensor(t).shape.back()); };
    std::size_t first = 0;
    for (int output : split.outputs) {
      if (output == value) break;
      first += width(output);
    }
    return part_of(rows, width(whole), first, width(value));
  }

  const Graph& graph_;
  std::map<int, std::pair<const Node*, std::size_t>> writers_;
};

/// Whether a step that begins with zeros, without the formulas' parts that then are none, is
/// `step`.
bool is_first(const GruStep& first, const GruStep& step, int units) {
  const auto row = static_cast<std::size_t>(units) * sizeof(float);
  for (std::size_t g = 0; g < kGates; ++g) {
    const Bytes bias = first.state[g].bias;  // of each in the batch, or of all
    if (bias.size() % row != 0) return false;
    if (bias.empty() && g == kReset) continue;  // what it resets is nothing
    if (bias.empty() && !is_same_bias({}, step.state[g].bias)) return false;
    for (std::size_t at = 0; at < bias.size(); at += row)
      if (!is_same_bias(bias.subspan(at, row), step.state[g].bias)) return false;
  }
  return true;
}

bool is_same_step(const GruStep& a, const GruStep& b, int units) {
  if (a.before != kNone && a.is_linear != b.is_linear) return false;
  for (std::size_t g = 0; g < kGates; ++g) {
    const bool has_input = a.before != kNone || a.input[g].source != kNone;
    if (has_input &&
        (a.input[g].source != b.input[g].source || a.input[g].axis != b.input[g].axis ||
         !is_same(a.input[g].weights, b.input[g].weights) ||
         !is_same_bias(a.input[g].bias, b.input[g].bias)))
      return false;
    if (a.before != kNone && (!is_same(a.state[g].weights, b.state[g].weights) ||
                              !is_same_bias(a.state[g].bias, b.state[g].bias)))
      return false;
  }
  return a.before != kNone || is_first(a, b, units);
}

/// Whether the chain has sizes that fit, and sees the whole of its input.
bool is_whole(const Graph& graph, const GruChain& chain) {
  const GruRows& input = chain.step.input[0];
  const auto& in = graph.tensors[static_cast<std::size_t>(input.source)].shape;
  const auto& state = graph.tensors[static_cast<std::size_t>(chain.states[0])].shape;
  if (in.size() != 3 || state.size() != 2 || (input.axis != 0 && input.axis != 1)) return false;
  const auto floats = [](int n) { return static_cast<std::size_t>(n) * sizeof(float); };
  const auto has_units = [&](Bytes bias) {
    return bias.empty() || bias.size() == floats(state[1]);
  };
  for (std::size_t g = 0; g < kGates; ++g)
    if (chain.step.input[g].weights.size() != floats(state[1] * in[2]) ||
        chain.step.state[g].weights.size() != floats(state[1] * state[1]) ||
        chain.step.input[g].source != input.source || chain.step.input[g].axis != input.axis ||
        !has_units(chain.step.input[g].bias) || !has_units(chain.step.state[g].bias))
      return false;
  return in[static_cast<std::size_t>(input.axis)] == static_cast<int>(chain.states.size()) &&
         in[static_cast<std::size_t>(1 - input.axis)] == state[0];
}

bool is_at(const GruStep& step, int time) {
  return std::all_of(step.input.begin(), step.input.end(), [&](const GruRows& rows) {
    return rows.step == time || (step.before == kNone && rows.source == kNone);
  });
}

}  // namespace

std::vector<GruChain> find_gru_chains(const Graph& graph) {
  const Reader reader(graph);
  std::map<int, GruStep> steps;  // by the state that they make
  std::map<int, int> followers;  // by the state that they begin with
  for (const Node& node : graph.nodes)
    if ((node.op == "ADD" || node.op == "MUL") && node.outputs.size() == 1 &&
        graph.output(node).shape.size() == 2)
      if (const auto step = reader.step_of(node.outputs[0])) {
        steps[node.outputs[0]] = *step;
        if (step->before != kNone) followers[step->before] = node.outputs[0];
      }
  std::vector<GruChain> chains;
  for (const auto& [state, first] : steps) {
    const bool begins = first.before == kNone || reader.is_zeros(first.before);
    const auto second = followers.find(state);
    // A single step that begins with zeros has no weights of the state to be known by.
    if (!begins || (first.before == kNone && second == followers.end())) continue;
    const GruStep& model = first.before == kNone ? steps.at(second->second) : first;
    const int units = graph.tensors[static_cast<std::size_t>(state)].shape.back();
    GruChain chain{.states = {}, .step = model};
    for (int at = state;;) {
      const GruStep& step = steps.at(at);
      if (!is_same_step(step, model, units) || !is_at(step, static_cast<int>(chain.states.size())))
        break;
      chain.states.push_back(at);
      const auto next = followers.find(at);
      if (next == followers.end()) break;
      at = next->second;
    }
    if (!chain.states.empty() && is_whole(graph, chain)) chains.push_back(std::move(chain));
  }
  return chains;
}

}  // namespace mote::passes
