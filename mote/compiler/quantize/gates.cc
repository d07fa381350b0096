#include "mote/compiler/quantize/gates.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mote/compiler/graph/edit.h"

namespace mote::quantize {
namespace {

double magnitude(std::span<const float> values) {
  double most = 0;
  for (float x : values) most = std::max(most, std::abs(double{x}));
  return most;
}

}  // namespace

GateWeights quantize_gate(std::span<const float> weights, std::span<const float> bias, float source,
                          double most_bias) {
  const double least = magnitude(bias) / double{source} / most_bias;
  const double scale = std::max(magnitude(weights) / 127, least);
  GateWeights gate;
  if (scale > 0) gate.scale = static_cast<float>(std::max(scale, 1e-30));
  for (float w : weights)
    gate.weights.push_back(
        static_cast<std::int8_t>(std::clamp(std::round(w / gate.scale), -127.0f, 127.0f)));
  for (float b : bias)
    gate.bias.push_back(std::llround(double{b} / (double{source} * double{gate.scale})));
  return gate;
}

int add_gate_bias(graph::Model& model, graph::Tensor info, const std::vector<std::int64_t>& bias) {
  if (info.type == DType::kInt64)
    return graph::add_constant(model, std::move(info), graph::bytes_of(bias));
  const std::vector<std::int32_t> narrow(bias.begin(), bias.end());
  return graph::add_constant(model, std::move(info), graph::bytes_of(narrow));
}

}  // namespace mote::quantize
