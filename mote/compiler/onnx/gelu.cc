#include <cmath>
#include <optional>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// GELU: an operator since opset 20; before, exporters write it out as
/// x * (1 + erf(x / sqrt(2))) * 0.5.
namespace mote::onnx {
namespace {

/// The single number of a constant; nothing where the value is none.
std::optional<double> number_of(const Importer& to, const Node& node, std::size_t i) {
  const auto value = to.input(node, i);
  if (!value || !value->constant) return std::nullopt;
  const Numbers numbers = numbers_of(*value->constant);
  if (numbers.count() != 1) return std::nullopt;
  return numbers.values[0];
}

bool is_near(std::optional<double> number, double expected) {
  return number && std::abs(*number - expected) < 1e-4;
}

/// Of a node of two inputs, the place of the one that is not `value`.
std::size_t other_of(const Node& node, const std::string& value) {
  return node.inputs[0] == value ? 1 : 0;
}

/// The node that alone reads `value`, if it is `op`, of two inputs.
const Node* next_of(const Importer& to, const std::string& value, std::string_view op) {
  const Node* next = to.only_reader(value);
  return next && next->op == op && next->inputs.size() == 2 ? next : nullptr;
}

/// What is multiplied: `input` by a factor.
struct Scaled {
  std::string input;
  double factor = 1;
};
/// Of a value that a node makes by multiplying or dividing by a number; else the value by 1.
Scaled scaled_of(const Importer& to, const std::string& value) {
  const Node* node = to.maker(value);
  if (!node || node->inputs.size() != 2) return {value};
  if (node->op == "Div")
    if (const auto number = number_of(to, *node, 1); number && *number != 0)
      return {node->inputs[0], 1 / *number};
  if (node->op == "Mul")
    for (std::size_t i : {0, 1})
      if (const auto number = number_of(to, *node, i)) return {node->inputs[1 - i], *number};
  return {value};
}

Result<void> set_gelu(Importer& to, const Value& in, const std::string& output,
                      bool is_approximate) {
  const Layout layout = in.image.empty() ? in.layout : Layout::kPlain;
  const auto tensor = to.tensor_of(in, layout);
  MOTE_TRY(tensor);
  graph::Attributes attrs;
  attrs.set("approximate", std::int64_t{is_approximate});
  const int out =
      to.emit("GELU", {*tensor}, stored_dims(in.dims, layout), DType::kFloat32, std::move(attrs));
  to.set(output, out, in.dims, layout);
  return {};
}

Result<void> convert_gelu(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  return set_gelu(to, *in, node.outputs[0], text(node, "approximate", "none") == "tanh");
}

Result<void> convert_erf(Importer& to, const Node& node) {
  const auto refused = [] {
    return unsupported("it is read as part of GELU only: x * (1 + erf(x / sqrt(2))) / 2");
  };
  const Scaled inside = scaled_of(to, node.inputs.at(0));
  const Node* plus_one = next_of(to, node.outputs[0], "Add");
  if (!is_near(inside.factor, std::sqrt(0.5)) || !plus_one ||
      !is_near(number_of(to, *plus_one, other_of(*plus_one, node.outputs[0])), 1))
    return refused();
  // Then times x and times a half, in any order.
  const Node* product = next_of(to, plus_one->outputs[0], "Mul");
  if (!product) return refused();
  const std::size_t other = other_of(*product, plus_one->outputs[0]);
  double factor = 1;
  const Node* last = product;
  if (const Scaled outside = scaled_of(to, product->inputs[other]); outside.input == inside.input) {
    factor = outside.factor;
    if (factor == 1) last = next_of(to, product->outputs[0], "Mul");
  } else {
    last = nullptr;
  }
  if (last && last != product)
    factor = number_of(to, *last, other_of(*last, product->outputs[0])).value_or(0);
  if (!last || !is_near(factor, 0.5)) return refused();
  const auto x = to.value_of(inside.input);
  MOTE_TRY(x);
  for (const Node* part : {plus_one, product, last}) to.skip(*part);
  return set_gelu(to, *x, last->outputs[0], false);
}

constexpr Converter kConverters[] = {
    {"Erf", convert_erf},
    {"Gelu", convert_gelu},
};

}  // namespace

std::span<const Converter> gelu_converters() { return kConverters; }

}  // namespace mote::onnx
