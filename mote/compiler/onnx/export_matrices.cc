#include <algorithm>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Products of matrices.
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

constexpr OperatorWriter kWriters[] = {{"BATCH_MATMUL", write_batch_matmul},
                                       {"FULLY_CONNECTED", write_fully_connected}};

}  // namespace

std::span<const OperatorWriter> matrix_writers() { return kWriters; }

}  // namespace mote::onnx
