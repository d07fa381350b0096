#include "mote/compiler/convert/shrink.h"

#include <algorithm>

#include "mote/compiler/compile.h"
#include "mote/compiler/graph/edit.h"
#include "mote/compiler/ops/op.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::convert {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

bool has_type(const Model& model, DType type) {
  for (const Graph& graph : model.graphs)
    for (const Tensor& tensor : graph.tensors)
      if (tensor.type == type) return true;
  return false;
}

/// INT8 tensors become the UINT8 that legalize_uint8 made them from.
class Uint8Restorer {
 public:
  explicit Uint8Restorer(Model& model) : model_(model) {}

  void restore() {
    for (Graph& graph : model_.graphs) {
      for (Tensor& tensor : graph.tensors) make_uint8(tensor);
      for (Node& node : graph.nodes) node.from_uint8 = false;
      std::erase_if(graph.nodes, [&](const Node& node) { return is_bridge(graph, node); });
    }
  }

 private:
  void make_uint8(Tensor& tensor) {
    if (tensor.type != DType::kInt8) return;
    tensor.type = DType::kUint8;
    for (std::int64_t& zero_point : tensor.quant.zero_point) zero_point += 128;
    if (!tensor.is_constant()) return;
    std::vector<std::byte> bytes(tensor.data.begin(), tensor.data.end());
    for (std::byte& b : bytes) b ^= std::byte{0x80};
    model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
    tensor.data = *model_.storage.back();
  }

  /// A conversion between a port and its twin, which are the same now: one takes the other's place.
  static bool is_bridge(Graph& graph, const Node& node) {
    if (node.op != "QUANTIZE" || node.index != graph::kAdded) return false;
    const int from = node.inputs[0], to = node.outputs[0];
    const bool is_output = passes::is_output(graph, to);
    for (Node& other : graph.nodes) {
      std::replace(other.inputs.begin(), other.inputs.end(), is_output ? from : to,
                   is_output ? to : from);
      if (is_output && &other != &node)
        std::replace(other.outputs.begin(), other.outputs.end(), from, to);
    }
    return true;
  }

  Model& model_;
};

/// Passes may leave settings that say nothing any more: what the tensors say holds.
void tidy_reshapes(Graph& graph) {
  for (Node& node : graph.nodes) {
    if (node.op != "RESHAPE" || node.inputs.size() != 1) continue;
    const std::vector<int>& shape = graph.output(node).shape;
    node.attrs = {};
    node.attrs.set("new_shape", std::vector<std::int64_t>(shape.begin(), shape.end()));
  }
}

Result<void> check_runnable(const Model& model) {
  MOTE_TRY(graph::verify(model));
  const auto list = ops::find_unsupported(model);
  if (list.empty()) return {};
  std::string message = "what is not understood cannot be shrunk";
  for (const std::string& line : ops::lines_of(list)) message += cat("\n  ", line);
  return unsupported(message);
}

}  // namespace

Result<Shrunk> shrink(Model& model) {
  MOTE_TRY(check_runnable(model));
  const bool is_uint8 = has_type(model, DType::kUint8);
  Model smaller = model;
  Shrunk shrunk;
  const passes::Context context = compiler::pass_context();
  bool made_int8 = false;
  for (const passes::Pass* pass : passes::all_passes()) {
    if (pass == &passes::fuse_pads) continue;  // no operator of files has borders of any width
    auto changes = pass->run(smaller, context);
    MOTE_TRY(changes);
    if (pass == &passes::legalize_uint8) {
      made_int8 = !changes->empty();
      if (made_int8 && is_uint8 && has_type(model, DType::kInt8))
        return unsupported("it has tensors of UINT8 and of INT8; convert the model with one kind");
      continue;
    }
    shrunk.lines.insert(shrunk.lines.end(), changes->lines.begin(), changes->lines.end());
    if (!changes->certificate.tensors.empty()) shrunk.certificate = std::move(changes->certificate);
  }
  if (made_int8) Uint8Restorer(smaller).restore();
  for (Graph& graph : smaller.graphs) tidy_reshapes(graph);
  graph::compact(smaller);
  MOTE_TRY(check_runnable(smaller));
  model = std::move(smaller);
  return shrunk;
}

}  // namespace mote::convert
