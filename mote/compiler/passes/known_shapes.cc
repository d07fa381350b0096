#include <algorithm>
#include <map>
#include <string_view>

#include "mote/compiler/passes/known_numbers.h"

namespace mote::passes {
namespace {

using graph::Node;
using Shape = std::vector<int>;
using Maybe = std::optional<Shape>;
using Inputs = std::span<const Known>;

bool has_shape(Inputs inputs, std::size_t i) { return i < inputs.size() && inputs[i].shape; }
const std::vector<std::int64_t>* values_at(Inputs inputs, std::size_t i) {
  return i < inputs.size() && inputs[i].numbers ? &inputs[i].numbers->values : nullptr;
}
/// A dimension, where negative ones count from the back.
std::optional<std::size_t> axis_in(std::int64_t axis, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (axis < -size || axis >= size) return {};
  return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}
Maybe shape_from(const std::vector<std::int64_t>& dims) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 31) - 1;
  Shape shape;
  for (std::int64_t dim : dims) {
    if (dim < 0 || dim > kMost) return {};
    shape.push_back(static_cast<int>(dim));
  }
  return shape;
}

Maybe same(const Node&, Inputs in) { return *in[0].shape; }

Maybe broadcast(const Node&, Inputs in) {
  Shape out = *in[0].shape;
  for (const Known& input : in.subspan(1)) {
    if (!input.shape) return {};
    const Shape& shape = *input.shape;
    if (shape.size() > out.size()) out.insert(out.begin(), shape.size() - out.size(), 1);
    for (std::size_t k = 0; k < shape.size(); ++k) {
      int& dim = out[out.size() - shape.size() + k];
      if (dim != shape[k] && dim != 1 && shape[k] != 1) return {};
      dim = dim == 1 ? shape[k] : dim;
    }
  }
  return out;
}

Maybe fully_connected(const Node& node, Inputs in) {
  if (!has_shape(in, 1) || in[1].shape->size() != 2 || in[0].shape->empty()) return {};
  const int units = in[1].shape->front(), depth = in[1].shape->back();
  Shape out = *in[0].shape;
  if (node.attrs.integer("keep_num_dims") != 0) return out.back() = units, out;
  const std::int64_t count = count_of(out);
  if (depth < 1 || count % depth != 0) return {};
  return Shape{static_cast<int>(count / depth), units};
}

Maybe gather(const Node& node, Inputs in) {
  const auto axis = axis_in(node.attrs.integer("axis"), in[0].shape->size());
  if (!has_shape(in, 1) || !axis || node.attrs.integer("batch_dims") != 0) return {};
  Shape out = *in[0].shape;
  const auto at = out.erase(out.begin() + static_cast<std::ptrdiff_t>(*axis));
  out.insert(at, in[1].shape->begin(), in[1].shape->end());
  return out;
}

Maybe slice(const Node& node, Inputs in) {
  const auto parts = parts_of(node, in);
  if (!parts) return {};
  Shape out;
  for (const Part& part : *parts)
    if (!part.is_dropped) out.push_back(static_cast<int>(part.count));
  return out;
}

Maybe concatenation(const Node& node, Inputs in) {
  Shape out = *in[0].shape;
  const auto axis = axis_in(node.attrs.integer("axis"), out.size());
  if (!axis) return {};
  std::int64_t sum = 0;
  for (const Known& input : in) {
    if (!input.shape || input.shape->size() != out.size()) return {};
    sum += (*input.shape)[*axis];
  }
  if (sum > (std::int64_t{1} << 31) - 1) return {};
  out[*axis] = static_cast<int>(sum);
  return out;
}

Maybe pack(const Node& node, Inputs in) {
  Shape out = *in[0].shape;
  const auto axis = axis_in(node.attrs.integer("axis"), out.size() + 1);
  if (!axis) return {};
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(*axis), static_cast<int>(in.size()));
  return out;
}

Maybe reshape(const Node& node, Inputs in) {
  const auto attribute = node.attrs.integers("new_shape");
  const auto* said = values_at(in, 1);
  if (!said && (in.size() > 1 || attribute.empty())) return {};
  std::vector<std::int64_t> dims = said ? *said : attribute;
  std::int64_t known = 1, unknown = 0;
  for (std::int64_t dim : dims) {
    if (dim < -1 || dim > (std::int64_t{1} << 31) - 1) return {};
    dim == -1 ? void(++unknown) : void(known = std::min(known * dim, std::int64_t{1} << 32));
  }
  const std::int64_t count = count_of(*in[0].shape);
  if (unknown > 1 || (unknown == 1 && (known < 1 || count % known != 0))) return {};
  std::replace(dims.begin(), dims.end(), std::int64_t{-1}, unknown == 1 ? count / known : 0);
  return shape_from(dims);
}

Maybe expand_dims(const Node&, Inputs in) {
  const auto* axes = values_at(in, 1);
  Shape out = *in[0].shape;
  if (!axes || axes->size() != 1) return {};
  const auto axis = axis_in(axes->front(), out.size() + 1);
  if (!axis) return {};
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(*axis), 1);
  return out;
}

Maybe squeeze(const Node& node, Inputs in) {
  const Shape& from = *in[0].shape;
  std::vector<bool> leaves(from.size());
  const auto dims = node.attrs.integers("squeeze_dims");
  for (std::size_t k = 0; k < from.size(); ++k) leaves[k] = dims.empty() && from[k] == 1;
  for (std::int64_t dim : dims) {
    const auto axis = axis_in(dim, from.size());
    if (!axis) return {};
    leaves[*axis] = true;
  }
  Shape out;
  for (std::size_t k = 0; k < from.size(); ++k)
    if (!leaves[k]) out.push_back(from[k]);
  return out;
}

Maybe transpose(const Node&, Inputs in) {
  const auto* order = values_at(in, 1);
  if (!order || order->size() != in[0].shape->size()) return {};
  Shape out;
  for (std::int64_t from : *order) {
    const auto axis = axis_in(from, order->size());
    if (!axis) return {};
    out.push_back((*in[0].shape)[*axis]);
  }
  return out;
}

template <std::size_t kPlace>
Maybe said(const Node&, Inputs in) {
  const auto* dims = values_at(in, kPlace);
  return dims ? shape_from(*dims) : Maybe();
}

Maybe shape_op(const Node&, Inputs in) { return Shape{static_cast<int>(in[0].shape->size())}; }
Maybe rank(const Node&, Inputs) { return Shape{}; }

Maybe reduce(const Node& node, Inputs in) {
  const auto* axes = values_at(in, 1);
  if (!axes) return {};
  Shape out = *in[0].shape;
  std::vector<bool> leaves(out.size());
  for (std::int64_t from : *axes) {
    const auto axis = axis_in(from, out.size());
    if (!axis) return {};
    leaves[*axis] = true;
  }
  Shape kept;
  for (std::size_t k = 0; k < out.size(); ++k) {
    if (!leaves[k])
      kept.push_back(out[k]);
    else if (node.attrs.integer("keep_dims") != 0)
      kept.push_back(1);
  }
  return kept;
}

using Rule = Maybe (*)(const Node&, Inputs);

const std::map<std::string_view, Rule>& rules() {
  static const std::map<std::string_view, Rule> kRules = [] {
    std::map<std::string_view, Rule> rules = {{"FULLY_CONNECTED", fully_connected},
                                              {"GATHER", gather},
                                              {"SLICE", slice},
                                              {"STRIDED_SLICE", slice},
                                              {"CONCATENATION", concatenation},
                                              {"PACK", pack},
                                              {"RESHAPE", reshape},
                                              {"EXPAND_DIMS", expand_dims},
                                              {"SQUEEZE", squeeze},
                                              {"TRANSPOSE", transpose},
                                              {"FILL", said<0>},
                                              {"BROADCAST_TO", said<1>},
                                              {"SHAPE", shape_op},
                                              {"RANK", rank}};
    for (const char* op : {"ABS",
                           "CAST",
                           "CEIL",
                           "COS",
                           "DEQUANTIZE",
                           "DYNAMIC_UPDATE_SLICE",
                           "ELU",
                           "EXP",
                           "FLOOR",
                           "HARD_SWISH",
                           "L2_NORMALIZATION",
                           "LEAKY_RELU",
                           "LOG",
                           "LOGICAL_NOT",
                           "LOGISTIC",
                           "LOG_SOFTMAX",
                           "NEG",
                           "QUANTIZE",
                           "RELU",
                           "RELU6",
                           "REVERSE_V2",
                           "ROUND",
                           "RSQRT",
                           "SIN",
                           "SOFTMAX",
                           "SQRT",
                           "SQUARE",
                           "TANH",
                           "ZEROS_LIKE"})
      rules[op] = same;
    for (const char* op : {"ADD", "DIV", "EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL",
                           "LOGICAL_AND", "LOGICAL_OR", "MAXIMUM", "MINIMUM", "MUL", "NOT_EQUAL",
                           "PRELU", "SQUARED_DIFFERENCE", "SUB"})
      rules[op] = broadcast;
    for (const char* op : {"MEAN", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD", "SUM"})
      rules[op] = reduce;
    return rules;
  }();
  return kRules;
}

/// Of the operators with several outputs.
std::optional<Shapes> several(const Node& node, Inputs in) {
  const bool is_split = node.op == "SPLIT", is_unpack = node.op == "UNPACK";
  const std::size_t whole = is_split ? 1 : 0;
  if (!has_shape(in, whole)) return {};
  Shape shape = *in[whole].shape;
  const auto* said = is_unpack ? nullptr : values_at(in, is_split ? 0 : 2);
  if (!is_unpack && (!said || said->size() != 1)) return {};
  const auto axis = axis_in(is_unpack ? node.attrs.integer("axis") : said->front(), shape.size());
  const auto count = static_cast<int>(node.outputs.size());
  if (!axis || count < 1) return {};
  if (is_unpack) {
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(*axis));
    return Shapes(node.outputs.size(), shape);
  }
  const int extent = shape[*axis];
  if (is_split) return shape[*axis] = extent / count, Shapes(node.outputs.size(), shape);
  const auto* sizes = values_at(in, 1);
  if (!sizes || std::ssize(*sizes) != count) return {};
  Shapes out(node.outputs.size(), shape);
  std::int64_t rest = extent;
  for (std::int64_t size : *sizes) rest -= std::max<std::int64_t>(size, 0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t size = (*sizes)[i] < 0 ? rest : (*sizes)[i];
    if (size < 1 || size > extent) return {};
    out[i][*axis] = static_cast<int>(size);
  }
  return out;
}

}  // namespace

Shapes shapes_of(const Node& node, Inputs inputs, Shapes declared) {
  if (node.is_custom || inputs.empty()) return declared;
  if (node.op == "SPLIT" || node.op == "SPLIT_V" || node.op == "UNPACK") {
    auto shapes = several(node, inputs);
    return shapes ? *std::move(shapes) : declared;
  }
  const auto rule = rules().find(node.op);
  if (rule == rules().end() || declared.size() != 1 || !inputs[0].shape) return declared;
  if (auto shape = rule->second(node, inputs)) declared[0] = *std::move(shape);
  return declared;
}

}  // namespace mote::passes
