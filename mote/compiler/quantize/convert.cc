#include "mote/compiler/quantize/convert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "mote/compiler/quantize/edit.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/compiler/quantize/recurrent.h"
#include "mote/compiler/quantize/rules.h"
#include "mote/compiler/quantize/weights.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

/// A bias as integers of one type, saturated.
template <class T>
std::vector<std::byte> bias_bytes(const std::vector<float>& bias,
                                  const std::vector<double>& scales) {
  constexpr double kLowest = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double kHighest = double{1ll << (8 * sizeof(T) - 2)} * 2 - 2048;  // a double, and a T
  std::vector<T> values;
  for (std::size_t c = 0; c < bias.size(); ++c)
    values.push_back(static_cast<T>(
        std::clamp(std::round(double{bias[c]} / scales[c]), kLowest, std::min(kHighest, 9e18))));
  return graph::bytes_of(values);
}

class Converter {
 public:
  Converter(const Model& model, const Assignment& assignment, const Options& options,
            const Biases& biases)
      : source_(model.graphs[0]),
        assignment_(assignment),
        options_(options),
        biases_(biases),
        model_(model) {}

  Converted run() {
    Graph& graph = model_.graphs[0];
    graph.nodes.clear();
    for (int& input : graph.inputs) add_input(input);
    for (const auto& [state, parameters] : assignment_.states) {
      tensor(state).type = parameters.type;
      tensor(state).quant = quantization_of(parameters);
    }
    std::vector<int> places;
    for (std::size_t at = 0; at < source_.nodes.size(); ++at) {
      Node node = source_.nodes[at];
      convert(node, static_cast<int>(at));
      places.push_back(static_cast<int>(graph.nodes.size()));
      graph.nodes.push_back(std::move(node));
    }
    for (int& output : graph.outputs) output = network_output(output);
    Converted converted{.model = std::move(model_), .nodes = std::move(places)};
    converted.tensors = graph::compact(converted.model);
    converted.tensors.resize(source_.tensors.size());
    return converted;
  }

 private:
  Tensor& tensor(int index) { return model_.graphs[0].tensors[static_cast<std::size_t>(index)]; }
  const Parameters& parameters_of(int index) const { return assignment_.parameters.at(index); }
  bool is_quantized(int index) const { return quantized_.contains(index); }

  void make_quantized(int index) {
    tensor(index).type = parameters_of(index).type;
    tensor(index).quant = quantization_of(parameters_of(index));
    quantized_[index] = parameters_of(index);
  }

  /// A float input that some node reads as integers becomes one of integers.
  void add_input(int input) {
    if (!options_.float_io && assignment_.parameters.contains(input)) make_quantized(input);
  }

  void convert(Node& node, int place) {
    if (zeroes_state(source_, node))
      if (const auto state = assignment_.states.find(node.inputs[0]);
          state != assignment_.states.end())
        node.inputs[1] = constant(node.inputs[1], state->second);
    if (node.op == "RESHAPE") set_shape(node);
    const Form form = assignment_.forms[static_cast<std::size_t>(place)];
    if (form == Form::kInteger) return convert_integer(node, place);
    for (int& input : node.inputs)
      if (input >= 0 && is_quantized(input)) input = as_float(input);
    if (form != Form::kHybrid) return;
    set_filter(node, *layer_of(source_, source_.nodes[at(place)]), {}, 1.0f);
    if (node.op == "FULLY_CONNECTED") node.attrs.set("asymmetric_quantize_inputs", std::int64_t{1});
  }

  /// Names the output's shape where the node does not: passes leave that out, files must have it.
  void set_shape(Node& node) {
    const std::vector<int> shape = source_.output(node).shape;
    if (const Tensor* old = source_.input(node, 1);
        old && old->type == DType::kInt32 && graph::values<std::int32_t>(*old) == shape)
      return;
    node.inputs.resize(2);
    node.inputs[1] = graph::add_constant(model_,
                                         {.name = cat(source_.output(node).name, "/shape"),
                                          .type = DType::kInt32,
                                          .shape = {static_cast<int>(shape.size())}},
                                         graph::bytes_of(shape));
  }

  void convert_integer(Node& node, int place) {
    const Node& source = source_.nodes[at(place)];
    const bool is_same = find_rule(node.op)->kind == Kind::kSame;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!is_value(source_, source, i)) continue;
      int& input = node.inputs[i];
      const int own = is_same ? source.outputs[0] : input;
      if (source_.input(source, i)->is_constant())
        input =
            constant(input, is_same ? parameters_of(own)
                                    : parameters_for(assignment_.type,
                                                     range_of_constant(*source_.input(source, i))));
      else
        input = as_integer(input, parameters_of(own));
    }
    if (const auto layer = layer_of(source_, source)) set_weights(node, *layer, place);
    if (is_recurrent(node))
      quantize_recurrent(model_, node, parameters_of(source.inputs[0]),
                         parameters_of(source.outputs[0]));
    if (source_.output(source).type == DType::kFloat32)
      for (int output : node.outputs) make_quantized(output);
    if (assignment_.type == DType::kInt16 && (node.op == "ADD" || node.op == "SUB"))
      node.attrs.set("pot_scale_int16", std::int64_t{0});
  }

  static std::size_t at(int place) { return static_cast<std::size_t>(place); }

  /// Quantises the filter, whose scales leave room for `bias`. @returns its scale a channel.
  std::vector<float> set_filter(Node& node, const Layer& layer, std::span<const float> bias,
                                float input_scale) {
    const int filter = node.inputs[layer.filter];
    const bool per_channel = layer.form != Layer::Form::kDense || options_.per_channel_dense;
    const Weights weights = quantize_weights(layer, graph::values<float>(tensor(filter)), bias,
                                             input_scale, per_channel);
    Tensor info{.name = tensor(filter).name,
                .type = DType::kInt8,
                .shape = layer.shape,
                .quant = {.scale = weights.scales,
                          .zero_point = std::vector<std::int64_t>(weights.scales.size()),
                          .axis = weights.scales.size() > 1 ? layer.channel_axis : 0}};
    node.inputs[layer.filter] =
        graph::add_constant(model_, std::move(info), graph::bytes_of(weights.values));
    std::vector<float> scales = weights.scales;
    scales.resize(static_cast<std::size_t>(layer.channels()), scales[0]);
    return scales;
  }

  std::vector<float> bias_of(int place, const Layer& layer) const {
    if (const auto entry = biases_.find(place); entry != biases_.end()) return entry->second;
    const Tensor* bias = source_.input(source_.nodes[at(place)], layer.bias);
    return bias ? graph::values<float>(*bias) : std::vector<float>();
  }

  void set_weights(Node& node, const Layer& layer, int place) {
    const float input_scale = parameters_of(source_.nodes[at(place)].inputs[layer.input]).scale;
    const std::vector<float> bias = bias_of(place, layer);
    const bool is_wide = assignment_.type == DType::kInt16;  // no bias is too large for that
    const std::vector<float> scales =
        set_filter(node, layer, is_wide ? std::span<const float>() : bias, input_scale);
    if (bias.empty()) return;
    std::vector<double> exact;
    Tensor info{.name = cat(source_.output(node).name, "/bias"), .type = DType::kInt32};
    if (const Tensor* old = source_.input(source_.nodes[at(place)], layer.bias))
      info.name = old->name;
    info.shape = {layer.channels()};
    const std::size_t count = tensor(node.inputs[layer.filter]).quant.scale.size();
    for (float scale : scales) exact.push_back(bias_scale(input_scale, scale));
    for (std::size_t c = 0; c < count; ++c) {
      info.quant.scale.push_back(static_cast<float>(exact[c]));
      info.quant.zero_point.push_back(0);
    }
    if (is_wide) info.type = DType::kInt64;
    auto bytes =
        is_wide ? bias_bytes<std::int64_t>(bias, exact) : bias_bytes<std::int32_t>(bias, exact);
    node.inputs.resize(std::max(node.inputs.size(), layer.bias + 1), graph::kNoTensor);
    node.inputs[layer.bias] = graph::add_constant(model_, std::move(info), std::move(bytes));
  }

  /// A constant quantised with these parameters.
  int constant(int index, const Parameters& p) {
    int& made = constants_[{index, p.scale, p.zero_point}];
    if (made > 0) return made;
    const Tensor& floats = source_.tensors[static_cast<std::size_t>(index)];
    return made = graph::add_constant(model_,
                                      {.name = floats.name,
                                       .type = p.type,
                                       .shape = floats.shape,
                                       .quant = quantization_of(p)},
                                      quantized_bytes(p, graph::values<float>(floats)));
  }

  /// The value with these parameters, as it is made or behind a QUANTIZE.
  int as_integer(int index, const Parameters& p) {
    if (is_quantized(index) && quantized_[index] == p) return index;
    int& made = integers_[{index, p.scale, p.zero_point}];
    if (made > 0) return made;
    Tensor info = tensor(index);
    info.name += "/quantized", info.type = p.type, info.quant = quantization_of(p);
    return made = add_node("QUANTIZE", index, std::move(info));
  }

  /// The value as floats.
  int as_float(int index) {
    int& made = floats_[index];
    if (made > 0) return made;
    Tensor info = tensor(index);
    info.name += "/dequantized", info.type = DType::kFloat32, info.quant = {};
    return made = add_node("DEQUANTIZE", index, std::move(info));
  }

  int add_node(const char* op, int input, Tensor output) {
    const int made = graph::add_tensor(model_, std::move(output));
    model_.graphs[0].nodes.push_back(
        {.index = graph::kAdded, .op = op, .inputs = {input}, .outputs = {made}});
    return made;
  }

  int network_output(int output) {
    if (options_.float_io)
      return is_quantized(output) ? take_name(as_float(output), output) : output;
    const auto p = assignment_.parameters.find(output);
    if (p == assignment_.parameters.end() || is_quantized(output)) return output;
    return take_name(as_integer(output, p->second), output);
  }

  /// Gives what stands for a value outside of the network that value's name.
  int take_name(int made, int value) {
    std::swap(tensor(made).name, tensor(value).name);
    return made;
  }

  const Graph& source_;
  const Assignment& assignment_;
  const Options& options_;
  const Biases& biases_;
  Model model_;
  std::map<int, Parameters> quantized_;  ///< tensors that are made as integers
  std::map<std::tuple<int, float, int>, int> constants_, integers_;
  std::map<int, int> floats_;
};

}  // namespace

Converted convert(const Model& model, const Assignment& assignment, const Options& options,
                  const Biases& biases) {
  return Converter(model, assignment, options, biases).run();
}

}  // namespace mote::quantize
