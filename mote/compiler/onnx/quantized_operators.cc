#include "mote/compiler/onnx/quantized_operators.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "mote/compiler/onnx/forms.h"
#include "mote/compiler/onnx/numbers.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

constexpr std::string_view kMicrosoft = "com.microsoft";

bool is_standard(const Node& node) { return node.domain.empty() || node.domain == "ai.onnx"; }

/// The names of a value's scale and zero point; the latter "" where there is none.
struct Scale {
  std::string scale, zero_point;
};

/// An operator of integers, whose operands are each a value, its scale and its zero point.
struct Row {
  std::string_view op, real;  ///< its name, and that of the operator on floats
  int operands = 1;           ///< of the former kind, first
  int bias = -1;              ///< where an addend in units of the product's scale stands
  int result = 3;             ///< where the output's scale stands
};
constexpr Row kRows[] = {
    {"QGemm", "Gemm", 2, 6, 7},
    {"QLinearAdd", "Add", 2, -1, 6},
    {"QLinearAveragePool", "AveragePool"},
    {"QLinearConv", "Conv", 2, 8, 6},
    {"QLinearGlobalAveragePool", "GlobalAveragePool"},
    {"QLinearLeakyRelu", "LeakyRelu"},
    {"QLinearMatMul", "MatMul", 2, -1, 6},
    {"QLinearMul", "Mul", 2, -1, 6},
    {"QLinearSigmoid", "Sigmoid"},
    {"QLinearSoftmax", "Softmax"},
};

/// Operators that take and give elements of any type, and which of their inputs are such.
struct Mover {
  std::string_view op;
  std::vector<std::size_t> inputs;  ///< empty: all
};
const std::vector<Mover>& movers() {
  static const std::vector<Mover> kMovers = {
      {"ArgMax", {0}},    {"ArgMin", {0}},       {"Clip", {0, 1, 2}},
      {"Concat", {}},     {"DepthToSpace", {0}}, {"Expand", {0}},
      {"Flatten", {0}},   {"Gather", {0}},       {"GlobalMaxPool", {0}},
      {"Identity", {0}},  {"Max", {}},           {"MaxPool", {0}},
      {"Min", {}},        {"Pad", {0, 2}},       {"ReduceMax", {0}},
      {"ReduceMin", {0}}, {"Reshape", {0}},      {"Resize", {0}},
      {"Slice", {0}},     {"SpaceToDepth", {0}}, {"Split", {0}},
      {"Squeeze", {0}},   {"Transpose", {0}},    {"Unsqueeze", {0}},
  };
  return kMovers;
}

const Mover* mover_of(const Node& node) {
  if (!is_standard(node)) return nullptr;
  const auto it = std::find_if(movers().begin(), movers().end(),
                               [&](const Mover& mover) { return mover.op == node.op; });
  return it == movers().end() ? nullptr : &*it;
}

bool is_data(const Mover& mover, std::size_t i) {
  return mover.inputs.empty() ||
         std::find(mover.inputs.begin(), mover.inputs.end(), i) != mover.inputs.end();
}

bool gives_places(const Node& node) { return node.op == "ArgMax" || node.op == "ArgMin"; }

class Rewriter {
 public:
  explicit Rewriter(File file) : file_(std::move(file)) {
    for (const Node& node : file_.nodes) names_.insert(node.outputs.begin(), node.outputs.end());
    for (const Tensor& constant : file_.constants) {
      names_.insert(constant.name);
      keep(constant.name, constant);
    }
    for (const Node& node : file_.nodes)
      if (const Attribute* value = node.find("value"); value && node.op == "Constant")
        for (const std::string& output : node.outputs) keep(output, value->tensor);
    for (const Port& port : file_.inputs) names_.insert(port.name);
  }

  Result<File> run() {
    std::vector<Node> nodes = std::exchange(file_.nodes, {});
    for (Node& node : nodes) MOTE_TRY(rewrite(std::move(node)));
    nodes = std::exchange(file_.nodes, {});
    find_scales(nodes);
    for (Node& node : nodes) move(std::move(node));
    return std::move(file_);
  }

 private:
  Result<void> rewrite(Node node) {
    if (node.domain == kMicrosoft && (node.op == "QuantizeLinear" || node.op == "DequantizeLinear"))
      node.domain.clear();
    const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                   [&](const Row& r) { return r.op == node.op; });
    const bool is_concat = node.op == "QLinearConcat";
    if ((row == std::end(kRows) && !is_concat) ||
        (!is_standard(node) && node.domain != kMicrosoft)) {
      file_.nodes.push_back(std::move(node));
      return {};
    }
    const auto done = is_concat ? rewrite_concat(node) : rewrite(node, *row);
    if (done) return {};
    return fail(done.error().code, cat("node ", node.index, " ", node.op,
                                       node.outputs.empty() ? "" : cat(" '", node.outputs[0], "'"),
                                       ": ", done.error().message));
  }

  // Building blocks

  std::string new_name(std::string name) {
    name += " (real)";
    while (!names_.insert(name).second) name += "'";
    return name;
  }

  static std::string input(const Node& node, int i) {
    const auto place = static_cast<std::size_t>(i);
    return place < node.inputs.size() ? node.inputs[place] : "";
  }

  void add(const Node& origin, std::string_view op, std::vector<std::string> inputs,
           const std::string& output, std::vector<Attribute> attributes = {}) {
    while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();
    Node made{.name = origin.name,
              .op = std::string(op),
              .domain = "",
              .inputs = std::move(inputs),
              .outputs = {output},
              .attributes = std::move(attributes),
              .index = origin.index,
              .written = origin.op};
    file_.nodes.push_back(std::move(made));
  }

  /// The real numbers of a value of integers.
  std::string real_of(const Node& origin, const std::string& value, const Scale& scale,
                      int axis = 0) {
    const std::string real = new_name(value);
    Attribute attribute{.name = "axis"};
    attribute.integer = axis;
    add(origin, "DequantizeLinear", {value, scale.scale, scale.zero_point}, real, {attribute});
    return real;
  }

  void add_constant(const std::string& name, const Numbers& numbers) {
    Tensor tensor = tensor_of_numbers(numbers);
    tensor.name = name;
    file_.constants.push_back(std::move(tensor));
  }

  /// Scales and zero points are constants of few elements.
  void keep(const std::string& name, const Tensor& tensor) {
    constexpr std::ptrdiff_t kMostBytes = 1 << 14;
    if (std::ssize(tensor.data) <= kMostBytes) constants_.try_emplace(name, numbers_of(tensor));
  }

  std::optional<Numbers> constant(const std::string& name) const {
    const auto place = constants_.find(name);
    return place == constants_.end() ? std::nullopt : std::optional(place->second);
  }

  /// A bias has the scale of the product, by output.
  Result<std::string> bias_of(const Node& node, const Row& row) {
    const std::string bias = input(node, row.bias);
    if (bias.empty()) return bias;
    auto first = constant(input(node, 1)), second = constant(input(node, 4));
    if (!first || !second || first->count() != 1)
      return unsupported("its scales are computed, expected constants");
    for (double& scale : second->values) scale *= first->values[0] * double{real(node, "alpha", 1)};
    second->type = DType::kFloat32;
    if (second->count() == 1) second->dims.clear();
    const std::string scale = new_name(bias + " scale");
    add_constant(scale, *second);
    return real_of(node, bias, {scale, ""});
  }

  /// Which dimension of the second operand has a scale each.
  static int axis_of_weights(const Node& node, const Row& row) {
    if (row.real == "MatMul") return -1;
    if (row.real == "Gemm") return integer(node, "transB", 0) != 0 ? 0 : 1;
    return 0;
  }

  Result<void> rewrite(const Node& node, const Row& row) {
    if (node.outputs.empty()) return bad_input("it makes nothing");
    if (integer(node, "channels_last", 0) != 0)
      return unsupported("its images have their channels last; export it without optimisation");
    const auto least = static_cast<std::size_t>(3 * row.operands);
    if (node.inputs.size() < least)
      return bad_input(cat("it has ", node.inputs.size(), " inputs, expected ", least));
    std::vector<std::string> operands;
    for (int i = 0; i < row.operands; ++i)
      operands.push_back(real_of(node, input(node, 3 * i),
                                 {input(node, 3 * i + 1), input(node, 3 * i + 2)},
                                 i == 1 ? axis_of_weights(node, row) : 0));
    if (row.bias >= 0) {
      auto bias = bias_of(node, row);
      MOTE_TRY(bias);
      operands.push_back(std::move(*bias));
    }
    std::vector<Attribute> attributes = node.attributes;
    std::erase_if(attributes, [](const Attribute& a) { return a.name == "channels_last"; });
    const Scale scale{input(node, row.result), input(node, row.result + 1)};
    if (scale.scale.empty()) {  // QGemm may give floats
      add(node, row.real, operands, node.outputs[0], attributes);
      return {};
    }
    const std::string real = new_name(node.outputs[0]);
    add(node, row.real, operands, real, attributes);
    add(node, "QuantizeLinear", {real, scale.scale, scale.zero_point}, node.outputs[0]);
    return {};
  }

  /// The output's scale and zero point, then three inputs an operand.
  Result<void> rewrite_concat(const Node& node) {
    if (node.outputs.empty() || node.inputs.size() < 5 || node.inputs.size() % 3 != 2)
      return bad_input(cat("it has ", node.inputs.size(), " inputs, expected two and three each"));
    std::vector<std::string> operands;
    for (int i = 2; i + 2 < static_cast<int>(node.inputs.size()); i += 3)
      operands.push_back(real_of(node, input(node, i), {input(node, i + 1), input(node, i + 2)}));
    const std::string real = new_name(node.outputs[0]);
    add(node, "Concat", operands, real, node.attributes);
    add(node, "QuantizeLinear", {real, node.inputs[0], node.inputs[1]}, node.outputs[0]);
    return {};
  }

  // What moves integers

  /// Scales of values of integers, as those say that make or read them.
  void find_scales(const std::vector<Node>& nodes) {
    const auto note = [&](const std::string& name, const Scale& scale) {
      if (!name.empty()) scales_.try_emplace(name, scale);
    };
    for (const Node& node : nodes) {
      if (node.op == "QuantizeLinear" && !node.outputs.empty())
        note(node.outputs[0], {input(node, 1), input(node, 2)});
      if (node.op == "DequantizeLinear") note(input(node, 0), {input(node, 1), input(node, 2)});
      pass_on(node, note);
    }
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
      if (mover_of(*node) && !node->outputs.empty() && !gives_places(*node))
        if (const auto place = scales_.find(node->outputs[0]); place != scales_.end())
          note(input(*node, 0), Scale(place->second));
  }

  template <class Note>
  void pass_on(const Node& node, const Note& note) {
    const auto place = scales_.find(input(node, 0));
    if (!mover_of(node) || place == scales_.end() || gives_places(node)) return;
    const Scale scale = place->second;
    for (const std::string& output : node.outputs) note(output, scale);
  }

  void move(Node node) {
    const Mover* mover = mover_of(node);
    const auto place = scales_.find(input(node, 0));
    if (!mover || place == scales_.end()) {
      file_.nodes.push_back(std::move(node));
      return;
    }
    const Scale scale = place->second;
    // Of constants with a scale a channel, integers are moved as they are.
    const auto scales = constant(scale.scale);
    if (!scales || scales->count() != 1) {
      file_.nodes.push_back(std::move(node));
      return;
    }
    const Node origin = node;
    if (node.op == "Pad") give_fill(node, scale);
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (is_data(*mover, i) && !node.inputs[i].empty())
        node.inputs[i] = real_of(origin, node.inputs[i], scale);
    const std::vector<std::string> outputs = node.outputs;
    if (!gives_places(node))
      for (std::string& output : node.outputs)
        if (!output.empty()) output = new_name(output);
    file_.nodes.push_back(node);
    for (std::size_t i = 0; i < outputs.size() && !gives_places(node); ++i)
      if (!outputs[i].empty())
        add(origin, "QuantizeLinear", {node.outputs[i], scale.scale, scale.zero_point}, outputs[i]);
  }

  /// Integers are padded with the integer 0, which need not stand for the number 0.
  void give_fill(Node& node, const Scale& scale) {
    const auto zero_point = constant(scale.zero_point);
    if (node.inputs.size() > 2 || node.inputs.size() < 2 || !zero_point ||
        text(node, "mode", "constant") != "constant")
      return;
    const std::string name = new_name(node.outputs[0] + " fill");
    add_constant(name, {zero_point->type, {}, {0}});
    node.inputs.push_back(name);
  }

  File file_;
  std::set<std::string, std::less<>> names_;
  std::map<std::string, Scale, std::less<>> scales_;
  std::map<std::string, Numbers, std::less<>> constants_;
};

}  // namespace

Result<File> without_quantized_operators(File file) { return Rewriter(std::move(file)).run(); }

}  // namespace mote::onnx
