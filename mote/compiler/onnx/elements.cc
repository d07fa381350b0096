#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Element by element: sums, products, activations.
namespace mote::onnx {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Appends nodes that each make, of one image, an image of the same dimensions.
class Chain {
 public:
  Chain(Importer& to, const Value& value, int tensor)
      : to_(to), tensor_(tensor), stored_(stored_dims(value.dims, value.layout)) {}
  Chain& then(const char* op, graph::Attributes attrs = {}) {
    tensor_ = to_.emit(op, {tensor_}, stored_, DType::kFloat32, std::move(attrs));
    return *this;
  }
  /// With the same number for all elements.
  Chain& then(const char* op, float number) {
    tensor_ = to_.emit(op, {tensor_, to_.add_floats({1}, {number})}, stored_);
    return *this;
  }
  Chain& then(const char* op, const Chain& other) {
    tensor_ = to_.emit(op, {tensor_, other.tensor_}, stored_);
    return *this;
  }
  int tensor() const { return tensor_; }

 private:
  Importer& to_;
  int tensor_;
  std::vector<int> stored_;
};

/// What a function of one tensor makes of a chain that begins with it.
template <class Make>
Result<void> map(Importer& to, const Node& node, Make make) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->type != DType::kFloat32)
    return unsupported(cat("it computes with ", name_of(in->type), ", expected float32"));
  const Layout layout = in->image.empty() ? in->layout : Layout::kPlain;
  const auto tensor = to.tensor_of(*in, layout);
  MOTE_TRY(tensor);
  Value out = *in;
  out.constant = nullptr, out.image.clear(), out.layout = layout;
  Chain chain(to, out, *tensor);
  make(chain);
  to.set(node.outputs[0], chain.tensor(), out.dims, layout);
  return {};
}

/// Operators with the same meaning and another name.
struct Name {
  std::string_view onnx;
  const char* tflite;
};
constexpr Name kNames[] = {{"Relu", "RELU"},   {"Sigmoid", "LOGISTIC"},
                           {"Tanh", "TANH"},   {"Exp", "EXP"},
                           {"Log", "LOG"},     {"Sqrt", "SQRT"},
                           {"Abs", "ABS"},     {"Neg", "NEG"},
                           {"Floor", "FLOOR"}, {"Ceil", "CEIL"},
                           {"Sin", "SIN"},     {"Cos", "COS"},
                           {"Round", "ROUND"}, {"HardSwish", "HARD_SWISH"},
                           {"Add", "ADD"},     {"Sub", "SUB"},
                           {"Mul", "MUL"},     {"Div", "DIV"},
                           {"Min", "MINIMUM"}, {"Max", "MAXIMUM"},
                           {"Sum", "ADD"}};

const char* tflite_name(std::string_view onnx) {
  for (const Name& name : kNames)
    if (name.onnx == onnx) return name.tflite;
  return "";
}

Result<void> convert_unary(Importer& to, const Node& node) {
  return map(to, node, [&](Chain& x) { x.then(tflite_name(node.op)); });
}

Result<void> convert_leaky_relu(Importer& to, const Node& node) {
  graph::Attributes attrs;
  attrs.set("alpha", double{real(node, "alpha", 0.01f)});
  return map(to, node, [&](Chain& x) { x.then("LEAKY_RELU", attrs); });
}

Result<void> convert_elu(Importer& to, const Node& node) {
  if (const float alpha = real(node, "alpha", 1); alpha != 1)
    return unsupported(cat("its alpha is ", alpha, ", expected 1"));
  return map(to, node, [](Chain& x) { x.then("ELU"); });
}

Result<void> convert_reciprocal(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto tensor = to.tensor_of(*in, in->layout);
  MOTE_TRY(tensor);
  const int one = to.add_floats({1}, {1});
  const int out = to.emit("DIV", {one, *tensor}, stored_dims(in->dims, in->layout));
  to.set(node.outputs[0], out, in->dims, in->layout);
  return {};
}

/// A number between limits: as an activation where there is one, else by comparing.
void clip(Chain& x, float low, float high) {
  constexpr float kSix = 6;
  if (low == 0 && high == kSix) {
    x.then("RELU6");
  } else if (low == 0 && high == kInfinity) {
    x.then("RELU");
  } else {
    if (low != -kInfinity) x.then("MAXIMUM", low);
    if (high != kInfinity) x.then("MINIMUM", high);
  }
}

Result<float> limit(const Importer& to, const Node& node, std::size_t i, const char* name,
                    float fallback) {
  if (!to.has_input(node, i)) return real(node, name, fallback);
  const auto value = to.constant_input(node, i, name);
  MOTE_TRY(value);
  const Numbers numbers = numbers_of(*value->constant);
  if (numbers.count() != 1) return bad_input(cat(name, " is no single number"));
  return static_cast<float>(numbers.values[0]);
}

Result<void> convert_clip(Importer& to, const Node& node) {
  // Before opset 11 the limits are attributes, and the largest numbers when left out.
  constexpr float kLargest = std::numeric_limits<float>::max();
  const auto low = limit(to, node, 1, "min", -kInfinity),
             high = limit(to, node, 2, "max", kInfinity);
  MOTE_TRY(low);
  MOTE_TRY(high);
  return map(to, node, [&](Chain& x) {
    clip(x, *low <= -kLargest ? -kInfinity : *low, *high >= kLargest ? kInfinity : *high);
  });
}

Result<void> convert_hard_sigmoid(Importer& to, const Node& node) {
  const float alpha = real(node, "alpha", 0.2f), beta = real(node, "beta", 0.5f);
  return map(to, node, [&](Chain& x) {
    x.then("MUL", alpha).then("ADD", beta);
    clip(x, 0, 1);
  });
}

/// log(1 + exp(x)), which neither overflows nor loses small numbers: max(x, 0) and what remains.
void softplus(Chain& x) {
  Chain rest = x;
  rest.then("ABS").then("NEG").then("EXP").then("ADD", 1.0f).then("LOG");
  x.then("RELU").then("ADD", rest);
}

Result<void> convert_softplus(Importer& to, const Node& node) {
  return map(to, node, [](Chain& x) { softplus(x); });
}

Result<void> convert_mish(Importer& to, const Node& node) {
  return map(to, node, [](Chain& x) {
    Chain gate = x;
    softplus(gate);
    gate.then("TANH");
    x.then("MUL", gate);
  });
}

Result<void> convert_softsign(Importer& to, const Node& node) {
  return map(to, node, [](Chain& x) {
    Chain below = x;
    below.then("ABS").then("ADD", 1.0f);
    x.then("DIV", below);
  });
}

/// The constant with dimensions of size one in front, so that it has as many as the other.
Value of_rank(Value value, int rank) {
  if (!value.constant || value.rank() >= rank) return value;
  Tensor padded = *value.constant;
  padded.dims.insert(padded.dims.begin(), static_cast<std::size_t>(rank - value.rank()), 1);
  value.dims.assign(padded.dims.begin(), padded.dims.end());
  if (value.grid && value.grid->quant.scale.size() > 1) value.grid = nullptr;
  value.constant = std::make_shared<const Tensor>(std::move(padded));
  return value;
}

/// Channels last where a computed input is so, and has all dimensions.
Layout common_layout(const std::vector<Value>& values, int rank) {
  for (const Value& value : values)
    if (!value.constant && value.rank() == rank && value.image.empty() &&
        value.layout == Layout::kChannelsLast)
      return Layout::kChannelsLast;
  return Layout::kPlain;
}

/// Of two values, one for each element; smaller ones are repeated.
Result<Value> combine(Importer& to, const char* op, Value a, Value b) {
  const auto dims = broadcast(a.dims, b.dims);
  MOTE_TRY(dims);
  const int rank = static_cast<int>(dims->size());
  if (a.type != b.type)
    return unsupported(
        cat("it computes with ", name_of(a.type), " and ", name_of(b.type), ", expected one type"));
  a = of_rank(std::move(a), rank), b = of_rank(std::move(b), rank);
  const Layout layout = common_layout({a, b}, rank);
  std::vector<int> tensors;
  for (const Value* value : {&a, &b}) {
    // One with fewer dimensions is as ONNX has it, and gets the others in front.
    const auto tensor = to.tensor_of(*value, value->rank() == rank ? layout : Layout::kPlain);
    MOTE_TRY(tensor);
    tensors.push_back(*tensor);
    if (value->rank() == rank || layout == Layout::kPlain) continue;
    Value whole{.tensor = *tensor, .type = value->type, .dims = value->dims};
    whole.dims.insert(whole.dims.begin(), static_cast<std::size_t>(rank - value->rank()), 1);
    whole.tensor = to.reshape(*tensor, whole.dims);
    const auto moved = to.tensor_of(whole, layout);
    MOTE_TRY(moved);
    tensors.back() = *moved;
  }
  const int out = to.emit(op, tensors, stored_dims(*dims, layout), a.type);
  return Value{.tensor = out, .type = a.type, .dims = *dims, .layout = layout};
}

Result<void> convert_combination(Importer& to, const Node& node) {
  auto sum = to.input(node, 0);
  MOTE_TRY(sum);
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    const auto next = to.input(node, i);
    MOTE_TRY(next);
    sum = combine(to, tflite_name(node.op), *sum, *next);
    MOTE_TRY(sum);
  }
  to.set(node.outputs[0], *sum);
  return {};
}

Result<void> convert_pow(Importer& to, const Node& node) {
  const auto exponent = to.constant_input(node, 1, "the exponent");
  MOTE_TRY(exponent);
  const Numbers numbers = numbers_of(*exponent->constant);
  const double power = numbers.count() == 1 ? numbers.values[0] : 0;
  constexpr double kHalf = 0.5;
  if (power != 2 && power != 3 && power != kHalf && power != -kHalf)
    return unsupported(cat("its exponent is ", power, ", expected 2, 3, 0.5 or -0.5"));
  return map(to, node, [&](Chain& x) {
    const Chain base = x;
    if (power == kHalf) x.then("SQRT");
    if (power == -kHalf) x.then("RSQRT");
    if (power >= 2) x.then("SQUARE");
    if (power >= 3) x.then("MUL", base);
  });
}

/// A slope a channel, for negative elements.
Result<void> convert_prelu(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  auto slope = to.constant_input(node, 1, "the slope");
  MOTE_TRY(slope);
  const Value whole = of_rank(*slope, in->rank());
  const auto tensor = to.tensor_of(*in, in->layout), slopes = to.tensor_of(whole, in->layout);
  MOTE_TRY(tensor);
  MOTE_TRY(slopes);
  const int out = to.emit("PRELU", {*tensor, *slopes}, stored_dims(in->dims, in->layout));
  to.set(node.outputs[0], out, in->dims, in->layout);
  return {};
}

Result<void> convert_identity(Importer& to, const Node& node) {
  auto in = to.input(node, 0);
  MOTE_TRY(in);
  to.set(node.outputs[0], *in);
  return {};
}

constexpr Converter kConverters[] = {
    {"Abs", convert_unary},
    {"Add", convert_combination},
    {"Ceil", convert_unary},
    {"Clip", convert_clip},
    {"Cos", convert_unary},
    {"Div", convert_combination},
    {"Dropout", convert_identity},
    {"Elu", convert_elu},
    {"Exp", convert_unary},
    {"Floor", convert_unary},
    {"HardSigmoid", convert_hard_sigmoid},
    {"HardSwish", convert_unary},
    {"Identity", convert_identity},
    {"LeakyRelu", convert_leaky_relu},
    {"Log", convert_unary},
    {"Max", convert_combination},
    {"Min", convert_combination},
    {"Mish", convert_mish},
    {"Mul", convert_combination},
    {"Neg", convert_unary},
    {"PRelu", convert_prelu},
    {"Pow", convert_pow},
    {"Reciprocal", convert_reciprocal},
    {"Relu", convert_unary},
    {"Round", convert_unary},
    {"Sigmoid", convert_unary},
    {"Sin", convert_unary},
    {"Softplus", convert_softplus},
    {"Softsign", convert_softsign},
    {"Sqrt", convert_unary},
    {"Sub", convert_combination},
    {"Sum", convert_combination},
    {"Tanh", convert_unary},
};

}  // namespace

std::span<const Converter> element_converters() { return kConverters; }

}  // namespace mote::onnx
