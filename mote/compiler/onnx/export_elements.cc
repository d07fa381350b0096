#include <algorithm>
#include <cmath>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Element by element: sums, products, activations, and functions along the last axis.
namespace mote::onnx {
namespace {

using graph::Node;

struct Name {
  std::string_view tflite;
  const char* onnx;
};
constexpr Name kNames[] = {
    {"ABS", "Abs"},        {"ADD", "Add"},          {"CEIL", "Ceil"},
    {"COS", "Cos"},        {"DIV", "Div"},          {"ELU", "Elu"},
    {"EXP", "Exp"},        {"FLOOR", "Floor"},      {"LOG", "Log"},
    {"MUL", "Mul"},        {"LOGISTIC", "Sigmoid"}, {"MAXIMUM", "Max"},
    {"MINIMUM", "Min"},    {"NEG", "Neg"},          {"RELU", "Relu"},
    {"ROUND", "Round"},    {"SIN", "Sin"},          {"SQRT", "Sqrt"},
    {"SUB", "Sub"},        {"TANH", "Tanh"},        {"LOG_SOFTMAX", "LogSoftmax"},
    {"SOFTMAX", "Softmax"}};

const char* onnx_name(std::string_view tflite) {
  for (const Name& name : kNames)
    if (name.tflite == tflite) return name.onnx;
  return "";
}

/// A function of one tensor, in the form in which that is there.
template <class Make>
Result<void> map(Exporter& to, const Node& node, Make make) {
  const Form form = to.home(node.inputs[0]);
  const auto in = to.value(node.inputs[0], form);
  MOTE_TRY(in);
  return to.set(node, make(*in), form);
}

Result<void> write_unary(Exporter& to, const Node& node) {
  return map(to, node, [&](const std::string& x) { return to.emit(onnx_name(node.op), {x}); });
}

Result<void> write_relu6(Exporter& to, const Node& node) {
  return map(to, node, [&](const std::string& x) {
    return to.emit("Clip", {x, to.builder().scalar(0.0f), to.builder().scalar(6.0f)});
  });
}

Result<void> write_rsqrt(Exporter& to, const Node& node) {
  return map(to, node,
             [&](const std::string& x) { return to.emit("Reciprocal", {to.emit("Sqrt", {x})}); });
}

Result<void> write_square(Exporter& to, const Node& node) {
  return map(to, node, [&](const std::string& x) { return to.emit("Mul", {x, x}); });
}

Result<void> write_leaky_relu(Exporter& to, const Node& node) {
  return map(to, node, [&](const std::string& x) {
    return to.emit("LeakyRelu", {x}, {{"alpha", node.attrs.real("alpha")}});
  });
}

/// An operator of its own only from opset 14 on.
Result<void> write_hard_swish(Exporter& to, const Node& node) {
  return map(to, node, [&](const std::string& x) {
    const std::string gate = to.emit("HardSigmoid", {x}, {{"alpha", 1.0f / 6.0f}, {"beta", 0.5f}});
    return to.emit("Mul", {x, gate});
  });
}

/// An operator of its own only from opset 20 on: written out.
Result<void> write_gelu(Exporter& to, const Node& node) {
  const bool is_approximate = node.attrs.integer("approximate") != 0;
  return map(to, node, [&](const std::string& x) {
    ModelBuilder& b = to.builder();
    std::string gate;
    if (is_approximate) {
      const std::string cube = to.emit("Mul", {to.emit("Mul", {x, x}), x});
      const std::string sum = to.emit("Add", {x, to.emit("Mul", {cube, b.scalar(0.044715f)})});
      gate = to.emit("Tanh", {to.emit("Mul", {sum, b.scalar(0.7978845608f)})});
    } else {
      gate = to.emit("Erf", {to.emit("Div", {x, b.scalar(static_cast<float>(std::sqrt(2.0)))})});
    }
    const std::string raised = to.emit("Add", {gate, b.scalar(1.0f)});
    return to.emit("Mul", {to.emit("Mul", {x, raised}), b.scalar(0.5f)});
  });
}

/// Along the last axis, which are the channels.
Result<void> write_softmax(Exporter& to, const Node& node) {
  const int rank = to.rank(node.inputs[0]);
  const Form form = to.home(node.inputs[0]);
  const float beta = node.op == "SOFTMAX" ? node.attrs.real("beta", 1) : 1;
  return map(to, node, [&](std::string x) {
    if (beta != 1) x = to.emit("Mul", {x, to.builder().scalar(beta)});
    return to.emit(onnx_name(node.op), {x},
                   {{"axis", std::int64_t{axis_in(rank - 1, rank, form)}}});
  });
}

Result<void> write_l2_normalization(Exporter& to, const Node& node) {
  const int rank = to.rank(node.inputs[0]);
  const Form form = to.home(node.inputs[0]);
  return map(to, node, [&](const std::string& x) {
    return to.emit("LpNormalization", {x},
                   {{"axis", std::int64_t{axis_in(rank - 1, rank, form)}}, {"p", std::int64_t{2}}});
  });
}

/// Both inputs, where they can be combined, and the form.
struct Pair {
  std::string a, b;
  Form form = Form::kStored;
};
Result<Pair> pair_of(Exporter& to, const Node& node) {
  const int rank = static_cast<int>(to.graph().output(node).shape.size());
  Form form = to.common_form(node, rank);
  for (int input : node.inputs)  // smaller ones that are computed are repeated as they lie
    if (!to.tensor(input).is_constant() && to.rank(input) < rank) form = Form::kStored;
  const auto a = to.value(node.inputs[0], form, rank), b = to.value(node.inputs[1], form, rank);
  MOTE_TRY(a);
  MOTE_TRY(b);
  return Pair{*a, *b, form};
}

Result<void> write_binary(Exporter& to, const Node& node) {
  const auto pair = pair_of(to, node);
  MOTE_TRY(pair);
  return to.set(node, to.emit(onnx_name(node.op), {pair->a, pair->b}), pair->form);
}

Result<void> write_squared_difference(Exporter& to, const Node& node) {
  const auto pair = pair_of(to, node);
  MOTE_TRY(pair);
  const std::string difference = to.emit("Sub", {pair->a, pair->b});
  return to.set(node, to.emit("Mul", {difference, difference}), pair->form);
}

Result<void> write_prelu(Exporter& to, const Node& node) {
  const auto pair = pair_of(to, node);
  MOTE_TRY(pair);
  return to.set(node, to.emit("PRelu", {pair->a, pair->b}), pair->form);
}

/// What is quantised is a float for ONNX already; set() quantises what becomes of it.
Result<void> write_quantize(Exporter& to, const Node& node) {
  const Form form = to.home(node.inputs[0]);
  const auto in = to.value(node.inputs[0], form);
  MOTE_TRY(in);
  return to.set(node, *in, form);
}

Result<void> write_cast(Exporter& to, const Node& node) {
  const DType type = to.graph().output(node).type;
  const std::int64_t code = type == DType::kFloat32 ? 1 : type == DType::kInt32 ? 6 : 0;
  if (code == 0) return unsupported(cat("it makes ", name_of(type), ", expected FLOAT32 or INT32"));
  return map(to, node, [&](const std::string& x) { return to.emit("Cast", {x}, {{"to", code}}); });
}

constexpr OperatorWriter kWriters[] = {{"ABS", write_unary},
                                       {"ADD", write_binary},
                                       {"CAST", write_cast},
                                       {"CEIL", write_unary},
                                       {"COS", write_unary},
                                       {"DEQUANTIZE", write_quantize},
                                       {"DIV", write_binary},
                                       {"ELU", write_unary},
                                       {"EXP", write_unary},
                                       {"FLOOR", write_unary},
                                       {"GELU", write_gelu},
                                       {"HARD_SWISH", write_hard_swish},
                                       {"L2_NORMALIZATION", write_l2_normalization},
                                       {"LEAKY_RELU", write_leaky_relu},
                                       {"LOG", write_unary},
                                       {"LOGISTIC", write_unary},
                                       {"LOG_SOFTMAX", write_softmax},
                                       {"MAXIMUM", write_binary},
                                       {"MINIMUM", write_binary},
                                       {"MUL", write_binary},
                                       {"NEG", write_unary},
                                       {"PRELU", write_prelu},
                                       {"QUANTIZE", write_quantize},
                                       {"RELU", write_unary},
                                       {"RELU6", write_relu6},
                                       {"ROUND", write_unary},
                                       {"RSQRT", write_rsqrt},
                                       {"SIN", write_unary},
                                       {"SOFTMAX", write_softmax},
                                       {"SQRT", write_unary},
                                       {"SQUARE", write_square},
                                       {"SQUARED_DIFFERENCE", write_squared_difference},
                                       {"SUB", write_binary},
                                       {"TANH", write_unary}};

}  // namespace

std::span<const OperatorWriter> element_writers() { return kWriters; }

}  // namespace mote::onnx
