#include <algorithm>

#include "mote/compiler/passes/passes.h"
#include "mote/support/cat.h"

/// UINT8 becomes INT8: every element less 128, which is its sign bit flipped, and the zero point
/// too, so that each stands for the same real number and the INT8 kernels do the work. What they
/// would round differently, they are told by Node::from_uint8.
namespace mote::passes {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

/// The bytes of `data` with their sign bits flipped, kept by the model.
std::span<const std::byte> flip(Model& model, std::span<const std::byte> data) {
  std::vector<std::byte> bytes(data.begin(), data.end());
  for (std::byte& b : bytes) b ^= std::byte{0x80};
  model.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  return *model.storage.back();
}

void make_int8(Model& model, Tensor& tensor) {
  tensor.type = DType::kInt8;
  // Plain integers are real numbers of scale 1, and must stay what they are.
  if (tensor.quant.scale.empty()) tensor.quant = {.scale = {1.0f}, .zero_point = {0}};
  for (std::int64_t& zero_point : tensor.quant.zero_point) zero_point -= 128;
  if (tensor.is_constant()) tensor.data = flip(model, tensor.data);
}

/// One subgraph.
class Legalizer {
 public:
  Legalizer(Model& model, Graph& graph, bool has_ports, Changes& changes)
      : model_(model), graph_(graph), has_ports_(has_ports), changes_(changes) {}

  Result<void> run() {
    if (!is_needed()) return {};
    for (const Tensor& tensor : graph_.tensors)
      if (is_uint8(tensor) && tensor.is_variable)
        return unsupported(cat("'", tensor.name,
                               "' is a variable of type UINT8, expected another type; re-export "
                               "the model with INT8 quantisation"));
    mark_nodes();
    add_twins();
    convert_inner_tensors();
    return {};
  }

 private:
  static bool is_uint8(const Tensor& tensor) { return tensor.type == DType::kUint8; }
  Tensor& tensor(int index) { return graph_.tensors[static_cast<std::size_t>(index)]; }
  bool any_uint8(const std::vector<int>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](int t) { return t != graph::kNoTensor && is_uint8(tensor(t)); });
  }

  /// Whether some node must compute with what it would be given as UINT8.
  bool is_needed() {
    constexpr std::string_view kNative[] = {"BROADCAST_TO", "DEQUANTIZE", "EXPAND_DIMS", "RESHAPE",
                                            "REVERSE_V2",   "SHAPE",      "SQUEEZE"};
    return std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
      if (!any_uint8(node.inputs) && !any_uint8(node.outputs)) return false;
      if (node.op == "QUANTIZE" && tensor(node.inputs[0]).type != DType::kFloat32)
        return any_uint8(node.inputs) && any_uint8(node.outputs);
      return std::find(std::begin(kNative), std::end(kNative), node.op) == std::end(kNative);
    });
  }

  void mark_nodes() {
    for (Node& node : graph_.nodes)
      node.from_uint8 = any_uint8(node.inputs) || any_uint8(node.outputs);
  }

  bool is_in(const std::vector<int>& list, int index) const {
    return std::find(list.begin(), list.end(), index) != list.end();
  }

  /// Whether only nodes touch the port that take UINT8 as it is.
  bool may_stay(int port) {
    return std::all_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
      const bool reads = is_in(node.inputs, port), writes = is_in(node.outputs, port);
      if (!reads && !writes) return true;
      if (node.op == "DEQUANTIZE") return true;
      return node.op == "QUANTIZE" && tensor(node.inputs[0]).type != DType::kFloat32 &&
             !(reads && is_in(ports_, node.outputs[0])) &&
             !(writes && is_in(ports_, node.inputs[0]));
    });
  }

  /// The network's inputs and outputs stay UINT8; inside, each is stood for by an INT8 twin.
  void add_twins() {
    if (!has_ports_) return;
    for (const auto* list : {&graph_.inputs, &graph_.outputs})
      for (int port : *list)
        if (is_uint8(tensor(port)) && !is_in(ports_, port)) ports_.push_back(port);
    for (int port : ports_)
      if (!may_stay(port)) add_twin(port);
    graph_.nodes.insert(graph_.nodes.begin(), first_.begin(), first_.end());
    graph_.nodes.insert(graph_.nodes.end(), last_.begin(), last_.end());
  }

  void add_twin(int port) {
    Tensor copy = tensor(port);
    copy.name += " (int8)";
    make_int8(model_, copy);
    const int twin = static_cast<int>(graph_.tensors.size());
    bool is_written = false;
    for (Node& node : graph_.nodes) {
      std::replace(node.inputs.begin(), node.inputs.end(), port, twin);
      is_written = is_written || is_in(node.outputs, port);
      std::replace(node.outputs.begin(), node.outputs.end(), port, twin);
    }
    if (is_written)
      last_.push_back(conversion(twin, port));
    else if (!copy.is_constant())
      first_.push_back(conversion(port, twin));
    changes_.lines.push_back(cat("'", copy.name, "': stands for the UINT8 ",
                                 is_written ? "output" : "input", " inside the network"));
    graph_.tensors.push_back(std::move(copy));
  }

  static Node conversion(int from, int to) {
    return {.index = graph::kAdded, .op = "QUANTIZE", .inputs = {from}, .outputs = {to}};
  }

  void convert_inner_tensors() {
    int count = 0;
    for (int t = 0; t < static_cast<int>(graph_.tensors.size()); ++t) {
      if (!is_uint8(tensor(t)) || is_in(ports_, t)) continue;
      make_int8(model_, tensor(t));
      ++count;
    }
    if (count > 0) changes_.lines.push_back(cat(count, " UINT8 tensors: made INT8"));
  }

  Model& model_;
  Graph& graph_;
  bool has_ports_;
  Changes& changes_;
  std::vector<int> ports_;  // UINT8 inputs and outputs of the network
  std::vector<Node> first_, last_;
};

Result<Changes> run(Model& model, const Context&) {
  Changes changes;
  for (std::size_t g = 0; g < model.graphs.size(); ++g)
    MOTE_TRY(Legalizer(model, model.graphs[g], /*has_ports=*/g == 0, changes).run());
  return changes;
}

}  // namespace

const Pass legalize_uint8 = {.name = "legalize_uint8",
                             .summary = "compute with INT8 what the file has as UINT8",
                             .run = run};

}  // namespace mote::passes
