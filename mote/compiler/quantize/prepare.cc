#include "mote/compiler/quantize/prepare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "mote/compiler/quantize/edit.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/compiler/quantize/recurrent.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

constexpr const char* kFused = "fused_activation_function";

constexpr std::array<std::string_view, 9> kHosts = {
    "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "SUB",
    "MUL",     "AVERAGE_POOL_2D",   "MAX_POOL_2D",     "DIV"};

/// TensorFlow Lite's number of the fused form.
std::optional<int> fused_form(const Node& node) {
  if (node.op == "RELU") return 1;
  if (node.op == "RELU_N1_TO_1") return 2;
  if (node.op == "RELU6") return 3;
  return std::nullopt;
}

void erase(Graph& graph, const Node& node) {
  graph.nodes.erase(graph.nodes.begin() + (&node - graph.nodes.data()));
}

/// A constant's numbers repeated to one a channel; nothing where it is no such constant of floats.
std::optional<std::vector<float>> a_channel_each(const Tensor* tensor, int channels) {
  if (!tensor || !tensor->is_constant() || tensor->type != DType::kFloat32) return std::nullopt;
  const std::int64_t count = graph::element_count(*tensor);
  if (count != 1 && (count != channels || tensor->shape.back() != channels)) return std::nullopt;
  std::vector<float> values = graph::values<float>(*tensor);
  values.resize(static_cast<std::size_t>(channels), values[0]);
  return values;
}

/// The node's constant, and which input it is; the other is computed.
struct ConstantSide {
  std::size_t constant = 0, other = 0;
};
std::optional<ConstantSide> constant_side(const Graph& graph, const Node& node) {
  if (node.inputs.size() != 2) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i)
    if (graph.input(node, i) && graph.input(node, i)->is_constant()) return ConstantSide{i, 1 - i};
  return std::nullopt;
}

/// Lets MUL, ADD or SUB with a constant, a number a channel, become part of the layer before it.
bool fold_into_layer(Model& model, Node& node, std::vector<std::string>& lines) {
  Graph& graph = model.graphs[0];
  const auto side = constant_side(graph, node);
  const bool is_mul = node.op == "MUL";
  if ((!is_mul && node.op != "ADD" && node.op != "SUB") || !side) return false;
  if (node.op == "SUB" && side->constant == 0) return false;
  const int middle = node.inputs[side->other];
  Node* host = maker(graph, middle);
  if (!host || only_reader(graph, middle) != &node || host->attrs.integer(kFused) != 0)
    return false;
  const auto layer = layer_of(graph, *host);
  if (!layer || layer->form == Layer::Form::kTransposed) return false;
  if (graph.output(*host).shape != graph.output(node).shape) return false;
  const int channels = layer->channels();
  auto factors = a_channel_each(graph.input(node, side->constant), channels);
  if (!factors) return false;
  std::vector<float> filter = graph::values<float>(*graph.input(*host, layer->filter));
  std::vector<float> bias(static_cast<std::size_t>(channels));
  if (const Tensor* old = graph.input(*host, layer->bias)) {
    if (!old->is_constant()) return false;
    bias = graph::values<float>(*old);
  }
  lines.push_back(
      cat(graph::describe(graph, node), ": became part of ", graph::describe(graph, *host)));
  if (is_mul)
    for (std::size_t i = 0; i < filter.size(); ++i)
      filter[i] *= (*factors)[static_cast<std::size_t>(layer->channel_of(i))];
  for (std::size_t c = 0; c < bias.size(); ++c) {
    if (is_mul) bias[c] *= (*factors)[c];
    if (node.op == "ADD") bias[c] += (*factors)[c];
    if (node.op == "SUB") bias[c] -= (*factors)[c];
  }
  const std::string name = graph.output(node).name;
  host->inputs.resize(std::max(host->inputs.size(), layer->bias + 1), graph::kNoTensor);
  host->inputs[layer->filter] = add_floats(model, cat(name, "/filter"), layer->shape, filter);
  host->inputs[layer->bias] = add_floats(model, cat(name, "/bias"), {channels}, bias);
  host->outputs = node.outputs;
  host->attrs.set(kFused, std::int64_t{node.attrs.integer(kFused)});
  erase(graph, node);
  return true;
}

/// SQUARE as MUL, and DIV by a constant as MUL by its inverse: there are more kernels for MUL.
bool replace_by_mul(Model& model, Node& node, std::vector<std::string>& lines) {
  Graph& graph = model.graphs[0];
  if (node.op == "SQUARE") {
    lines.push_back(cat(graph::describe(graph, node), ": is MUL of a value by itself"));
    node.inputs.push_back(node.inputs[0]);
  } else if (node.op == "DIV") {
    const Tensor* divisor = graph.input(node, 1);
    if (!divisor || !divisor->is_constant() || divisor->type != DType::kFloat32) return false;
    std::vector<float> values = graph::values<float>(*divisor);
    for (float& x : values) x = 1 / x;
    if (!std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); }))
      return false;
    lines.push_back(cat(graph::describe(graph, node), ": is MUL by the inverse"));
    const std::string name = cat(divisor->name, "/inverse");
    const std::vector<int> shape = divisor->shape;
    node.inputs[1] = add_floats(model, name, shape, values);
  } else {
    return false;
  }
  node.op = "MUL";
  node.attrs.set(kFused, std::int64_t{node.attrs.integer(kFused)});
  return true;
}

/// Lets the operator before an activation do its clamping. A RESHAPE between them stays.
bool fuse_activation(Model& model, Node& node, std::vector<std::string>& lines) {
  Graph& graph = model.graphs[0];
  const auto form = fused_form(node);
  if (!form) return false;
  int value = node.inputs[0];
  Node* host = maker(graph, value);
  if (!host || only_reader(graph, value) != &node) return false;
  Node* last = host;  // which makes what the activation reads
  while (host->op == "RESHAPE" && host->inputs[0] >= 0) {
    Node* before = maker(graph, host->inputs[0]);
    if (!before || only_reader(graph, host->inputs[0]) != host) return false;
    host = before;
  }
  if (std::find(kHosts.begin(), kHosts.end(), host->op) == kHosts.end() || host->is_custom ||
      host->attrs.integer(kFused) != 0 || graph.output(*host).type != DType::kFloat32)
    return false;
  lines.push_back(
      cat(graph::describe(graph, node), ": fused into ", graph::describe(graph, *host)));
  host->attrs.set(kFused, std::int64_t{*form});
  last->outputs = node.outputs;
  erase(graph, node);
  return true;
}

}  // namespace

Result<void> check_float(const Model& model) {
  const Graph& graph = model.graphs[0];
  if (model.graphs.size() > 1)
    return unsupported(cat(model.source, " has ", model.graphs.size(),
                           " subgraphs, expected one; `mote quantize` takes networks without "
                           "control flow and variables"));
  for (const Tensor& tensor : graph.tensors)
    if (!tensor.quant.scale.empty() && tensor.type != DType::kFloat32)
      return bad_input(cat(model.source, " is quantised already: '", tensor.name, "' is ",
                           name_of(tensor.type), " with the scale ", tensor.quant.scale[0],
                           "; give the float model that it was made from"));
  for (const graph::Node& node : graph.nodes)
    if (node.op == "STREAM_WRITE" && !zeroes_state(graph, node))
      return unsupported(cat(model.source, " has state that is written by other nodes than ",
                             "the GRU or LSTM whose it is; `mote quantize` has no form for that"));
  const auto is_float = [&](int tensor) {
    return graph.tensors[static_cast<std::size_t>(tensor)].type == DType::kFloat32;
  };
  if (graph.inputs.empty() || !std::any_of(graph.inputs.begin(), graph.inputs.end(), is_float))
    return bad_input(cat(model.source, " has no input of FLOAT32, so nothing to quantise"));
  return {};
}

std::vector<std::string> prepare(Model& model) {
  std::vector<std::string> lines;
  Graph& graph = model.graphs[0];
  const auto everywhere = [&](auto change) {
    for (std::size_t at = 0; at < graph.nodes.size();) {
      const std::size_t before = graph.nodes.size();
      change(model, graph.nodes[at], lines);
      if (graph.nodes.size() == before) ++at;
    }
  };
  everywhere(replace_by_mul);
  everywhere(fold_into_layer);
  everywhere(fuse_activation);
  return lines;
}

}  // namespace mote::quantize
