#include "mote/compiler/quantize/lstm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/quantize/gates.h"
#include "mote/compiler/quantize/recurrent.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

using namespace graph::lstm;

float logistic(float x) { return 1 / (1 + std::exp(-x)); }

/// Whether the output has the input's elements in the same order.
bool keeps_order(const Graph& graph, const Node& node) {
  if (node.op == "RESHAPE" || node.op == "SQUEEZE" || node.op == "EXPAND_DIMS") return true;
  if (node.op != "TRANSPOSE" || !graph.input(node, 1) || !graph.input(node, 1)->is_constant())
    return false;
  // It may move dimensions of one element.
  const std::vector<int>& shape = graph.input(node, 0)->shape;
  std::vector<std::int32_t> order = graph::values<std::int32_t>(*graph.input(node, 1));
  std::erase_if(order,
                [&](std::int32_t from) { return shape[static_cast<std::size_t>(from)] == 1; });
  return std::ranges::is_sorted(order);
}

/// What shows the same numbers first: a value that lies in another's memory may not be shown.
int first_name(const Graph& graph, int tensor) {
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node)
    if (!node->outputs.empty() && node->outputs[0] == tensor && keeps_order(graph, *node))
      tensor = node->inputs[0];
  return tensor;
}

}  // namespace

bool is_standard_lstm(const Node& node) {
  constexpr int kTanh = 4;
  if (node.op != "UNIDIRECTIONAL_SEQUENCE_LSTM" || node.inputs.size() != kInputs ||
      node.attrs.integer("fused_activation_function") != kTanh ||
      node.attrs.integer("diagonal_recurrent_tensors") != 0)
    return false;
  for (std::size_t i = 0; i < kInputs; ++i) {
    const bool is_left_out =
        (i >= kPeephole && i < kBias) || (i >= kProjection && i < kHidden) || i >= kNormalization;
    if (is_left_out != (node.inputs[i] == graph::kNoTensor)) return false;
  }
  return true;
}

/// A float LSTM.
class Cells::Lstm {
 public:
  Lstm(const Graph& graph, const Node& node)
      : source(first_name(graph, node.inputs[0])), variable(node.inputs[kCell]) {
    for (std::size_t gate = 0; gate < kGates; ++gate) {
      weights_[gate] = graph::values<float>(*graph.input(node, kWeights + gate));
      recurrent_[gate] = graph::values<float>(*graph.input(node, kRecurrent + gate));
      bias_[gate] = graph::values<float>(*graph.input(node, kBias + gate));
    }
    const std::vector<int>& in = graph.input(node, 0)->shape;
    const bool is_time_major = node.attrs.integer("time_major") != 0;
    batch_ = at(in[is_time_major ? 1 : 0]), times_ = at(in[is_time_major ? 0 : 1]);
    features_ = at(in[2]), units_ = bias_[0].size();
    step_ = is_time_major ? batch_ : 1, sequence_ = is_time_major ? 1 : times_;
    clip_ = node.attrs.real("cell_clip");
  }

  const int source;    ///< what shows the layer's input
  const int variable;  ///< what keeps its cell

  /// The cells behind every step of every sequence.
  std::vector<float> cells(std::span<const float> in) const {
    std::vector<float> all;
    if (in.size() != batch_ * times_ * features_) return all;
    for (std::size_t b = 0; b < batch_; ++b) {
      std::vector<float> hidden(units_), cell(units_);
      for (std::size_t t = 0; t < times_; ++t) {
        advance(in.subspan((t * step_ + b * sequence_) * features_, features_), hidden, cell);
        all.insert(all.end(), cell.begin(), cell.end());
      }
    }
    return all;
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  float sum(std::size_t gate, std::size_t unit, std::span<const float> in,
            const std::vector<float>& hidden) const {
    float sum = bias_[gate][unit];
    for (std::size_t i = 0; i < features_; ++i) sum += weights_[gate][unit * features_ + i] * in[i];
    for (std::size_t i = 0; i < units_; ++i) sum += recurrent_[gate][unit * units_ + i] * hidden[i];
    return sum;
  }
  void advance(std::span<const float> in, std::vector<float>& hidden,
               std::vector<float>& cell) const {
    std::vector<float> next(units_);
    for (std::size_t u = 0; u < units_; ++u) {
      cell[u] = logistic(sum(1, u, in, hidden)) * cell[u] +
                logistic(sum(0, u, in, hidden)) * std::tanh(sum(2, u, in, hidden));
      if (clip_ > 0) cell[u] = std::clamp(cell[u], -clip_, clip_);
      next[u] = logistic(sum(3, u, in, hidden)) * std::tanh(cell[u]);
    }
    hidden = std::move(next);
  }

  std::array<std::vector<float>, kGates> weights_, recurrent_, bias_;
  std::size_t batch_ = 0, times_ = 0, features_ = 0, units_ = 0;
  std::size_t step_ = 0, sequence_ = 0;  ///< rows of the input from step to step, from one to next
  float clip_ = 0;
};

Cells::Cells(const Graph& graph) {
  for (const Node& node : graph.nodes)
    if (node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM" && has_integer_form(graph, node))
      lstms_.emplace_back(graph, node);
}
Cells::~Cells() = default;

void Cells::follow(int tensor, std::span<const float> values, const See& see) const {
  for (const Lstm& lstm : lstms_)
    if (lstm.source == tensor) see(lstm.variable, lstm.cells(values));
}

Parameters cell_parameters(Range range) {
  constexpr int kMostPower = 6;  // what TensorFlow Lite's tanh has: 0 to 6 integer bits
  const float most = std::max(std::abs(range.low), std::abs(range.high));
  int power = 0;
  while (power < kMostPower && std::ldexp(1.0f, power) < most) ++power;
  return {.type = DType::kInt16, .scale = std::ldexp(1.0f, power - 15), .zero_point = 0};
}

Parameters lstm_output(DType type, Range range) {
  const float most = std::max(std::abs(range.low), std::abs(range.high));
  if (type == DType::kInt16) return parameters_for(type, range);
  return {.type = type, .scale = most > 0 ? most / 127 : 1, .zero_point = 0};
}

void quantize_lstm(graph::Model& model, Node& node, const Parameters& input,
                   const Parameters& output) {
  const DType bias_type = input.type == DType::kInt16 ? DType::kInt64 : DType::kInt32;
  const double most_bias = input.type == DType::kInt16 ? kMostWideBias : kMostNarrowBias;
  const auto add_weights = [&](std::size_t i, std::span<const float> bias, float source) {
    const Tensor floats = *model.graphs[0].input(node, i);
    GateWeights gate = quantize_gate(graph::values<float>(floats), bias, source, most_bias);
    node.inputs[i] = graph::add_constant(model,
                                         {.name = floats.name,
                                          .type = DType::kInt8,
                                          .shape = floats.shape,
                                          .quant = {.scale = {gate.scale}, .zero_point = {0}}},
                                         graph::bytes_of(gate.weights));
    return gate;
  };
  for (std::size_t i = 0; i < kGates; ++i) {
    const Tensor bias = *model.graphs[0].input(node, kBias + i);
    const GateWeights gate = add_weights(kWeights + i, graph::values<float>(bias), input.scale);
    add_weights(kRecurrent + i, {}, output.scale);
    node.inputs[kBias + i] =
        add_gate_bias(model,
                      {.name = bias.name,
                       .type = bias_type,
                       .shape = bias.shape,
                       .quant = {.scale = {input.scale * gate.scale}, .zero_point = {0}}},
                      gate.bias);
  }
  // The gates' sums in Q3.12, which only layer normalisation reads, and the hidden state.
  std::vector<std::int64_t> intermediates;
  for (std::size_t i = 0; i <= kGates; ++i) {
    const Parameters p = i < kGates ? Parameters{DType::kInt16, 1.0f / 4096, 0} : output;
    intermediates.push_back(graph::add_tensor(
        model, {.name = cat(model.graphs[0].output(node).name, "/intermediate/", i),
                .type = p.type,
                .shape = {1},
                .quant = quantization_of(p)}));
  }
  node.attrs.set("intermediates", std::move(intermediates));
}

}  // namespace mote::quantize
