#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <string_view>

#include "mote/compiler/onnx/import.h"
#include "tests/onnx/quantized_numbers.h"
#include "tests/onnx/write.h"
#include "tests/support/programs.h"

namespace mote::tests {
namespace {

constexpr std::string_view kQuantized[] = {"Add",       "AveragePool",
                                           "Clip",      "Concat",
                                           "Conv",      "ConvTranspose",
                                           "Flatten",   "Gemm",
                                           "LeakyRelu", "MatMul",
                                           "MaxPool",   "Mul",
                                           "Relu",      "GlobalAveragePool",
                                           "Reshape",   "ReduceMean",
                                           "Resize",    "Sigmoid",
                                           "Softmax",   "Squeeze",
                                           "Tanh",      "Pad",
                                           "Transpose", "Slice",
                                           "Unsqueeze", "Split",
                                           "HardSwish", "GlobalMaxPool",
                                           "Sub"};
/// Whose output has the scale of their input.
constexpr std::string_view kOfOneScale[] = {"AveragePool", "Flatten", "GlobalMaxPool", "MaxPool",
                                            "Pad",         "Reshape", "Resize",        "Slice",
                                            "Split",       "Squeeze", "Transpose",     "Unsqueeze"};

/// Which of the others ONNX Runtime has on integers.
constexpr std::string_view kOperators[] = {"Add",  "AveragePool",       "Concat",    "Conv",
                                           "Gemm", "GlobalAveragePool", "LeakyRelu", "MatMul",
                                           "Mul",  "Sigmoid",           "Softmax"};

template <std::size_t kCount>
bool is_one_of(std::string_view op, const std::string_view (&list)[kCount]) {
  return std::find(std::begin(list), std::end(list), op) != std::end(list);
}

/// What every runtime that quantises writes, and `more`.
std::vector<QuantizedForm> usual_forms_and(std::vector<QuantizedForm> more) {
  std::vector<QuantizedForm> forms = {
      {.name = "uint8"},
      {.name = "int8", .activations = DType::kInt8},
      {.name = "int8_symmetric",
       .activations = DType::kInt8,
       .symmetric = true,
       .per_channel = false,
       .opset = 17},
      {.name = "uint8_weights", .weights = DType::kUint8},
      {.name = "operators", .has_operators = true},
  };
  forms.insert(forms.end(), more.begin(), more.end());
  return forms;
}

}  // namespace

bool is_quantized(std::string_view op) { return is_one_of(op, kQuantized); }
bool keeps_scale(std::string_view op) { return is_one_of(op, kOfOneScale); }
bool has_operator(std::string_view op) { return is_one_of(op, kOperators); }

const std::vector<QuantizedForm> kNetworkForms = usual_forms_and({
    {.name = "float_weights", .activations = DType::kInt8, .stores_floats = true},
    {.name = "integer_ports", .integer_ports = true},
});

const std::vector<QuantizedForm> kOperatorForms = usual_forms_and({
    {.name = "int16", .activations = DType::kInt16, .symmetric = true, .opset = 21},
    {.name = "uint16", .activations = DType::kUint16, .symmetric = true, .opset = 21},
});

Ranges measure_ranges(const onnx::File& file, int count) {
  onnx::File all = file;
  all.outputs.clear();
  for (const onnx::Node& node : file.nodes)
    for (const std::string& output : node.outputs)
      if (node.op != "Constant") all.outputs.push_back({.name = output});
  const auto model = onnx::read_onnx(write_onnx(all), "all values");
  EXPECT_TRUE(model) << model.error().message;
  Ranges ranges;
  if (!model) return ranges;
  auto network = interpreter_of(*model);
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  const auto note = [&](const std::string& name, const auto& values) {
    constexpr float kMost = std::numeric_limits<float>::max();
    auto& [low, high] = ranges.try_emplace(name, kMost, -kMost).first->second;
    for (float x : values) low = std::min(low, x), high = std::max(high, x);
  };
  for (int i = 0; i < count; ++i) {
    const auto in = network.input(0).as<float>();
    for (float& x : *in) x = normal(random);
    note(file.inputs[0].name, *in);
    network.run();
    for (std::size_t o = 0; o < all.outputs.size(); ++o)
      note(all.outputs[o].name, network.output(static_cast<int>(o)).read_real());
  }
  return ranges;
}

}  // namespace mote::tests
