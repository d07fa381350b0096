#include <algorithm>
#include <map>
#include <set>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/channel_liveness.h"
#include "mote/compiler/passes/passes.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Node;
using graph::Tensor;

/// Whether a channel may go that a node computes or takes in.
bool any_dead(const graph::Graph& graph, const LiveChannels& live) {
  const auto has_dead = [&](int tensor) {
    const std::vector<char>& channels = live[static_cast<std::size_t>(tensor)];
    return std::find(channels.begin(), channels.end(), 0) != channels.end();
  };
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    const Role role = role_of(graph, node);
    if (role == Role::kOpaque) return false;
    const bool takes_several = role == Role::kBinary || role == Role::kConcatenation;
    const auto end = takes_several ? node.inputs.end() : node.inputs.begin() + 1;
    return has_dead(node.outputs[0]) || std::any_of(node.inputs.begin(), end, has_dead);
  });
}

std::vector<int> kept(const std::vector<char>& live) {
  std::vector<int> list;
  for (std::size_t c = 0; c < live.size(); ++c)
    if (live[c]) list.push_back(static_cast<int>(c));
  return list;
}

/// The elements at `channels` of each row.
std::vector<std::byte> gather(std::span<const std::byte> bytes, std::size_t row,
                              const std::vector<int>& channels) {
  std::vector<std::byte> out;
  for (std::size_t first = 0; first < bytes.size(); first += row)
    for (int c : channels) out.push_back(bytes[first + static_cast<std::size_t>(c)]);
  return out;
}

graph::Quantization gather(const graph::Quantization& quant, const std::vector<int>& channels) {
  if (quant.scale.size() <= 1) return quant;
  graph::Quantization out{.axis = quant.axis};
  for (int c : channels) {
    out.scale.push_back(quant.scale[static_cast<std::size_t>(c)]);
    out.zero_point.push_back(quant.zero_point[static_cast<std::size_t>(c)]);
  }
  return out;
}

/// Takes dead channels out of the first subgraph.
class Shrinker {
 public:
  Shrinker(graph::Model& model, const ChannelRanges& ranges, const LiveChannels& live)
      : model_(model), ranges_(ranges), live_(live) {}

  Changes shrink() {
    for (const Node& node : graph().nodes)
      if (const Role role = role_of(graph(), node); role != Role::kOpaque) look_at(node, role);
    if (replaced_.empty()) return {};
    for (Node& node : graph().nodes) rewrite(node);
    return std::move(changes_);
  }

 private:
  graph::Graph& graph() { return model_.graphs[0]; }
  Tensor& tensor(int index) { return graph().tensors[static_cast<std::size_t>(index)]; }
  const std::vector<char>& live(int index) const { return live_[static_cast<std::size_t>(index)]; }

  /// Replaces what the node reads and writes by tensors without the dead channels.
  void look_at(const Node& node, Role role) {
    shrink_tensor(node.outputs[0], &node);
    if (is_weighted(role)) shrink_tensor(node.inputs[0], nullptr);
    std::set<int> tied;
    for (const Tie& tie : ties_of(graph(), node, role)) tied.insert(tie.input);
    for (int input : tied) shrink_tensor(input, nullptr);
  }

  void shrink_tensor(int index, const Node* writer) {
    const std::vector<int> channels = kept(live(index));
    if (channels.size() == live(index).size()) return;
    if (writer) certify(index, *writer, channels.size());
    if (replaced_.count(index)) return;
    Tensor smaller = tensor(index);
    const auto row = static_cast<std::size_t>(smaller.shape.back());
    smaller.shape.back() = static_cast<int>(channels.size());
    replaced_[index] = tensor(index).is_constant()
                           ? add_constant(model_, smaller, gather(smaller.data, row, channels))
                           : add_tensor(model_, smaller);
  }

  void certify(int index, const Node& writer, std::size_t left) {
    const std::vector<char>& live_channels = live(index);
    ShrunkTensor shrunk{.tensor = index,
                        .node = graph::describe(graph(), writer),
                        .channels = static_cast<int>(live_channels.size())};
    for (int c = 0; c < shrunk.channels; ++c) {
      if (live_channels[static_cast<std::size_t>(c)]) continue;
      const ChannelRange range = range_of(ranges_, index, c);
      RemovedChannel removed{.channel = c};
      if (range.is_constant())
        removed = {c, range.argument, range.low, range.low_sum, range.high_sum};
      shrunk.removed.push_back(removed);
    }
    changes_.lines.push_back(
        cat(shrunk.node, ": ", left, " of ", shrunk.channels, " channels are left"));
    changes_.certificate.tensors.push_back(std::move(shrunk));
  }

  bool is_replaced(int index) const { return replaced_.count(index) != 0; }
  void replace(int& index) {
    if (const auto it = replaced_.find(index); it != replaced_.end()) index = it->second;
  }

  void rewrite(Node& node) {
    const Role role = role_of(graph(), node);
    if (role == Role::kOpaque) return;
    if (is_weighted(role)) {
      if (is_replaced(node.inputs[0]) || is_replaced(node.outputs[0])) rewrite_layer(node);
    } else {
      std::set<int> tied;
      for (const Tie& tie : ties_of(graph(), node, role)) tied.insert(tie.input);
      for (int& input : node.inputs)
        if (tied.count(input)) replace(input);
    }
    const bool is_smaller = is_replaced(node.outputs[0]);
    replace(node.outputs[0]);
    if (is_smaller && node.op == "RESHAPE") {
      // The shape that the file asks for is the old one; the output tensor's own holds.
      node.inputs.resize(1);
      node.attrs.set("new_shape", std::vector<std::int64_t>(graph().output(node).shape.begin(),
                                                            graph().output(node).shape.end()));
    }
  }

  void rewrite_layer(Node& node) {
    const Layer layer = *layer_of(graph(), node);
    const std::vector<int> outputs = kept(live(layer.output));
    node.inputs.resize(3, graph::kNoTensor);
    node.inputs[1] = add_filter(layer, outputs);
    node.inputs[2] = add_bias(layer, node.inputs[2], outputs);
    replace(node.inputs[0]);
  }

  /// A constant channel that must stay needs no input: its bias alone says it.
  bool is_bias_alone(const Layer& layer, int out_channel) const {
    return layer.role != Role::kDepthwise &&
           range_of(ranges_, layer.output, out_channel).is_constant();
  }

  int add_filter(const Layer& layer, const std::vector<int>& outputs) {
    const std::vector<char>& inputs = live(layer.input);
    Tensor filter = tensor(layer.filter);
    filter.quant = gather(filter.quant, outputs);
    const int depth = layer.depth / layer.in_channels * static_cast<int>(kept(inputs).size());
    if (layer.role == Role::kDepthwise) {
      filter.shape.back() = static_cast<int>(outputs.size());
      const auto row = static_cast<std::size_t>(layer.out_channels);
      return add_constant(model_, filter, gather(tensor(layer.filter).data, row, outputs));
    }
    filter.shape.front() = static_cast<int>(outputs.size());
    filter.shape.back() = depth;
    std::vector<std::int8_t> weights;
    for (int o : outputs)
      layer.each_weight(o, [&](int c, int weight) {
        if (!inputs[static_cast<std::size_t>(c)]) return;
        if (is_bias_alone(layer, o)) weight = 0;
        weights.push_back(static_cast<std::int8_t>(weight - layer.filter_offset));
      });
    return add_constant(model_, filter, graph::bytes_of(weights));
  }

  /// What the removed inputs add to every sum moves into the bias.
  std::int32_t folded_bias(const Layer& layer, int out_channel) const {
    if (is_bias_alone(layer, out_channel))
      return static_cast<std::int32_t>(range_of(ranges_, layer.output, out_channel).low_sum);
    std::int64_t bias = layer.bias[static_cast<std::size_t>(out_channel)];
    if (layer.role == Role::kDepthwise) return static_cast<std::int32_t>(bias);
    layer.each_weight(out_channel, [&](int c, int weight) {
      const bool is_gone = !live(layer.input)[static_cast<std::size_t>(c)];
      if (is_gone && weight != 0)
        bias += weight * (range_of(ranges_, layer.input, c).low + layer.input_offset);
    });
    return static_cast<std::int32_t>(bias);
  }

  int add_bias(const Layer& layer, int old, const std::vector<int>& outputs) {
    std::vector<std::int32_t> values;
    for (int o : outputs) values.push_back(folded_bias(layer, o));
    const Tensor &input = tensor(layer.input), &filter = tensor(layer.filter);
    Tensor bias{.name = cat(filter.name, "/bias"),
                .type = DType::kInt32,
                .quant = {{input.scale() * filter.scale()}, {0}}};
    if (old != graph::kNoTensor) bias = tensor(old);
    bias.shape = {static_cast<int>(values.size())};
    bias.quant = gather(bias.quant, outputs);
    return add_constant(model_, bias, graph::bytes_of(values));
  }

  graph::Model& model_;
  const ChannelRanges& ranges_;
  const LiveChannels& live_;
  std::map<int, int> replaced_;  // tensors by what stands for them now
  Changes changes_;
};

Result<Cost> cost_of(const graph::Model& model, const Context& context) {
  const auto program = context.lower(model);
  if (!program) return tl::unexpected(program.error());
  Cost cost{.macs = program::macs(*program)};
  std::map<const std::byte*, std::size_t> constants;  // each once, however many tensors it has
  for (const graph::Graph& graph : model.graphs)
    for (const Node& node : graph.nodes)
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        if (const Tensor* input = graph.input(node, i); input && input->is_constant())
          constants[input->data.data()] = input->data.size();
  for (const auto& [data, size] : constants) cost.weight_bytes += static_cast<std::int64_t>(size);
  return cost;
}

Result<Changes> run(graph::Model& model, const Context& context) {
  const graph::Graph& graph = model.graphs[0];
  if (std::none_of(graph.nodes.begin(), graph.nodes.end(),
                   [&](const Node& node) { return is_weighted(role_of(graph, node)); }))
    return Changes();
  const ChannelRanges ranges = find_channel_ranges(graph, context);
  const LiveChannels live = find_live_channels(graph, ranges);
  if (!any_dead(graph, live)) return Changes();
  graph::Model smaller = model;
  Changes changes = Shrinker(smaller, ranges, live).shrink();
  if (changes.empty()) return changes;
  const auto before = cost_of(model, context), after = cost_of(smaller, context);
  if (!before) return tl::unexpected(before.error());
  if (!after) return tl::unexpected(after.error());
  changes.certificate.before = *before, changes.certificate.after = *after;
  model = std::move(smaller);
  return changes;
}

}  // namespace

const Pass eliminate_dead_channels = {
    .name = "eliminate_dead_channels",
    .summary = "take out channels that are constant or that nothing reads",
    .run = run};

}  // namespace mote::passes
