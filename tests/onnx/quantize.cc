#include "tests/onnx/quantize.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/support/cat.h"
#include "tests/onnx/quantized_numbers.h"

namespace mote::tests {
namespace {

using onnx::Attribute;
using onnx::File;
using onnx::Node;
using onnx::Numbers;
using onnx::Tensor;
using Names = std::vector<std::string>;

bool is_weighted(const Node& node) {
  return node.op == "Conv" || node.op == "ConvTranspose" || node.op == "Gemm" ||
         node.op == "MatMul";
}

Attribute axis_attribute(int axis) {
  Attribute attribute{.name = "axis"};
  attribute.integer = axis;
  return attribute;
}

class Quantizer {
 public:
  Quantizer(const File& from, const Ranges& ranges, const QuantizedForm& form)
      : from_(from), ranges_(ranges), form_(form) {
    for (const Tensor& constant : from.constants) constants_[constant.name] = &constant;
    for (const Node& node : from.nodes)
      for (const std::string& input : node.inputs) readers_[input].push_back(&node);
    to_ = {
        .producer = "a test", .opset = form.opset, .inputs = from.inputs, .outputs = from.outputs};
  }

  File run() {
    find_steps();
    for (onnx::Port& port : to_.inputs) begin_with(port);
    for (const Node& node : from_.nodes) add(node);
    if (form_.integer_ports)
      for (onnx::Port& port : to_.outputs) port.name += "_q", port.type = form_.activations;
    for (const Tensor& constant : from_.constants)
      if (is_kept_.contains(constant.name)) to_.constants.push_back(constant);
    return std::move(to_);
  }

 private:
  bool is_output(const std::string& value) const {
    return std::any_of(from_.outputs.begin(), from_.outputs.end(),
                       [&](const onnx::Port& port) { return port.name == value; });
  }

  /// A Relu or Clip that alone reads the value; nullptr where there is none.
  const Node* limiter_of(const std::string& value) const {
    const auto readers = readers_.find(value);
    if (readers == readers_.end() || readers->second.size() != 1 || is_output(value))
      return nullptr;
    const Node* node = readers->second[0];
    return node->op == "Relu" || node->op == "Clip" ? node : nullptr;
  }

  // Scales

  void find_steps() {
    const auto of_range = [&](const std::string& value) {
      const auto place = ranges_.find(value);
      if (place != ranges_.end() && !steps_.contains(value))
        steps_[value] = steps_for(form_, place->second.first, place->second.second);
    };
    for (const Node& node : from_.nodes) {
      if (!is_quantized(node.op)) continue;
      for (const std::string& input : node.inputs)
        if (!constants_.contains(input) && !(node.op == "Relu" || node.op == "Clip"))
          of_range(input);
      if ((node.op == "Relu" || node.op == "Clip") && !limited_.contains(node.inputs[0]))
        of_range(node.inputs[0]);
      const std::string& output = node.outputs[0];
      if (limiter_of(output) && (is_weighted(node) || node.op == "Add")) {
        limited_.insert(output);
        continue;
      }
      for (const std::string& each : node.outputs)
        if (keeps_scale(node.op) && steps_.contains(node.inputs[0]))
          steps_[each] = steps_[node.inputs[0]];
        else
          of_range(each);
      if (node.op == "Softmax" && size_of(form_.activations) == 1)
        steps_[output] = {1.0f / 256, least_of(form_)};
    }
  }

  // Parts of the new file

  void constant(const std::string& name, DType type, std::vector<std::int64_t> dims,
                const std::vector<double>& values) {
    Tensor tensor = onnx::tensor_of_numbers({type, std::move(dims), values});
    tensor.name = name;
    to_.constants.push_back(std::move(tensor));
  }

  void node(const std::string& op, Names inputs, const std::string& output,
            std::vector<Attribute> attributes = {}, const std::string& domain = "") {
    to_.nodes.push_back({.op = op,
                         .domain = domain,
                         .inputs = std::move(inputs),
                         .outputs = {output},
                         .attributes = std::move(attributes)});
  }

  /// The names of the value's scale and zero point.
  Names scale_of(const std::string& value) {
    const Names names = {value + "_scale", value + "_zero_point"};
    if (has_scale_.insert(value).second) {
      const Steps& steps = steps_.at(value);
      constant(names[0], DType::kFloat32, {}, {double{steps.scale}});
      constant(names[1], form_.activations, {}, {static_cast<double>(steps.zero_point)});
    }
    return names;
  }

  void begin_with(onnx::Port& port) {
    if (!steps_.contains(port.name)) return;
    if (form_.integer_ports) {
      const std::string name = port.name;
      port.name += "_q", port.type = form_.activations;
      dequantize(name);
    } else {
      quantize(port.name, port.name);
      dequantize(port.name);
    }
  }

  void quantize(const std::string& value, const std::string& real) {
    const Names scale = scale_of(value);
    node("QuantizeLinear", {real, scale[0], scale[1]}, value + "_q");
  }
  /// Whether the node becomes one of integers.
  bool is_operator(const Node& from) const {
    if (!form_.has_operators) return false;
    return has_operator(from.op) || keeps_scale(from.op) ||
           ((from.op == "Relu" || from.op == "Clip") && limited_.contains(from.inputs[0]));
  }
  void dequantize(const std::string& value) {
    const auto readers = readers_.find(value);
    if (form_.has_operators && !is_output(value) && readers != readers_.end() &&
        std::all_of(readers->second.begin(), readers->second.end(),
                    [&](const Node* reader) { return is_operator(*reader); }))
      return;
    const Names scale = scale_of(value);
    const bool is_last = is_output(value);
    if (is_last && form_.integer_ports) return;
    node("DequantizeLinear", {value + "_q", scale[0], scale[1]}, is_last ? value : value + "_dq");
  }

  /// What a node reads in place of a value.
  std::string read(const std::string& value) {
    if (constants_.contains(value)) is_kept_.insert(value);
    return steps_.contains(value) && !is_output(value) ? value + "_dq" : value;
  }

  // Weights

  struct Weights {
    Names names;                ///< integers, scales, zero points
    std::vector<float> scales;  ///< one, or one an output
    int axis = 0;
  };

  static int axis_of_weights(const Node& node) {
    if (node.op == "ConvTranspose" || node.op == "MatMul") return 1;
    return node.op == "Gemm" && onnx::integer(node, "transB", 0) == 0 ? 1 : 0;
  }

  Weights weights_of(const Node& from) {
    const Tensor& tensor = *constants_.at(from.inputs[1]);
    const Numbers reals = onnx::numbers_of(tensor);
    Weights out{.axis = axis_of_weights(from)};
    const StoredWeights stored = stored_weights(form_, reals, out.axis);
    out.scales.assign(stored.scales.begin(), stored.scales.end());
    const std::string& name = tensor.name;
    out.names = {name + "_q", name + "_scale", name + "_zero_point"};
    if (!has_scale_.insert(name).second) return out;
    std::vector<std::int64_t> dims;
    if (stored.scales.size() > 1) dims = {std::ssize(stored.scales)};
    if (form_.stores_floats) {
      is_kept_.insert(name);
      node("QuantizeLinear", {name, out.names[1], out.names[2]}, out.names[0],
           {axis_attribute(out.axis)});
    } else {
      constant(out.names[0], form_.weights, reals.dims, stored.values);
    }
    constant(out.names[1], DType::kFloat32, dims, stored.scales);
    constant(out.names[2], form_.weights, dims, stored.zeros);
    return out;
  }

  /// The bias in INT32.
  Names bias_of(const Node& from, const Weights& weights) {
    const Tensor& tensor = *constants_.at(from.inputs[2]);
    const Numbers reals = onnx::numbers_of(tensor);
    const float input = steps_.at(from.inputs[0]).scale;
    std::vector<double> stored, scales;
    for (float scale : weights.scales) scales.push_back(double{input * scale});
    for (std::size_t i = 0; i < reals.values.size(); ++i)
      stored.push_back(std::nearbyint(reals.values[i] / scales[scales.size() > 1 ? i : 0]));
    const Names names = {tensor.name + "_q", tensor.name + "_scale"};
    if (!has_scale_.insert(tensor.name).second) return names;
    std::vector<std::int64_t> dims;
    if (scales.size() > 1) dims = {static_cast<std::int64_t>(scales.size())};
    constant(names[0], DType::kInt32, reals.dims, stored);
    constant(names[1], DType::kFloat32, dims, scales);
    return names;
  }

  // Nodes

  void add(const Node& from) {
    if (!is_quantized(from.op)) {
      Node made = from;
      for (std::string& input : made.inputs) input = read(input);
      to_.nodes.push_back(std::move(made));
    } else if (is_operator(from)) {
      add_operator(from);
      for (const std::string& output : from.outputs)
        if (steps_.contains(output)) dequantize(output);
      return;
    } else {
      add_between(from);
    }
    for (const std::string& output : from.outputs)
      if (steps_.contains(output)) {
        quantize(output, is_output(output) ? output + "_real" : output);
        dequantize(output);
      }
  }

  /// The node on floats.
  void add_between(const Node& from) {
    Node made = from;
    for (std::size_t i = 0; i < from.inputs.size(); ++i) {
      const std::string& input = from.inputs[i];
      if (is_weighted(from) && i > 0 && constants_.contains(input)) {
        made.inputs[i] = i == 1 ? add_weights(from) : add_bias(from);
      } else if ((from.op == "Add" || from.op == "Mul" || from.op == "Sub") &&
                 constants_.contains(input)) {
        made.inputs[i] = add_operand(input);
      } else {
        made.inputs[i] = read(input);
      }
    }
    for (std::string& output : made.outputs)
      if (steps_.contains(output) && is_output(output)) output += "_real";
    to_.nodes.push_back(std::move(made));
  }

  std::string add_weights(const Node& from) {
    const Weights weights = weights_of(from);
    const std::string real = from.inputs[1] + "_dq";
    if (weights.scales.size() > 1)
      node("DequantizeLinear", weights.names, real, {axis_attribute(weights.axis)});
    else
      node("DequantizeLinear", weights.names, real);
    return real;
  }

  std::string add_bias(const Node& from) {
    if (form_.stores_floats) return read(from.inputs[2]);
    const Names bias = bias_of(from, weights_of(from));
    const std::string real = from.inputs[2] + "_dq";
    node("DequantizeLinear", {bias[0], bias[1]}, real, {axis_attribute(0)});
    return real;
  }

  /// A constant that is added or a factor, quantised as activations are. @returns its name.
  std::string quantize_operand(const std::string& name) {
    const Numbers reals = onnx::numbers_of(*constants_.at(name));
    const auto [low, high] = std::minmax_element(reals.values.begin(), reals.values.end());
    const Steps steps = steps_for(form_, static_cast<float>(*low), static_cast<float>(*high));
    steps_[name] = steps;
    constant(name + "_q", form_.activations, reals.dims, stored_values(form_, steps, reals.values));
    return name + "_q";
  }

  std::string add_operand(const std::string& name) {
    const std::string stored = quantize_operand(name);
    const Names scale = scale_of(name);
    node("DequantizeLinear", {stored, scale[0], scale[1]}, name + "_dq");
    return name + "_dq";
  }

  /// The node on integers. Relu and Clip are what the output's type limits anyway.
  void add_operator(const Node& from) {
    const auto quantized_inputs = [&](std::size_t count) {
      Names inputs;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string& input = from.inputs[i];
        inputs.push_back(constants_.contains(input) ? quantize_operand(input) : input + "_q");
        const Names scale = scale_of(input);
        inputs.insert(inputs.end(), scale.begin(), scale.end());
      }
      return inputs;
    };
    const Node* limiter =
        limited_.contains(from.outputs[0]) ? limiter_of(from.outputs[0]) : nullptr;
    const std::string output = limiter ? limiter->outputs[0] : from.outputs[0];
    if ((from.op == "Relu" || from.op == "Clip") && limited_.contains(from.inputs[0])) return;
    if (keeps_scale(from.op) && from.op != "AveragePool") {
      Node made = from;
      made.inputs[0] += "_q";
      for (std::string& each : made.outputs) each += "_q";
      for (std::size_t i = 1; i < made.inputs.size(); ++i) made.inputs[i] = read(made.inputs[i]);
      to_.nodes.push_back(std::move(made));
      return;
    }
    std::string op = cat("QLinear", from.op), domain = "com.microsoft";
    std::vector<Attribute> attributes = from.attributes;
    Names inputs;
    if (is_weighted(from) && !constants_.contains(from.inputs[1])) {
      inputs = quantized_inputs(2);
      const Names scale = scale_of(output);
      inputs.insert(inputs.end(), scale.begin(), scale.end());
      domain.clear();
    } else if (is_weighted(from)) {
      inputs = quantized_inputs(1);
      const Weights weights = weights_of(from);
      inputs.insert(inputs.end(), weights.names.begin(), weights.names.end());
      const std::string bias = from.inputs.size() > 2 ? bias_of(from, weights)[0] : "";
      const Names scale = scale_of(output);
      if (from.op == "Gemm") {
        op = "QGemm";
        inputs.push_back(bias);
        std::erase_if(attributes, [](const Attribute& a) { return a.name == "beta"; });
      } else {
        domain.clear();
      }
      inputs.insert(inputs.end(), scale.begin(), scale.end());
      if (from.op == "Conv" && !bias.empty()) inputs.push_back(bias);
    } else if (from.op == "Concat") {
      inputs = scale_of(output);
      for (const std::string& operand : quantized_inputs(from.inputs.size()))
        inputs.push_back(operand);
    } else {
      inputs = quantized_inputs(from.op == "Add" || from.op == "Mul" ? 2 : 1);
      const Names scale = scale_of(output);
      inputs.insert(inputs.end(), scale.begin(), scale.end());
    }
    if (from.op == "Softmax") {
      Attribute opset{.name = "opset"};
      opset.integer = form_.opset;
      attributes.push_back(opset);
    }
    node(op, inputs, output + "_q", attributes, domain);
  }

  const File& from_;
  const Ranges& ranges_;
  const QuantizedForm& form_;
  File to_;
  std::map<std::string, const Tensor*> constants_;
  std::map<std::string, std::vector<const Node*>> readers_;
  std::map<std::string, Steps> steps_;
  std::set<std::string> limited_, has_scale_, is_kept_;
};

}  // namespace

onnx::File quantize(const onnx::File& file, const Ranges& ranges, const QuantizedForm& form) {
  return Quantizer(file, ranges, form).run();
}

}  // namespace mote::tests
