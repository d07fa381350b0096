#include <cmath>
#include <limits>

#include "mote/compiler/graph/graph.h"
#include "mote/support/cat.h"

namespace mote::graph {
namespace {

constexpr std::int64_t kMaxTensorBytes = std::numeric_limits<std::int32_t>::max();

/// A tensor's place, for messages. It becomes text only where something is wrong: graphs are
/// verified after every pass.
struct Place {
  int graph_index;
  const Graph& graph;
  int tensor;

  /// "subgraph 0 tensor 7 'conv/bias'".
  std::string text() const {
    const std::string& name = graph.tensors[static_cast<std::size_t>(tensor)].name;
    return cat("subgraph ", graph_index, " tensor ", tensor,
               name.empty() ? "" : cat(" '", name, "'"));
  }
};

Result<void> verify_shape(const Tensor& tensor, const Place& where) {
  std::int64_t bytes = size_of(tensor.type);
  for (int dim : tensor.shape) {
    if (dim < 1)
      return bad_input(cat(where.text(), " has shape ", describe_shape(tensor.shape),
                           ", expected every dimension to be at least 1; "
                           "export the model with a fixed input shape"));
    bytes *= dim;
    if (bytes > kMaxTensorBytes)
      return bad_input(cat(where.text(), " has shape ", describe_shape(tensor.shape),
                           ", more than the ", kMaxTensorBytes, " B that a tensor may have"));
  }
  return {};
}

/// What the zero point of a type may be: an element of it; of wide types, what fits 32 bits with
/// room to subtract it.
struct ZeroPoints {
  std::int64_t low, high;
};

ZeroPoints zero_points_of(DType type) {
  constexpr std::int64_t kWide = std::int64_t{1} << 30;
  const int bits = 8 * size_of(type);
  const std::int64_t count = bits <= 16 ? std::int64_t{1} << bits : 2 * kWide;
  const std::int64_t low = !is_signed(type) ? 0 : bits <= 16 ? -count / 2 : -kWide;
  return {low, bits <= 16 ? low + count - 1 : kWide};
}

Result<void> verify_quantization(const Tensor& tensor, const Place& where) {
  const Quantization& quant = tensor.quant;
  if (quant.scale.size() != quant.zero_point.size())
    return bad_input(cat(where.text(), " has ", quant.scale.size(), " scales and ",
                         quant.zero_point.size(), " zero points, expected as many"));
  for (float scale : quant.scale)
    if (!std::isfinite(scale) || scale <= 0)
      return bad_input(cat(where.text(), " has the scale ", scale, ", expected a positive number"));
  const auto [low, high] = zero_points_of(tensor.type);
  for (std::int64_t zero_point : quant.zero_point)
    if (zero_point < low || zero_point > high)
      return bad_input(cat(where.text(), " of type ", name_of(tensor.type), " has the zero point ",
                           zero_point, ", expected one from ", low, " to ", high));
  if (quant.scale.size() <= 1) return {};
  if (quant.axis < 0 || quant.axis >= static_cast<int>(tensor.shape.size()) ||
      tensor.shape[static_cast<std::size_t>(quant.axis)] != static_cast<int>(quant.scale.size()))
    return bad_input(cat(where.text(), " has ", quant.scale.size(), " scales along dimension ",
                         quant.axis, " of its shape ", describe_shape(tensor.shape),
                         ", expected one a channel"));
  return {};
}

Result<void> verify_tensor(const Tensor& tensor, const Place& where) {
  MOTE_TRY(verify_shape(tensor, where));
  MOTE_TRY(verify_quantization(tensor, where));
  if (tensor.is_constant() && static_cast<std::int64_t>(tensor.data.size()) != byte_count(tensor))
    return bad_input(cat(where.text(), " of type ", name_of(tensor.type), " and shape ",
                         describe_shape(tensor.shape), " takes ", byte_count(tensor),
                         " B, but its buffer has ", tensor.data.size(), " B"));
  if (tensor.is_constant() && tensor.is_variable)
    return bad_input(cat(where.text(), " is both a constant and a variable"));
  return {};
}

/// Follows the order of execution and remembers what has a value already.
class Dataflow {
 public:
  Dataflow(int index, const Graph& graph) : index_(index), graph_(graph) {}

  Result<void> verify() {
    ready_.assign(graph_.tensors.size(), false);
    for (std::size_t i = 0; i < graph_.tensors.size(); ++i)
      ready_[i] = graph_.tensors[i].is_constant() || graph_.tensors[i].is_variable;
    for (int tensor : graph_.inputs) {
      MOTE_TRY(in_range(tensor, [&] { return cat("input of subgraph ", index_); }));
      if (graph_.tensors[static_cast<std::size_t>(tensor)].is_constant())
        return bad_input(cat(place(tensor), " is an input and a constant"));
      ready_[static_cast<std::size_t>(tensor)] = true;
    }
    for (const Node& node : graph_.nodes) MOTE_TRY(verify(node));
    for (int tensor : graph_.outputs) {
      MOTE_TRY(in_range(tensor, [&] { return cat("output of subgraph ", index_); }));
      if (!ready_[static_cast<std::size_t>(tensor)])
        return bad_input(cat(place(tensor), " is an output that no node writes"));
    }
    return {};
  }

 private:
  /// `who` gives the text that says whose index it is.
  template <class Who>
  Result<void> in_range(std::int64_t tensor, const Who& who) const {
    if (tensor >= 0 && tensor < std::ssize(graph_.tensors)) return {};
    return bad_input(cat(who(), " is tensor ", tensor, ", but subgraph ", index_, " has ",
                         graph_.tensors.size(), " tensors"));
  }

  std::string place(int tensor) const { return Place{index_, graph_, tensor}.text(); }
  std::string name_of(const Node& node) const {
    return cat("subgraph ", index_, " node ", node.index, " ", node.op);
  }

  Result<void> verify(const Node& node) {
    for (int tensor : node.inputs) {
      if (tensor == kNoTensor) continue;
      MOTE_TRY(in_range(tensor, [&] { return cat("an input of ", name_of(node)); }));
      // A custom operator may be given its working memory as an input, as Arm's Vela does.
      if (!ready_[static_cast<std::size_t>(tensor)] && !node.is_custom)
        return bad_input(
            cat(name_of(node), " reads ", place(tensor), " before any node has written it"));
    }
    for (std::int64_t tensor : node.attrs.integers("intermediates"))
      MOTE_TRY(in_range(tensor, [&] { return cat("an intermediate of ", name_of(node)); }));
    for (int tensor : node.outputs) {
      MOTE_TRY(in_range(tensor, [&] { return cat("an output of ", name_of(node)); }));
      if (ready_[static_cast<std::size_t>(tensor)])
        return bad_input(
            cat(name_of(node), " writes ", place(tensor), ", which has a value already"));
      ready_[static_cast<std::size_t>(tensor)] = true;
    }
    return {};
  }

  int index_;
  const Graph& graph_;
  std::vector<bool> ready_;
};

}  // namespace

Result<void> verify(const Model& model) {
  if (model.graphs.empty()) return bad_input("the model has no subgraph");
  for (int i = 0; i < static_cast<int>(model.graphs.size()); ++i) {
    const Graph& graph = model.graphs[static_cast<std::size_t>(i)];
    for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t)
      MOTE_TRY(verify_tensor(graph.tensors[static_cast<std::size_t>(t)], {i, graph, t}));
    MOTE_TRY(Dataflow(i, graph).verify());
  }
  return {};
}

}  // namespace mote::graph
