#include "mote/compiler/quantize/gru.h"

#include <span>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/quantize/gates.h"

namespace mote::quantize {
namespace {

using graph::Node;
using graph::Tensor;

using namespace graph::gru;

/// Quantises weights by gate, and the bias of their products with what has the scale `source`.
class Gates {
 public:
  Gates(std::span<const float> weights, std::span<const float> bias, float source,
        double most_bias) {
    const std::size_t per_gate = weights.size() / kGates, units = bias.size() / kGates;
    for (std::size_t gate = 0; gate < kGates; ++gate) {
      const auto rows = weights.subspan(gate * per_gate, per_gate);
      const auto addends = bias.subspan(gate * units, units);
      const GateWeights part = quantize_gate(rows, addends, source, most_bias);
      scales_.push_back(part.scale);
      weights_.insert(weights_.end(), part.weights.begin(), part.weights.end());
      bias_.insert(bias_.end(), part.bias.begin(), part.bias.end());
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
    return add_gate_bias(model, std::move(info), bias_);
  }

 private:
  std::vector<std::int8_t> weights_;
  std::vector<float> scales_, units_;  ///< a gate: of weights, of the bias
  std::vector<std::int64_t> bias_;
};

}  // namespace

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
