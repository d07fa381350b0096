#include "mote/compiler/quantize/equalize.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mote/compiler/quantize/edit.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

constexpr int kSweeps = 40;
constexpr double kSettled = 1.001;  ///< factors between its inverse and this change nothing
constexpr double kMostFactor = 1e3;

/// Two layers with a value of `channels` channels between them, as places in Graph::nodes.
struct Pair {
  std::size_t first = 0, second = 0;
  int channels = 0;
};

bool is_linear(const Node& node) {
  const int activation = node.attrs.integer("fused_activation_function");
  return activation == 0 || activation == 1;
}

/// Whether a positive factor for each channel, the last dimension, passes through the operator.
bool passes_factors(const Graph& graph, const Node& node, int channels) {
  const auto keeps_channels = [&] {
    const Tensor &in = *graph.input(node, 0), &out = graph.output(node);
    return !in.shape.empty() && !out.shape.empty() && in.shape.back() == channels &&
           out.shape.back() == channels;
  };
  if (node.op == "RESHAPE") return true;  // channels stay the fastest; whose turn it is is kept
  if (node.op == "RELU" || node.op == "MEAN") return keeps_channels();
  if (node.op == "MAX_POOL_2D" || node.op == "AVERAGE_POOL_2D")
    return keeps_channels() && is_linear(node);
  if (node.op != "PAD" || !keeps_channels()) return false;
  const Tensor* pads = graph.input(node, 1);  // channels themselves are not padded
  return pads && pads->is_constant();
}

std::optional<Pair> pair_from(Graph& graph, std::size_t at) {
  const Node& first = graph.nodes[at];
  const auto layer = layer_of(graph, first);
  if (!layer || layer->form == Layer::Form::kTransposed || !is_linear(first)) return std::nullopt;
  const int channels = layer->channels();
  if (graph.output(first).shape.empty() || graph.output(first).shape.back() != channels)
    return std::nullopt;
  int value = first.outputs[0];
  for (;;) {
    const Node* reader = only_reader(graph, value);
    if (!reader) return std::nullopt;
    if (const auto second = layer_of(graph, *reader)) {
      if (second->form == Layer::Form::kTransposed || reader->inputs[second->input] != value ||
          second->inputs % channels != 0 ||
          (second->form != Layer::Form::kDense && second->inputs != channels))
        return std::nullopt;
      return Pair{at, static_cast<std::size_t>(reader - graph.nodes.data()), channels};
    }
    if (reader->inputs[0] != value || !passes_factors(graph, *reader, channels))
      return std::nullopt;
    value = reader->outputs[0];
  }
}

/// A layer's numbers while they change.
struct Numbers {
  Layer layer;
  std::vector<float> filter, bias;
};

Numbers numbers_of(const Graph& graph, const Node& node) {
  Numbers numbers{.layer = *layer_of(graph, node)};
  numbers.filter = graph::values<float>(*graph.input(node, numbers.layer.filter));
  if (const Tensor* bias = graph.input(node, numbers.layer.bias))
    numbers.bias = graph::values<float>(*bias);
  return numbers;
}

/// One step for one pair. @returns the largest change of a channel, as a factor of at least 1.
double equalize_pair(Numbers& first, Numbers& second, int channels) {
  std::vector<double> out(static_cast<std::size_t>(channels)), in = out, factors = out;
  const auto channel_in = [&](std::size_t i) {
    return static_cast<std::size_t>(second.layer.input_of(i) % channels);
  };
  const auto channel_out = [&](std::size_t i) {
    return static_cast<std::size_t>(first.layer.channel_of(i));
  };
  for (std::size_t i = 0; i < first.filter.size(); ++i)
    out[channel_out(i)] = std::max(out[channel_out(i)], std::abs(double{first.filter[i]}));
  for (std::size_t i = 0; i < second.filter.size(); ++i)
    in[channel_in(i)] = std::max(in[channel_in(i)], std::abs(double{second.filter[i]}));
  double change = 1;
  for (std::size_t c = 0; c < factors.size(); ++c) {
    const bool is_dead = out[c] == 0 || in[c] == 0;
    factors[c] = is_dead ? 1 : std::clamp(std::sqrt(out[c] / in[c]), 1 / kMostFactor, kMostFactor);
    change = std::max({change, factors[c], 1 / factors[c]});
  }
  for (std::size_t i = 0; i < first.filter.size(); ++i)
    first.filter[i] = static_cast<float>(double{first.filter[i]} / factors[channel_out(i)]);
  for (std::size_t c = 0; c < first.bias.size(); ++c)
    first.bias[c] = static_cast<float>(double{first.bias[c]} / factors[c]);
  for (std::size_t i = 0; i < second.filter.size(); ++i)
    second.filter[i] = static_cast<float>(double{second.filter[i]} * factors[channel_in(i)]);
  return change;
}

void store(Model& model, Node& node, const Numbers& numbers) {
  Graph& graph = model.graphs[0];
  const auto replace = [&](std::size_t place, const std::vector<float>& values) {
    const Tensor old = *graph.input(node, place);
    node.inputs[place] = add_floats(model, old.name, old.shape, values);
  };
  replace(numbers.layer.filter, numbers.filter);
  if (!numbers.bias.empty()) replace(numbers.layer.bias, numbers.bias);
}

}  // namespace

std::vector<std::string> equalize(Model& model) {
  Graph& graph = model.graphs[0];
  std::vector<Pair> pairs;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < graph.nodes.size(); ++at)
    if (const auto pair = pair_from(graph, at)) {
      pairs.push_back(*pair);
      lines.push_back(cat(graph::describe(graph, graph.nodes[pair->first]), " with ",
                          graph::describe(graph, graph.nodes[pair->second])));
    }
  std::vector<std::optional<Numbers>> numbers(graph.nodes.size());
  for (const Pair& pair : pairs)
    for (std::size_t at : {pair.first, pair.second})
      if (!numbers[at]) numbers[at] = numbers_of(graph, graph.nodes[at]);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double change = 1;
    for (const Pair& pair : pairs)
      change = std::max(change,
                        equalize_pair(*numbers[pair.first], *numbers[pair.second], pair.channels));
    if (change < kSettled) break;
  }
  for (std::size_t at = 0; at < numbers.size(); ++at)
    if (numbers[at]) store(model, graph.nodes[at], *numbers[at]);
  return lines;
}

}  // namespace mote::quantize
