#include "mote/compiler/onnx/integer_rules.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>

#include "mote/compiler/onnx/integer_constants.h"
#include "mote/compiler/onnx/integer_gru.h"
#include "mote/compiler/onnx/integer_layers.h"

namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// What gives elements of its inputs, or constants in their place.
struct Selector {
  std::string_view op;
  int inputs = 1;           ///< that are elements; of the others none is float
  bool takes_int16 = true;  ///< there is such an operator for INT16
  bool gives_new = false;   ///< some elements are mixtures of the input's
};
constexpr int kAll = 1 << 20;
constexpr Selector kSelectors[] = {
    {"BROADCAST_TO"},
    {"CONCATENATION", kAll},
    {"DEPTH_TO_SPACE", 1, false},
    {"GATHER", 1, false},
    {"MAXIMUM", 2},
    {"MAX_POOL_2D"},
    {"MINIMUM", 2},
    {"MIRROR_PAD", 1, false},
    {"PAD"},
    {"PADV2", 3},
    {"REDUCE_MAX", 1, false},
    {"REDUCE_MIN", 1, false},
    {"RELU"},
    {"RELU6"},
    {"RESHAPE"},
    {"RESIZE_BILINEAR", 1, false, true},
    {"RESIZE_NEAREST_NEIGHBOR"},
    {"REVERSE_V2"},
    {"SLICE"},
    {"SPACE_TO_DEPTH", 1, false},
    {"STRIDED_SLICE"},
    {"TRANSPOSE"},
};

const Selector* selector_of(const Node& node) {
  const auto* it = std::find_if(std::begin(kSelectors), std::end(kSelectors),
                                [&](const Selector& s) { return s.op == node.op; });
  return it == std::end(kSelectors) ? nullptr : it;
}

/// PADV2's second input are numbers of elements.
bool is_data(const Selector& selector, std::size_t i) {
  return static_cast<int>(i) < selector.inputs && !(selector.op == "PADV2" && i == 1);
}

/// The grid in which a selector works: its inputs', where they have one; else what is wanted of its
/// output. nullptr: none.
const Grid* common_grid(Twins& twins, const Node& node, const Selector& selector, Grid& found) {
  bool is_one = true, has_any = false;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (!is_data(selector, i) || twins.tensor(node.inputs[i]).is_constant()) continue;
    const int twin = twins.twin(node.inputs[i]);
    if (twin < 0) return nullptr;
    const Grid grid = twins.grid_of(twin);
    is_one = is_one && (!has_any || is_same_grid(grid, found));
    if (!has_any) found = grid;
    has_any = true;
  }
  if (!has_any) return nullptr;
  return is_one ? &found : twins.wish(node.outputs[0]);
}

/// Whether a limit, or what pads, means the same as a step. Beyond the steps at either end it does
/// where elements are compared.
bool is_near_a_step(const Tensor& constant, const Grid& grid) {
  constexpr float kFar = std::numeric_limits<float>::lowest() / 2;
  for (float number : graph::values<float>(constant))
    if (number > kFar &&
        !steps_of(
            {.type = DType::kFloat32, .shape = {1}, .data = std::as_bytes(std::span(&number, 1))},
            grid))
      return false;
  return true;
}

/// RELU, RELU6 and comparisons with one constant leave out what the type's limits do anyway.
/// @returns the operator that is left; "": none.
std::string limiting_op(Twins& twins, const Node& node, const Grid& grid) {
  const std::int64_t zero = grid.quant.zero_point[0];
  const double six = std::round(6.0 / double{grid.quant.scale[0]}) + static_cast<double>(zero);
  const bool no_zero = zero <= least_of(grid.type),
             no_six = six >= static_cast<double>(most_of(grid.type));
  if (node.op == "RELU6" && !no_six) return "RELU6";
  if (node.op == "RELU" || node.op == "RELU6") return no_zero ? "" : "RELU";
  const int limit = node.inputs.size() == 2 ? node.inputs[1] : -1;
  if (limit < 0 || (node.op != "MAXIMUM" && node.op != "MINIMUM")) return node.op;
  const Tensor& constant = twins.tensor(limit);
  if (!constant.is_constant() || graph::element_count(constant) != 1) return node.op;
  const std::int64_t step = nearest_steps(constant, grid)[0];
  if (node.op == "MINIMUM") return step >= most_of(grid.type) ? "" : node.op;
  return step <= least_of(grid.type) ? "" : step == zero ? "RELU" : node.op;
}

/// Limits are to be steps of the grid, or beyond all of them: those of what is wanted of the output
/// are, or are rounded there as the output is.
/// @returns the grid to work in; nullptr: none.
const Grid* limiting_grid(Twins& twins, const Node& node, const Grid* common) {
  const bool is_six = node.op == "RELU6", compares = node.op == "MAXIMUM" || node.op == "MINIMUM";
  if (!common || (!is_six && !compares)) return common;
  const Grid* wish = twins.wish(node.outputs[0]);
  if (wish && wish->type == common->type) return wish;
  constexpr float kSix = 6;
  const auto is_step = [&](std::span<const float> numbers) {
    return is_near_a_step({.type = DType::kFloat32,
                           .shape = {static_cast<int>(numbers.size())},
                           .data = std::as_bytes(numbers)},
                          *common);
  };
  if (is_six && !is_step(std::span(&kSix, 1))) return nullptr;
  for (std::size_t i = 0; compares && i < node.inputs.size(); ++i)
    if (const Tensor& constant = twins.tensor(node.inputs[i]);
        constant.is_constant() && !is_step(graph::values<float>(constant)))
      return nullptr;
  return common;
}

bool select(Twins& twins, const Node& node, const Selector& selector) {
  Grid found;
  const Grid* common = limiting_grid(twins, node, common_grid(twins, node, selector, found));
  if (!common || (common->type == DType::kInt16 && !selector.takes_int16)) return false;
  const Grid grid = *common;
  const bool is_padded = selector.op == "PADV2" && node.inputs.size() > 2;
  if (is_padded && (!twins.tensor(node.inputs[2]).is_constant() ||
                    !is_near_a_step(twins.tensor(node.inputs[2]), grid)))
    return false;
  if (grid.type == DType::kInt16 && grid.quant.zero_point[0] != 0) return false;
  Node made = node;
  made.op = limiting_op(twins, node, grid);
  if (made.op.empty()) {
    twins.set_twin(node.outputs[0], twins.requantized(twins.twin(node.inputs[0]), grid));
    return true;
  }
  if (made.op == "RELU" && node.inputs.size() > 1) made.inputs.resize(1);
  for (std::size_t i = 0; i < made.inputs.size(); ++i) {
    if (!is_data(selector, i)) continue;
    const int input = made.inputs[i];
    if (const Tensor constant = twins.tensor(input); constant.is_constant())
      made.inputs[i] =
          add_steps(twins, constant.name, grid, constant.shape, nearest_steps(constant, grid));
    else
      made.inputs[i] = twins.requantized(twins.twin(input), grid);
  }
  twins.add_node(std::move(made), grid);
  return true;
}

// Element by element

/// Constants as an operator of two inputs takes them: on their own grid, or, if it is one number,
/// on one that has it. @returns the tensor; -1: there is no such grid.
int operand_of(Twins& twins, int input, DType type) {
  if (const int twin = twins.twin(input); twin >= 0)
    return twins.tensor(twin).type == type ? twin : -1;
  const Tensor constant = twins.tensor(input);
  if (!constant.is_constant() || constant.type != DType::kFloat32) return -1;
  if (const Grid* grid = twins.constant_grid(input)) {
    const auto steps = grid->type == type && grid->quant.scale.size() == 1
                           ? steps_of(constant, *grid)
                           : std::nullopt;
    return steps ? add_steps(twins, constant.name, *grid, constant.shape, *steps) : -1;
  }
  if (graph::element_count(constant) != 1) return -1;
  constexpr float kSteps = 127;
  const float number = graph::values<float>(constant)[0], scale = std::abs(number) / kSteps;
  if (!std::isnormal(scale) && number != 0) return -1;
  const Grid grid{type, {.scale = {number == 0 ? 1 : scale}, .zero_point = {0}}};
  return add_steps(twins, constant.name, grid, constant.shape, nearest_steps(constant, grid));
}

bool is_symmetric_16(const Grid& grid) {
  return grid.type != DType::kInt16 || grid.quant.zero_point[0] == 0;
}

/// That 32-bit arithmetic holds what comes of these scales.
bool is_within(double ratio) {
  constexpr double kMost = 1 << 12;
  return ratio > 1 / kMost && ratio < kMost;
}

/// ADD, SUB and MUL.
bool combine(Twins& twins, const Node& node) {
  const Grid* wish = twins.wish(node.outputs[0]);
  if (!wish || !is_symmetric_16(*wish)) return false;
  const Grid grid = *wish;
  if (twins.twin(node.inputs[0]) < 0 && twins.twin(node.inputs[1]) < 0) return false;
  const int a = operand_of(twins, node.inputs[0], grid.type),
            b = operand_of(twins, node.inputs[1], grid.type);
  if (a < 0 || b < 0 || !is_symmetric_16(twins.grid_of(a)) || !is_symmetric_16(twins.grid_of(b)))
    return false;
  const double first = double{twins.tensor(a).scale()}, second = double{twins.tensor(b).scale()},
               out = double{grid.quant.scale[0]};
  const bool fits = node.op == "MUL"
                        ? first * second / out < 1 << 12
                        : is_within(first / second) && is_within(std::max(first, second) / out);
  if (!fits) return false;
  Node made = node;
  made.inputs = {a, b};
  twins.add_node(std::move(made), grid);
  return true;
}

/// Functions whose results TensorFlow Lite has on one grid only.
struct Fixed {
  std::string_view op;
  double scale8;
  int zero_point8;
  double scale16;
};
constexpr Fixed kFixed[] = {{"LOGISTIC", 1.0 / 256, -128, 1.0 / 32768},
                            {"SOFTMAX", 1.0 / 256, -128, 1.0 / 32768},
                            {"TANH", 1.0 / 128, 0, 1.0 / 32768}};

/// On that grid, then on the wanted one, if that is not much finer.
bool compute_fixed(Twins& twins, const Node& node, const Fixed& fixed) {
  const int in = twins.twin(node.inputs[0]);
  const Grid* wish = twins.wish(node.outputs[0]);
  if (!wish || in < 0 || twins.tensor(in).type != wish->type) return false;
  const Grid wanted = *wish;
  const bool is_8 = wanted.type == DType::kInt8;
  const double scale = is_8 ? fixed.scale8 : fixed.scale16, made = double{wanted.quant.scale[0]},
               in_scale = double{twins.tensor(in).scale()};
  if (in_scale < 1e-6 || in_scale > (is_8 ? 16 : 2) || !is_symmetric_16(twins.grid_of(in)))
    return false;
  const double kAlike = is_8 ? 1e-3 : 1e-6;  // far less than a step, over all of them
  constexpr double kFinest = 0.75;
  const std::int64_t zero_point = is_8 ? fixed.zero_point8 : 0;
  const bool is_alike =
      std::abs(made - scale) <= kAlike * scale && wanted.quant.zero_point[0] == zero_point;
  if (!is_alike && (!is_8 || made < kFinest * scale)) return false;
  Node computed = node;
  computed.inputs = {in};
  const Grid grid =
      is_alike
          ? wanted
          : Grid{wanted.type, {.scale = {static_cast<float>(scale)}, .zero_point = {zero_point}}};
  const int twin = twins.add_node(std::move(computed), grid);
  twins.set_twin(node.outputs[0], twins.requantized(twin, wanted));
  return true;
}

/// Functions of one input between any two grids, for INT8 and, some, for INT16.
struct Unary {
  std::string_view op;
  bool takes_int16;
};
constexpr Unary kUnary[] = {{"ABS", true},  {"ELU", false},       {"HARD_SWISH", false},
                            {"MEAN", true}, {"LEAKY_RELU", true}, {"SUM", true}};

bool compute_unary(Twins& twins, const Node& node, const Unary& unary) {
  const int in = twins.twin(node.inputs[0]);
  const Grid* wish = twins.wish(node.outputs[0]);
  if (!wish || in < 0 || twins.tensor(in).type != wish->type) return false;
  const Grid grid = *wish;
  if (grid.type == DType::kInt16 &&
      (!unary.takes_int16 || !is_symmetric_16(grid) || !is_symmetric_16(twins.grid_of(in))))
    return false;
  constexpr double kMost = 64, kLeast = 1.0 / 256, kFinest = 1e-6;
  const double scale = double{twins.tensor(in).scale()},
               ratio = scale / double{grid.quant.scale[0]};
  if (ratio >= kMost || ratio < kLeast || scale < kFinest) return false;
  Node made = node;
  made.inputs[0] = in;
  twins.add_node(std::move(made), grid);
  return true;
}

/// Where the largest or smallest element is: integers are in the same order.
bool find_extreme(Twins& twins, const Node& node) {
  const int in = twins.twin(node.inputs[0]);
  if (in < 0 || twins.tensor(in).type != DType::kInt8) return false;
  Node made = node;
  made.inputs[0] = in;
  twins.add_plain_node(std::move(made));
  return true;
}

bool multiply_matrices(Twins& twins, const Node& node) {
  const Grid* wish = twins.wish(node.outputs[0]);
  if (!wish || !is_symmetric_16(*wish)) return false;
  const Grid grid = *wish;
  if (twins.twin(node.inputs[0]) < 0 && twins.twin(node.inputs[1]) < 0) return false;
  Node made = node;
  double factor = 1 / double{grid.quant.scale[0]};
  for (int& input : made.inputs) {
    if (twins.tensor(input).shape.size() > 5) return false;
    input = operand_of(twins, input, grid.type);
    if (input < 0 || !is_symmetric_16(twins.grid_of(input))) return false;
    factor *= double{twins.tensor(input).scale()};
  }
  if (factor >= 64) return false;
  twins.add_node(std::move(made), grid);
  return true;
}

}  // namespace

bool commutes(const Node& node, std::size_t i) {
  const Selector* selector = selector_of(node);
  return selector && !selector->gives_new && is_data(*selector, i);
}

bool compute_as_integers(Twins& twins, const Node& node) {
  if (node.outputs.size() != 1) return false;
  if (const Selector* selector = selector_of(node)) return select(twins, node, *selector);
  for (const Fixed& fixed : kFixed)
    if (fixed.op == node.op) return compute_fixed(twins, node, fixed);
  for (const Unary& unary : kUnary)
    if (unary.op == node.op) return compute_unary(twins, node, unary);
  if (node.op == "ADD" || node.op == "SUB" || node.op == "MUL") return combine(twins, node);
  if (node.op == "ARG_MAX" || node.op == "ARG_MIN") return find_extreme(twins, node);
  if (node.op == "BATCH_MATMUL") return multiply_matrices(twins, node);
  if (node.op == "GRU") return compute_gru(twins, node);
  return compute_layer(twins, node);
}

}  // namespace mote::onnx
