#include <algorithm>

#include "mote/compiler/graph/recurrent.h"
#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Recurrent layers.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// [times, 1, batch, units] as ONNX makes them, for a layer of one direction.
std::string without_directions(Exporter& to, const std::string& y) {
  return to.emit("Squeeze", {y, to.builder().list(Ints{1})});
}

// LSTM

namespace lstm = graph::lstm;

/// Of ONNX's gates (input, output, forget, cell) the place among TensorFlow Lite's (input, forget,
/// cell, output).
constexpr std::size_t kPlaceOfGate[lstm::kGates] = {0, 3, 1, 2};

/// Constants of the four gates in ONNX's order, behind zeros' worth of none: [1, 4 * rows, ...].
Result<std::vector<float>> joined(const Exporter& to, const Node& node, std::size_t first) {
  std::vector<float> all;
  for (std::size_t gate : kPlaceOfGate) {
    const Tensor* part = to.graph().input(node, first + gate);
    if (!part || !part->is_constant() || part->type != DType::kFloat32)
      return unsupported("its weights are not constant floats, four gates of them");
    const auto list = graph::values<float>(*part);
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

Result<void> write_lstm(Exporter& to, const Node& node) {
  for (std::size_t i = lstm::kPeephole; i < node.inputs.size(); ++i)
    if ((i < lstm::kBias || (i >= lstm::kProjection && i < lstm::kHidden) || i > lstm::kCell) &&
        to.graph().input(node, i))
      return unsupported("it has peepholes, a projection or normalisation");
  if (node.inputs.size() <= lstm::kCell ||
      !graph::is_filled_with_zeros(to.graph(), node.inputs[lstm::kHidden]) ||
      !graph::is_filled_with_zeros(to.graph(), node.inputs[lstm::kCell]))
    return unsupported("it keeps its state from run to run, ONNX's begins each run with zeros");
  if (node.attrs.integer("time_major") == 0 || node.attrs.real("cell_clip") != 0 ||
      node.attrs.integer("fused_activation_function") != 4)
    return unsupported("it has batches first, clips, or has no tanh");
  const auto weights = joined(to, node, lstm::kWeights),
             recurrent = joined(to, node, lstm::kRecurrent);
  auto bias = joined(to, node, lstm::kBias);
  MOTE_TRY(weights);
  MOTE_TRY(recurrent);
  MOTE_TRY(bias);
  const auto x = to.value(node.inputs[0], Form::kStored);
  MOTE_TRY(x);
  const std::vector<int>& out = to.graph().output(node).shape;
  const std::int64_t units = out[2], rows = 4 * units;
  bias->resize(static_cast<std::size_t>(2 * rows));
  const Names inputs = {*x, to.builder().constant(*weights, {1, rows, std::ssize(*weights) / rows}),
                        to.builder().constant(*recurrent, {1, rows, units}),
                        to.builder().constant(*bias, {1, 2 * rows})};
  const std::string y = to.emit("LSTM", inputs, {{"hidden_size", units}});
  return to.set(node, without_directions(to, y), Form::kStored);
}

// GRU

namespace gru = graph::gru;

/// [3, units, depth] as [1, 3 * units, depth]: ONNX's gates are in the same order. A gate's scale
/// is that of each of its rows.
Result<std::string> rows_of_gates(Exporter& to, const Node& node, std::size_t i) {
  const Tensor* gates = to.graph().input(node, i);
  if (!gates || !gates->is_constant())
    return unsupported("its weights are computed, expected constants");
  if (gates->shape.size() != 3 || gates->shape[0] != gru::kGates ||
      (gates->quant.scale.size() > 1 && gates->quant.scale.size() != gru::kGates))
    return unsupported(cat("its weights '", gates->name, "' are ",
                           graph::describe_shape(gates->shape), " with ", gates->quant.scale.size(),
                           " scales, expected three gates"));
  Tensor rows = *gates;
  const int units = gates->shape[1], count = gates->shape[0] * units;
  rows.shape = {1, count, gates->shape[2]};
  if (!gates->quant.scale.empty()) {
    rows.quant = {.axis = 1};
    for (int row = 0; row < count; ++row) {
      const std::size_t gate = gates->quant.scale.size() > 1 ? std::size_t(row / units) : 0;
      rows.quant.scale.push_back(gates->quant.scale[gate]);
      rows.quant.zero_point.push_back(gates->quant.zero_point[gate]);
    }
  }
  const std::vector<int> plain = {0, 1, 2};
  return to.constant_of(rows, plain);
}

/// A bias as floats. Where it is one of integers, its units are those of what it is added to: the
/// scale of `source` times that of the gate's weights.
Result<std::vector<float>> bias_of(const Exporter& to, const Node& node, std::size_t bias,
                                   std::size_t source, std::size_t weights) {
  const Tensor *from = to.graph().input(node, bias), *by = to.graph().input(node, weights);
  if (!from || !from->is_constant())
    return unsupported("its biases are computed, expected constants");
  if (from->type == DType::kFloat32) return graph::values<float>(*from);
  std::vector<std::int64_t> steps;
  if (from->type == DType::kInt32)
    for (std::int32_t step : graph::values<std::int32_t>(*from)) steps.push_back(step);
  else if (from->type == DType::kInt64)
    steps = graph::values<std::int64_t>(*from);
  const auto units = static_cast<std::size_t>(by->shape[1]);
  if (steps.size() != gru::kGates * units || by->quant.scale.empty())
    return unsupported(cat("its bias '", from->name, "' is ", name_of(from->type), " ",
                           graph::describe_shape(from->shape),
                           ", expected FLOAT32, or INT32 or INT64 of a quantised layer"));
  return reals_of(steps, to.graph().input(node, source)->scale(), by->quant.scale);
}

Result<void> write_gru(Exporter& to, const Node& node) {
  if (node.inputs.size() <= gru::kHidden ||
      !graph::is_filled_with_zeros(to.graph(), node.inputs[gru::kHidden]))
    return unsupported("it keeps its state from run to run, ONNX's begins each run with zeros");
  auto x = to.value(node.inputs[gru::kInput], Form::kStored);
  MOTE_TRY(x);
  const auto weights = rows_of_gates(to, node, gru::kWeights);
  MOTE_TRY(weights);
  const auto recurrent = rows_of_gates(to, node, gru::kRecurrent);
  MOTE_TRY(recurrent);
  auto bias = bias_of(to, node, gru::kInputBias, gru::kInput, gru::kWeights);
  MOTE_TRY(bias);
  const auto added = bias_of(to, node, gru::kRecurrentBias, gru::kHidden, gru::kRecurrent);
  MOTE_TRY(added);
  bias->insert(bias->end(), added->begin(), added->end());
  const bool is_time_major = node.attrs.integer("time_major") != 0;
  const Ints swapped = {1, 0, 2};
  if (!is_time_major) x = to.transposed(*x, swapped);
  const Names inputs = {*x, *weights, *recurrent,
                        to.builder().constant(*bias, {1, std::ssize(*bias)})};
  const std::string y =
      to.emit("GRU", inputs,
              {{"hidden_size", std::int64_t{to.graph().output(node).shape[2]}},
               {"linear_before_reset", std::int64_t{node.attrs.integer("linear_before_reset")}}});
  std::string out = without_directions(to, y);
  if (!is_time_major) out = to.transposed(out, swapped);
  return to.set(node, out, Form::kStored);
}

/// Writes zeros where a recurrent layer begins, which ONNX's does by itself.
Result<void> write_stream_write(Exporter& to, const Node& node) {
  const bool is_of_layer =
      std::any_of(to.graph().nodes.begin(), to.graph().nodes.end(), [&](const Node& other) {
        return (other.op == "UNIDIRECTIONAL_SEQUENCE_LSTM" || other.op == "GRU") &&
               std::count(other.inputs.begin(), other.inputs.end(), node.inputs[0]) > 0;
      });
  if (is_of_layer && graph::is_filled_with_zeros(to.graph(), node.inputs[0])) return {};
  return unsupported("state that is kept from run to run has no place in ONNX");
}

constexpr OperatorWriter kWriters[] = {{"GRU", write_gru},
                                       {"STREAM_WRITE", write_stream_write},
                                       {"UNIDIRECTIONAL_SEQUENCE_LSTM", write_lstm}};

}  // namespace

std::span<const OperatorWriter> recurrent_writers() { return kWriters; }

}  // namespace mote::onnx
