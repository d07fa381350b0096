#include <algorithm>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Products of matrices, and recurrent layers.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// The weights [units, depth], for an input whose elements are an image's, channels first.
Result<std::string> weights_of(Exporter& to, const Node& node, const std::vector<int>* image) {
  const Tensor& filter = to.tensor(node.inputs[1]);
  const std::vector<int> plain = {0, 1};
  if (!image) return to.constant(node.inputs[1], plain);
  // Seen as [units, rows, columns, channels] they are moved as the image is.
  Tensor whole = filter;
  whole.shape = {filter.shape[0]};
  whole.shape.insert(whole.shape.end(), image->begin() + 1, image->end());
  const std::vector<int> order = channels_second_order(static_cast<int>(whole.shape.size()));
  const auto bytes =
      reordered(filter.data, static_cast<std::size_t>(size_of(filter.type)), whole.shape, order);
  Tensor moved = filter;
  moved.data = bytes;
  return to.constant_of(moved, plain);
}

Result<void> write_fully_connected(Exporter& to, const Node& node) {
  const Tensor &in = to.tensor(node.inputs[0]), &filter = to.tensor(node.inputs[1]);
  if (!filter.is_constant()) return unsupported("its weights are computed, expected constants");
  const int units = filter.shape[0], depth = filter.shape[1];
  const std::vector<int>* image = to.flat_image(node.inputs[0]);
  const bool is_image = to.home(node.inputs[0]) == Form::kChannelsSecond && in.shape.size() > 2 &&
                        graph::element_count(in) / in.shape[0] == depth;
  const auto x = to.value(node.inputs[0], is_image ? Form::kChannelsSecond : Form::kStored);
  MOTE_TRY(x);
  const auto weights = weights_of(to, node, is_image ? &in.shape : image);
  MOTE_TRY(weights);
  const std::string matrix =
      in.shape.size() == 2 && in.shape[1] == depth ? *x : to.reshaped(*x, {-1, depth});
  Names inputs = {matrix, *weights};
  if (to.graph().input(node, 2)) {
    const auto bias = to.bias(node, 2);
    MOTE_TRY(bias);
    inputs.push_back(*bias);
  }
  std::string product = to.emit("Gemm", inputs, {{"transB", std::int64_t{1}}});
  const Tensor& out = to.graph().output(node);
  if (out.shape.size() != 2 || out.shape[1] != units)
    product = to.reshaped(product, dims_in(out.shape, Form::kStored));
  return to.set(node, product, Form::kStored);
}

Result<void> write_batch_matmul(Exporter& to, const Node& node) {
  Names inputs;
  for (std::size_t i : {0, 1}) {
    auto x = to.value(node.inputs[i], Form::kStored);
    MOTE_TRY(x);
    if (node.attrs.integer(i == 0 ? "adj_x" : "adj_y") != 0) {
      Ints order;
      for (int axis = 0; axis < to.rank(node.inputs[i]); ++axis) order.push_back(axis);
      std::swap(order[order.size() - 1], order[order.size() - 2]);
      x = to.transposed(*x, order);
    }
    inputs.push_back(*x);
  }
  return to.set(node, to.emit("MatMul", inputs), Form::kStored);
}

// LSTM

constexpr std::size_t kGates = 4, kState = 18, kCell = 19;
/// Of ONNX's gates (input, output, forget, cell) the place among TensorFlow Lite's (input, forget,
/// cell, output).
constexpr std::size_t kPlaceOfGate[kGates] = {0, 3, 1, 2};

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

/// Whether a node sets the variable to zeros when a run begins.
bool is_zeroed(const Exporter& to, int variable) {
  return std::any_of(to.graph().nodes.begin(), to.graph().nodes.end(), [&](const Node& node) {
    const Tensor* value = node.op == "STREAM_WRITE" ? to.graph().input(node, 1) : nullptr;
    return value && node.inputs[0] == variable && value->is_constant() &&
           std::all_of(value->data.begin(), value->data.end(),
                       [](std::byte b) { return b == std::byte{0}; });
  });
}

Result<void> write_lstm(Exporter& to, const Node& node) {
  for (std::size_t i = 9; i < node.inputs.size(); ++i)
    if ((i < 12 || i == 16 || i == 17 || i > kCell) && to.graph().input(node, i))
      return unsupported("it has peepholes, a projection or normalisation");
  if (node.inputs.size() <= kCell || !is_zeroed(to, node.inputs[kState]) ||
      !is_zeroed(to, node.inputs[kCell]))
    return unsupported("it keeps its state from run to run, ONNX's begins each run with zeros");
  if (node.attrs.integer("time_major") == 0 || node.attrs.real("cell_clip") != 0 ||
      node.attrs.integer("fused_activation_function") != 4)
    return unsupported("it has batches first, clips, or has no tanh");
  const auto weights = joined(to, node, 1), recurrent = joined(to, node, 5);
  auto bias = joined(to, node, 12);
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
  return to.set(node, to.emit("Squeeze", {y, to.builder().list(Ints{1})}), Form::kStored);
}

/// Writes zeros where an LSTM begins, which ONNX's does by itself.
Result<void> write_stream_write(Exporter& to, const Node& node) {
  const bool is_of_lstm =
      std::any_of(to.graph().nodes.begin(), to.graph().nodes.end(), [&](const Node& other) {
        return other.op == "UNIDIRECTIONAL_SEQUENCE_LSTM" &&
               std::count(other.inputs.begin(), other.inputs.end(), node.inputs[0]) > 0;
      });
  if (is_of_lstm && is_zeroed(to, node.inputs[0])) return {};
  return unsupported("state that is kept from run to run has no place in ONNX");
}

constexpr OperatorWriter kWriters[] = {{"BATCH_MATMUL", write_batch_matmul},
                                       {"FULLY_CONNECTED", write_fully_connected},
                                       {"STREAM_WRITE", write_stream_write},
                                       {"UNIDIRECTIONAL_SEQUENCE_LSTM", write_lstm}};

}  // namespace

std::span<const OperatorWriter> matrix_writers() { return kWriters; }

}  // namespace mote::onnx
