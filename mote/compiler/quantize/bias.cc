#include "mote/compiler/quantize/bias.h"

#include <optional>
#include <utility>

#include "mote/compiler/quantize/layers.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Node;

/// What is measured of one layer.
struct Measured {
  int place = 0;  ///< of its node
  int input = 0;  ///< the tensor
  Layer layer;
  Parameters parameters;  ///< of the input
  WindowMeans exact, rounded;
};

std::vector<Measured> layers_to_measure(const Graph& graph, const Assignment& assignment) {
  std::vector<Measured> layers;
  for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
    const Node& node = graph.nodes[at];
    const auto layer = layer_of(graph, node);
    if (assignment.forms[at] != Form::kInteger || !layer || layer->form == Layer::Form::kTransposed)
      continue;
    const WindowMeans means(graph, node, *layer);
    layers.push_back({.place = static_cast<int>(at),
                      .input = node.inputs[layer->input],
                      .layer = *layer,
                      .parameters = assignment.parameters.at(node.inputs[layer->input]),
                      .exact = means,
                      .rounded = means});
  }
  return layers;
}

/// The filter as real numbers of what stands in the converted network.
std::vector<float> rounded_filter(const graph::Tensor& filter, const Layer& layer) {
  const auto integers = graph::values<std::int8_t>(filter);
  std::vector<float> values;
  for (std::size_t i = 0; i < integers.size(); ++i) {
    const std::size_t channel =
        filter.quant.scale.size() > 1 ? static_cast<std::size_t>(layer.channel_of(i)) : 0;
    values.push_back(static_cast<float>(integers[i]) * filter.quant.scale[channel]);
  }
  return values;
}

std::vector<float> corrected(const Graph& graph, const Graph& converted, const Node& rounded_node,
                             const Measured& measured) {
  const Layer& layer = measured.layer;
  const Node& node = graph.nodes[static_cast<std::size_t>(measured.place)];
  const auto exact = graph::values<float>(*graph.input(node, layer.filter));
  const auto rounded = rounded_filter(*converted.input(rounded_node, layer.filter), layer);
  std::vector<double> bias(static_cast<std::size_t>(layer.channels()));
  if (const graph::Tensor* old = graph.input(node, layer.bias)) {
    const auto values = graph::values<float>(*old);
    bias.assign(values.begin(), values.end());
  }
  const auto exact_means = measured.exact.means(), rounded_means = measured.rounded.means();
  for (std::size_t i = 0; i < exact.size(); ++i)
    bias[static_cast<std::size_t>(layer.channel_of(i))] +=
        double{exact[i]} * exact_means[i] - double{rounded[i]} * rounded_means[i];
  return {bias.begin(), bias.end()};
}

}  // namespace

Result<Biases> corrected_biases(const graph::Model& model, const Assignment& assignment,
                                const Converted& converted, const Calibration& calibration) {
  const Graph& graph = model.graphs[0];
  const auto run = calibration.load(model);
  MOTE_TRY(run);
  std::vector<Measured> layers = layers_to_measure(graph, assignment);
  std::vector<float> rounded_values;
  for (int example = 0; example < calibration.examples; ++example) {
    (*run)(example, [&](int tensor, std::span<const float> values) {
      for (Measured& measured : layers) {
        if (measured.input != tensor) continue;
        measured.exact.add(values);
        rounded_values.clear();
        for (float x : values) rounded_values.push_back(rounded(measured.parameters, x));
        measured.rounded.add(rounded_values);
      }
    });
    calibration.progress();
  }
  const Graph& other = converted.model.graphs[0];
  Biases biases;
  for (const Measured& measured : layers) {
    const auto place =
        static_cast<std::size_t>(converted.nodes[static_cast<std::size_t>(measured.place)]);
    biases[measured.place] = corrected(graph, other, other.nodes[place], measured);
  }
  return biases;
}

}  // namespace mote::quantize
