#include "mote/compiler/onnx/integers.h"

#include <algorithm>

#include "mote/compiler/onnx/integer_rules.h"

/// Two walks. Backward, from QUANTIZE: which integers all readers of a float tensor make of it.
/// Forward, from DEQUANTIZE: each tensor that is known as integers gets a twin of that type, and
/// nodes are made anew to compute twins; DEQUANTIZE is put where floats are needed at last.
namespace mote::onnx {
namespace {

using graph::Graph;
using graph::Node;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

bool is_integer(DType type) { return type == DType::kInt8 || type == DType::kInt16; }

/// Notes what a reader wants of the tensor.
void want(Wish& wish, const Wish& wanted) {
  if (wanted.state == Wish::kNone) return;  // what reads it is read by nothing
  if (wish.state == Wish::kNone)
    wish = wanted;
  else if (wish.state != Wish::kOne || wanted.state != Wish::kOne ||
           !is_same_grid(wish.grid, wanted.grid))
    wish.state = Wish::kMany;
}

/// What readers want of each tensor.
std::vector<Wish> find_wishes(const Graph& graph) {
  std::vector<Wish> wishes(graph.tensors.size());
  const Wish floats{.state = Wish::kMany};
  for (int output : graph.outputs) want(wishes[at(output)], floats);
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const int input = node.inputs[i];
      if (input < 0) continue;
      const graph::Tensor& made = graph.tensors[at(node.outputs.empty() ? input : node.outputs[0])];
      if (node.op == "QUANTIZE" && is_integer(made.type))
        want(wishes[at(input)], {Wish::kOne, {made.type, made.quant}});
      else if (commutes(node, i))
        want(wishes[at(input)], wishes[at(node.outputs[0])]);
      else
        want(wishes[at(input)], floats);
    }
  }
  return wishes;
}

/// Leaves out tensors that nothing names.
void compact(graph::Model& model) {
  Graph& graph = model.graphs[0];
  std::vector<int> place(graph.tensors.size(), -1);
  const auto mark = [&](const std::vector<int>& list) {
    for (int t : list)
      if (t >= 0) place[at(t)] = 0;
  };
  mark(graph.inputs), mark(graph.outputs);
  for (const Node& node : graph.nodes) mark(node.inputs), mark(node.outputs);
  std::vector<graph::Tensor> kept;
  for (std::size_t t = 0; t < place.size(); ++t)
    if (place[t] == 0) {
      place[t] = static_cast<int>(kept.size());
      kept.push_back(std::move(graph.tensors[t]));
    }
  const auto rename = [&](std::vector<int>& list) {
    for (int& t : list)
      if (t >= 0) t = place[at(t)];
  };
  rename(graph.inputs), rename(graph.outputs);
  for (Node& node : graph.nodes) rename(node.inputs), rename(node.outputs);
  graph.tensors = std::move(kept);
  std::vector<const std::byte*> used;
  for (const graph::Tensor& tensor : graph.tensors)
    if (tensor.is_constant()) used.push_back(tensor.data.data());
  std::sort(used.begin(), used.end());
  std::erase_if(model.storage, [&](const auto& bytes) {
    return !std::binary_search(used.begin(), used.end(), bytes->data());
  });
}

}  // namespace

// Twins

Twins::Twins(graph::Model& model, const Grids& grids)
    : model_(model), graph_(model.graphs[0]), grids_(grids), wishes_(find_wishes(graph_)) {
  twins_.assign(graph_.tensors.size(), -1);
  is_made_.assign(graph_.tensors.size(), false);
  stands_for_.resize(graph_.tensors.size());
  for (std::size_t t = 0; t < stands_for_.size(); ++t) stands_for_[t] = static_cast<int>(t);
}

void Twins::run() {
  for (int input : graph_.inputs) is_made_[at(input)] = true, make_wanted(input);
  for (const Node& node : graph_.nodes) {
    if (node.op == "QUANTIZE") {
      quantize(node);
    } else if (node.op == "DEQUANTIZE" && is_integer(tensor(node.inputs[0]).type)) {
      set_twin(node.outputs[0], stands_for_[at(node.inputs[0])]);
    } else if (!compute_as_integers(*this, node)) {
      add_as_it_is(node);
    }
  }
  for (int& output : graph_.outputs) {
    output = stands_for_[at(output)];
    make_real(output);
  }
  for (std::size_t n = 0; n < nodes_.size(); ++n) nodes_[n].index = static_cast<int>(n);
  graph_.nodes = std::move(nodes_);
  compact(model_);
}

void Twins::add_as_it_is(Node node) {
  for (int& input : node.inputs) {
    if (input < 0) continue;
    input = stands_for_[at(input)];
    make_real(input);
  }
  nodes_.push_back(node);
  for (int output : node.outputs) is_made_[at(output)] = true;
  for (int output : node.outputs) make_wanted(output);
}

void Twins::quantize(const Node& node) {
  const int output = node.outputs[0], twin = twins_[at(node.inputs[0])];
  const Grid wanted{tensor(output).type, tensor(output).quant};
  const auto is_port = [&](const std::vector<int>& ports, int t) {
    return std::count(ports.begin(), ports.end(), t) > 0;
  };
  if (twin < 0) return add_as_it_is(node);
  const bool is_named = is_port(graph_.outputs, output);
  if (!is_same_grid(grid_of(twin), wanted) || tensor(twin).is_constant() ||
      (is_named && (is_port(graph_.inputs, twin) || is_port(graph_.outputs, twin)))) {
    nodes_.push_back({.op = "QUANTIZE", .inputs = {twin}, .outputs = {output}});
    return;
  }
  stands_for_[at(output)] = twin;
  if (!is_port(graph_.inputs, twin)) tensor(twin).name = tensor(output).name;
}

void Twins::make_real(int t) {
  const int twin = twins_[at(t)];
  if (twin < 0 || is_made_[at(t)]) return;
  is_made_[at(t)] = true;
  nodes_.push_back({.op = "DEQUANTIZE", .inputs = {twin}, .outputs = {t}});
}

void Twins::make_wanted(int t) {
  const Wish& wish = wishes_[at(t)];
  if (wish.state != Wish::kOne || tensor(t).type != DType::kFloat32) return;
  const int twin = add_tensor(tensor(t).name, wish.grid, tensor(t).shape);
  nodes_.push_back({.op = "QUANTIZE", .inputs = {t}, .outputs = {twin}});
  set_twin(t, twin);
}

int Twins::add_tensor(const std::string& name, const Grid& grid, const std::vector<int>& shape) {
  graph_.tensors.push_back({.name = name, .type = grid.type, .shape = shape, .quant = grid.quant});
  twins_.push_back(-1), is_made_.push_back(true), wishes_.push_back({.state = Wish::kMany});
  stands_for_.push_back(static_cast<int>(graph_.tensors.size()) - 1);
  return stands_for_.back();
}

int Twins::add_constant(const std::string& name, const Grid& grid, const std::vector<int>& shape,
                        std::vector<std::byte> bytes) {
  const int t = add_tensor(name, grid, shape);
  model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor(t).data = *model_.storage.back();
  return t;
}

int Twins::add_node(Node node, const Grid& grid) {
  const int result = node.outputs[0];
  const int twin = add_tensor(tensor(result).name, grid, tensor(result).shape);
  node.outputs[0] = twin;
  nodes_.push_back(std::move(node));
  set_twin(result, twin);
  return twin;
}

void Twins::add_plain_node(Node node) {
  for (int output : node.outputs) is_made_[at(output)] = true;
  nodes_.push_back(std::move(node));
}

int Twins::requantized(int t, const Grid& grid) {
  if (is_same_grid(grid_of(t), grid)) return t;
  const int out = add_tensor(tensor(t).name, grid, tensor(t).shape);
  nodes_.push_back({.op = "QUANTIZE", .inputs = {t}, .outputs = {out}});
  return out;
}

bool Twins::quantize_state(int state, const Grid& grid) {
  const auto fill = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    return node.op == "STREAM_WRITE" && node.inputs[0] == state &&
           graph::values<float>(tensor(node.inputs[1])) ==
               std::vector<float>(static_cast<std::size_t>(graph::element_count(tensor(state))));
  });
  if (fill == nodes_.end()) return false;
  const auto count =
      static_cast<std::size_t>(graph::element_count(tensor(state)) * size_of(grid.type));
  fill->inputs[1] =
      add_constant("", grid, std::vector<int>(tensor(state).shape), std::vector<std::byte>(count));
  tensor(state).type = grid.type, tensor(state).quant = grid.quant;
  return true;
}

const Grid* Twins::wish(int t) const {
  const Wish& wish = wishes_[at(t)];
  return wish.state == Wish::kOne ? &wish.grid : nullptr;
}

const Grid* Twins::constant_grid(int t) const {
  const auto place = grids_.find(t);
  return place == grids_.end() ? nullptr : &place->second;
}

bool is_same_grid(const Grid& a, const Grid& b) {
  return a.type == b.type && a.quant.scale == b.quant.scale &&
         a.quant.zero_point == b.quant.zero_point;
}

void compute_with_integers(graph::Model& model, const Grids& grids) {
  const auto& nodes = model.graphs[0].nodes;
  const bool has_any = std::any_of(nodes.begin(), nodes.end(), [](const Node& node) {
    return node.op == "QUANTIZE" || node.op == "DEQUANTIZE";
  });
  if (has_any) Twins(model, grids).run();
}

}  // namespace mote::onnx
