#include "mote/compiler/onnx/integer_gru.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/onnx/integer_constants.h"

/// mote/compiler/ops/gru.cc has the operator's inputs, types and limits.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

using namespace graph::gru;
const Grid kState{DType::kInt16, {.scale = {1.0f / 32768}, .zero_point = {0}}};

bool is_without_zero_points(const Grid& grid) {
  return std::all_of(grid.quant.zero_point.begin(), grid.quant.zero_point.end(),
                     [](std::int64_t zero_point) { return zero_point == 0; });
}

/// The grid of weights that have a scale a gate; nullptr: they are others.
const Grid* gate_grid(const Twins& twins, int weights) {
  const Grid* grid = twins.constant_grid(weights);
  return grid && grid->type == DType::kInt8 && grid->quant.scale.size() == kGates &&
                 grid->quant.axis == 0 && is_without_zero_points(*grid)
             ? grid
             : nullptr;
}

/// Weights and the bias of their products as integers.
struct Gates {
  Grid weights_grid, bias_grid;
  std::vector<std::int64_t> weights, bias;
};

/// Nothing where they are beyond what the operator takes.
std::optional<Gates> gates_of(const Tensor& weights, const Tensor& bias, const Grid& grid,
                              const Grid& source, DType bias_type) {
  // Beyond what the operator takes of 64-bit sums; of 32-bit ones, beyond any that make sense.
  const double most_factor = bias_type == DType::kInt64 ? 127 : 1 << 16;
  constexpr double kPerUnit = 4096;
  constexpr double kMostBias = double{1ll << 46}, kMostNarrowBias = 2147483647;
  const auto steps = steps_of(weights, grid);
  if (!steps || !bias.is_constant() || bias.type != DType::kFloat32) return std::nullopt;
  Gates gates{.weights_grid = grid,
              .bias_grid = {bias_type, {.zero_point = {0, 0, 0}, .axis = 0}},
              .weights = *steps,
              .bias = {}};
  const float unit = source.quant.scale[0];
  for (float scale : grid.quant.scale) {
    gates.bias_grid.quant.scale.push_back(unit * scale);
    if (!(double{unit} * double{scale} * kPerUnit < most_factor)) return std::nullopt;
  }
  const std::vector<float> numbers = graph::values<float>(bias);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float scale = grid.quant.scale[i / (numbers.size() / kGates)];
    const double step = std::round(double{numbers[i]} / (double{unit} * double{scale}));
    if (!(std::abs(step) <= (bias_type == DType::kInt32 ? kMostNarrowBias : kMostBias)))
      return std::nullopt;
    gates.bias.push_back(static_cast<std::int64_t>(step));
  }
  return gates;
}

}  // namespace

bool compute_gru(Twins& twins, const Node& node) {
  if (node.inputs.size() <= kHidden) return false;
  const int in = twins.twin(node.inputs[kInput]);
  const Grid* wish = twins.wish(node.outputs[0]);
  const Grid *weights = gate_grid(twins, node.inputs[kWeights]),
             *recurrent = gate_grid(twins, node.inputs[kRecurrent]);
  if (in < 0 || !wish || !weights || !recurrent) return false;
  const Grid grid = *wish, from = twins.grid_of(in);
  const bool is_16 = grid.type == DType::kInt16;
  if (from.type != grid.type) return false;
  if (is_16 && (!is_without_zero_points(from) || !is_without_zero_points(grid))) return false;
  const auto input_gates =
      gates_of(twins.tensor(node.inputs[kWeights]), twins.tensor(node.inputs[kInputBias]), *weights,
               from, is_16 ? DType::kInt64 : DType::kInt32);
  const auto state_gates =
      gates_of(twins.tensor(node.inputs[kRecurrent]), twins.tensor(node.inputs[kRecurrentBias]),
               *recurrent, kState, DType::kInt64);
  if (!input_gates || !state_gates || !twins.quantize_state(node.inputs[kHidden], kState))
    return false;
  Node made = node;
  made.inputs[kInput] = in;
  const auto add = [&](std::size_t i, const Grid& as, const std::vector<std::int64_t>& steps) {
    const std::vector<int> shape = twins.tensor(node.inputs[i]).shape;
    const std::string name = twins.tensor(node.inputs[i]).name;
    made.inputs[i] = add_steps(twins, name, as, shape, steps);
  };
  add(kWeights, input_gates->weights_grid, input_gates->weights);
  add(kRecurrent, state_gates->weights_grid, state_gates->weights);
  add(kInputBias, input_gates->bias_grid, input_gates->bias);
  add(kRecurrentBias, state_gates->bias_grid, state_gates->bias);
  twins.add_node(std::move(made), grid);
  return true;
}

}  // namespace mote::onnx
