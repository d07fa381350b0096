#include "mote/compiler/onnx/integer_layers.h"

#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include "mote/compiler/onnx/integer_constants.h"

namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// Which of its inputs are what.
struct Layer {
  std::string_view op;
  std::size_t input, filter, bias;
};
constexpr Layer kLayers[] = {{"CONV_2D", 0, 1, 2},
                             {"DEPTHWISE_CONV_2D", 0, 1, 2},
                             {"FULLY_CONNECTED", 0, 1, 2},
                             {"TRANSPOSE_CONV", 2, 1, 3}};

/// What sums are multiplied with must be held by 32 bits, and by 64 for INT16.
constexpr double kMostFactor = 64;

/// The input's scale times the filter's, by output.
std::vector<float> sum_scales(float input, const std::vector<float>& filter) {
  std::vector<float> scales;
  for (float scale : filter) scales.push_back(input * scale);
  return scales;
}

/// The bias in units of sums, by output; nothing where it does not fit their 32 bits.
std::optional<std::vector<std::int64_t>> bias_steps(const Tensor& bias, double input,
                                                    const std::vector<float>& filter) {
  constexpr double kMost = 2147483647;
  std::vector<std::int64_t> steps;
  const std::vector<float> numbers = graph::values<float>(bias);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double unit = input * double{filter[filter.size() > 1 ? i : 0]};
    const double step = std::nearbyint(double{numbers[i]} / unit);
    if (!(std::abs(step) <= kMost)) return std::nullopt;
    steps.push_back(static_cast<std::int64_t>(step));
  }
  return steps;
}

bool has_zero_points(const Grid& grid) {
  for (std::int64_t zero_point : grid.quant.zero_point)
    if (zero_point != 0) return true;
  return false;
}

bool compute_weighted(Twins& twins, const Node& node, const Layer& layer) {
  if (node.inputs.size() <= layer.bias) return false;
  const int in = twins.twin(node.inputs[layer.input]);
  const Grid* wish = twins.wish(node.outputs[0]);
  const Grid* weights = twins.constant_grid(node.inputs[layer.filter]);
  if (in < 0 || !wish || !weights || weights->type != DType::kInt8) return false;
  const Grid grid = *wish, from = twins.grid_of(in);
  if (from.type != grid.type) return false;
  const bool is_16 = grid.type == DType::kInt16;
  if (is_16 && (has_zero_points(from) || has_zero_points(grid) || has_zero_points(*weights)))
    return false;
  const Tensor filter = twins.tensor(node.inputs[layer.filter]),
               bias = twins.tensor(node.inputs[layer.bias]);
  const std::vector<float>& scales = weights->quant.scale;
  for (float unit : sum_scales(from.quant.scale[0], scales))
    if (!std::isnormal(unit) || double{unit} / double{grid.quant.scale[0]} >= kMostFactor)
      return false;
  const auto steps = steps_of(filter, *weights);
  const auto addends = bias_steps(bias, double{from.quant.scale[0]}, scales);
  if (!steps || !addends) return false;
  Node made = node;
  made.inputs[layer.input] = in;
  made.inputs[layer.filter] = add_steps(twins, filter.name, *weights, filter.shape, *steps);
  const graph::Quantization units{.scale = sum_scales(from.quant.scale[0], scales),
                                  .zero_point = std::vector<std::int64_t>(scales.size()),
                                  .axis = 0};
  made.inputs[layer.bias] = add_steps(
      twins, bias.name, {is_16 ? DType::kInt64 : DType::kInt32, units}, bias.shape, *addends);
  twins.add_node(std::move(made), grid);
  return true;
}

/// A sum over the window of each channel, with one rounding from the input's scale to the output's:
/// weights of 1, whose scale divides by their number.
bool average_by_weights(Twins& twins, const Node& node, int in, const Grid& grid) {
  const int high = node.attrs.integer("filter_height"), wide = node.attrs.integer("filter_width"),
            channels = twins.tensor(in).shape[3];
  const auto taps = static_cast<std::size_t>(high) * static_cast<std::size_t>(wide);
  constexpr std::size_t kMostWeights = 1 << 14;
  if (taps * static_cast<std::size_t>(channels) > kMostWeights) return false;
  const float share = 1.0f / static_cast<float>(taps), unit = twins.tensor(in).scale() * share;
  if (!std::isnormal(unit) || unit / grid.quant.scale[0] >= static_cast<float>(kMostFactor))
    return false;
  const std::vector<int> shape = {1, high, wide, channels};
  Node made = node;
  made.op = "DEPTHWISE_CONV_2D";
  made.attrs = {};
  for (const char* name : {"padding", "stride_h", "stride_w", "fused_activation_function"})
    made.attrs.set(name, std::int64_t{node.attrs.integer(name)});
  for (const char* name : {"dilation_h_factor", "dilation_w_factor", "depth_multiplier"})
    made.attrs.set(name, std::int64_t{1});
  const std::size_t count = taps * static_cast<std::size_t>(channels);
  const int filter = add_steps(twins, "", {DType::kInt8, {.scale = {share}, .zero_point = {0}}},
                               shape, std::vector<std::int64_t>(count, 1));
  const int bias =
      add_steps(twins, "", {DType::kInt32, {.scale = {unit}, .zero_point = {0}}}, {channels},
                std::vector<std::int64_t>(static_cast<std::size_t>(channels)));
  made.inputs = {in, filter, bias};
  twins.add_node(std::move(made), grid);
  return true;
}

/// TensorFlow Lite's average has the scale of its input.
bool compute_average(Twins& twins, const Node& node) {
  const int in = twins.twin(node.inputs[0]);
  const Grid* wish = twins.wish(node.outputs[0]);
  if (in < 0 || !wish || twins.tensor(in).type != wish->type) return false;
  const Grid grid = *wish, from = twins.grid_of(in);
  if (grid.type == DType::kInt16 && (has_zero_points(grid) || has_zero_points(from))) return false;
  const bool is_same = is_same_grid(grid, from);
  constexpr std::int64_t kValid = 1;
  if (!is_same && grid.type == DType::kInt8 && node.attrs.integer("padding") == kValid &&
      average_by_weights(twins, node, in, grid))
    return true;
  constexpr float kFinest = 0.75f;  // of the input's scale: two roundings then stay within one unit
  if (!is_same && grid.quant.scale[0] < kFinest * from.quant.scale[0]) return false;
  Node made = node;
  made.inputs[0] = in;
  const int average = twins.add_node(std::move(made), from);
  twins.set_twin(node.outputs[0], twins.requantized(average, grid));
  return true;
}

/// A slope a channel, constant.
bool compute_prelu(Twins& twins, const Node& node) {
  const int in = twins.twin(node.inputs[0]);
  const Grid *wish = twins.wish(node.outputs[0]), *slopes = twins.constant_grid(node.inputs[1]);
  if (in < 0 || !wish || !slopes || slopes->quant.scale.size() != 1 ||
      slopes->type != DType::kInt8 || wish->type != DType::kInt8 ||
      twins.tensor(in).type != DType::kInt8)
    return false;
  const Grid grid = *wish;
  const double ratio = double{twins.tensor(in).scale()} / double{grid.quant.scale[0]};
  const Tensor slope = twins.tensor(node.inputs[1]);
  const auto steps = steps_of(slope, *slopes);
  if (!steps || ratio > kMostFactor || ratio * double{slopes->quant.scale[0]} > kMostFactor)
    return false;
  Node made = node;
  made.inputs = {in, add_steps(twins, slope.name, *slopes, slope.shape, *steps)};
  twins.add_node(std::move(made), grid);
  return true;
}

}  // namespace

bool compute_layer(Twins& twins, const Node& node) {
  if (node.op == "AVERAGE_POOL_2D") return compute_average(twins, node);
  if (node.op == "PRELU") return compute_prelu(twins, node);
  for (const Layer& layer : kLayers)
    if (layer.op == node.op) return compute_weighted(twins, node, layer);
  return false;
}

}  // namespace mote::onnx
