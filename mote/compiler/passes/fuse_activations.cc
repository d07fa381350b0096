#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "mote/compiler/passes/evaluate.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr std::array<std::string_view, 6> kHosts = {
    "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "SUB", "MUL"};

/// TensorFlow Lite's number of the fused form.
std::optional<int> fused_form(const Node& node) {
  if (node.op == "RELU") return 1;
  if (node.op == "RELU6") return 3;
  return std::nullopt;
}

/// What a one-element operator makes of each of the 256 elements.
Result<std::vector<std::byte>> table_of(Probe probe, Tensor in, Tensor out,
                                        const Context& context) {
  std::vector<std::byte> all;
  for (int x = 0; x < 256; ++x) all.push_back(static_cast<std::byte>(x));
  in.shape = out.shape = {1, 1, 1, 256};
  return probe.input(std::move(in), std::move(all)).output(std::move(out)).run(context);
}

/// Whether the activation and its fused form clamp alike, asked of the kernels: a pool of one
/// element does nothing but what is fused into it.
bool clamps_alike(const Graph& graph, const Node& node, int form, const Context& context) {
  const Tensor &in = *graph.input(node, 0), &out = graph.output(node);
  Node pool{.op = "MAX_POOL_2D"};
  for (const char* name : {"stride_h", "stride_w", "filter_height", "filter_width", "padding"})
    pool.attrs.set(name, std::int64_t{1});
  pool.attrs.set("fused_activation_function", std::int64_t{form});
  const auto alone = table_of(Probe(node), in, out, context);
  const auto fused = table_of(Probe(pool), in, out, context);
  return alone && fused && *alone == *fused;
}

/// The node into which the activation can go; nullptr where there is none.
Node* find_host(Graph& graph, const Node& node, const Context& context) {
  const auto form = fused_form(node);
  if (!form || node.is_custom) return nullptr;
  const Tensor &in = *graph.input(node, 0), &out = graph.output(node);
  // Float kernels differ in what they make of NaN and of -0.
  if (in.type != DType::kInt8 || !is_alike(in, out)) return nullptr;
  Node* host = writer_of(graph, node.inputs[0]);
  if (!host || std::find(kHosts.begin(), kHosts.end(), host->op) == kHosts.end() ||
      host->attrs.integer("fused_activation_function") != 0 ||
      reader_count(graph, node.inputs[0]) != 1)
    return nullptr;
  return clamps_alike(graph, node, *form, context) ? host : nullptr;
}

Result<Changes> run(graph::Model& model, const Context& context) {
  Changes changes;
  Graph& graph = model.graphs[0];
  for (std::size_t at = 0; at < graph.nodes.size();) {
    const Node node = graph.nodes[at];
    Node* host = find_host(graph, node, context);
    if (!host) {
      ++at;
      continue;
    }
    changes.lines.push_back(
        cat(graph::describe(graph, node), ": fused into ", graph::describe(graph, *host)));
    host->attrs.set("fused_activation_function", std::int64_t{*fused_form(node)});
    host->outputs = node.outputs;
    graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return changes;
}

}  // namespace

const Pass fuse_activations = {.name = "fuse_activations",
                               .summary = "let the operator before a RELU do its clamping",
                               .run = run};

}  // namespace mote::passes
