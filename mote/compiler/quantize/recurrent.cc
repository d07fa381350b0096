#include "mote/compiler/quantize/recurrent.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr std::size_t kGates = 3;
constexpr std::size_t kWeights = 1, kRecurrent = 2, kInputBias = 3, kRecurrentBias = 4;

/// Half of what a bias may have, so that there is room to add to.
constexpr double kMostNarrowBias = 1 << 30;
constexpr double kMostWideBias = double{1ll << 45};

bool is_all_zeros(const Tensor& tensor) {
  return tensor.is_constant() && std::all_of(tensor.data.begin(), tensor.data.end(),
                                             [](std::byte byte) { return byte == std::byte{0}; });
}

double magnitude(std::span<const float> values) {
  double most = 0;
  for (float x : values) most = std::max(most, std::abs(double{x}));
  return most;
}

/// Quantises weights by gate, and the bias of their products with what has the scale `source`.
class Gates {
 public:
  Gates(std::span<const float> weights, std::span<const float> bias, float source,
        double most_bias) {
    const std::size_t per_gate = weights.size() / kGates, units = bias.size() / kGates;
    for (std::size_t gate = 0; gate < kGates; ++gate) {
      const auto rows = weights.subspan(gate * per_gate, per_gate);
      const auto addends = bias.subspan(gate * units, units);
      const double least = magnitude(addends) / double{source} / most_bias;
      const double scale = std::max(magnitude(rows) / 127, least);
      scales_.push_back(scale > 0 ? static_cast<float>(std::max(scale, 1e-30)) : 1.0f);
      for (float w : rows)
        weights_.push_back(
            static_cast<std::int8_t>(std::clamp(std::round(w / scales_.back()), -127.0f, 127.0f)));
      for (float b : addends)
        bias_.push_back(std::llround(double{b} / (double{source} * double{scales_.back()})));
      units_.push_back(source * scales_.back());
    }
  }

  int add_weights(graph::Model& model, const Tensor& floats) const {
    return graph::add_constant(model,
                               {.name = floats.name,
                                .type = DType::kInt8,
                                .shape = floats.shape,
                                .quant = {.scale = scales_, .zero_point = {0, 0, 0}, .axis = 0}},
                               graph::bytes_of(weights_));
  }
  int add_bias(graph::Model& model, const Tensor& floats, DType type) const {
    Tensor info{.name = floats.name,
                .type = type,
                .shape = floats.shape,
                .quant = {.scale = units_, .zero_point = {0, 0, 0}, .axis = 0}};
    if (type == DType::kInt64)
      return graph::add_constant(model, std::move(info), graph::bytes_of(bias_));
    const std::vector<std::int32_t> narrow(bias_.begin(), bias_.end());
    return graph::add_constant(model, std::move(info), graph::bytes_of(narrow));
  }

 private:
  std::vector<std::int8_t> weights_;
  std::vector<float> scales_, units_;  ///< a gate: of weights, of the bias
  std::vector<std::int64_t> bias_;
};

}  // namespace

bool zeroes_gru_state(const Graph& graph, const Node& node) {
  if (node.op != "STREAM_WRITE" || node.inputs.size() < 2 || !graph.input(node, 1)) return false;
  const Tensor &state = *graph.input(node, 0), &zeros = *graph.input(node, 1);
  return is_all_zeros(zeros) && zeros.shape == state.shape &&
         std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& gru) {
           return gru.op == "GRU" && gru.inputs.size() > kGruState &&
                  gru.inputs[kGruState] == node.inputs[0];
         });
}

bool is_quantizable_gru(const Graph& graph, const Node& node) {
  if (node.op != "GRU" || node.inputs.size() != kGruState + 1) return false;
  for (std::size_t i = kWeights; i <= kRecurrentBias; ++i)
    if (!graph.input(node, i) || !graph.input(node, i)->is_constant()) return false;
  const int state = node.inputs[kGruState];
  return graph.input(node, kGruState) &&
         std::all_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& other) {
           return &other == &node || zeroes_gru_state(graph, other) ||
                  std::count(other.inputs.begin(), other.inputs.end(), state) == 0;
         });
}

Parameters gru_state() { return {.type = DType::kInt16, .scale = 1.0f / 32768, .zero_point = 0}; }

void quantize_gru(graph::Model& model, Node& node, const Parameters& input) {
  const auto floats = [&](std::size_t i) { return Tensor(*model.graphs[0].input(node, i)); };
  const Tensor weights = floats(kWeights), recurrent = floats(kRecurrent),
               input_bias = floats(kInputBias), recurrent_bias = floats(kRecurrentBias);
  const bool is_wide = input.type == DType::kInt16;
  const Gates from_input(graph::values<float>(weights), graph::values<float>(input_bias),
                         input.scale, is_wide ? kMostWideBias : kMostNarrowBias);
  const Gates from_state(graph::values<float>(recurrent), graph::values<float>(recurrent_bias),
                         gru_state().scale, kMostWideBias);
  node.inputs[kWeights] = from_input.add_weights(model, weights);
  node.inputs[kRecurrent] = from_state.add_weights(model, recurrent);
  node.inputs[kInputBias] =
      from_input.add_bias(model, input_bias, is_wide ? DType::kInt64 : DType::kInt32);
  node.inputs[kRecurrentBias] = from_state.add_bias(model, recurrent_bias, DType::kInt64);
}

}  // namespace mote::quantize
