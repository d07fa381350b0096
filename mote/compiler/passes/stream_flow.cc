#include "mote/compiler/passes/stream_flow.h"

#include <algorithm>

namespace mote::passes {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

bool reads_stream(const graph::Node& node, const std::vector<Columns>& columns) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](int tensor) {
    return tensor != graph::kNoTensor && columns[at(tensor)].is_streamed();
  });
}

void need(Needs& needs, int tensor, Range range) {
  auto& list = needs[tensor];
  if (std::find(list.begin(), list.end(), range) == list.end()) list.push_back(range);
}

}  // namespace

Flow follow(const graph::Graph& graph, const Stream& stream) {
  Flow flow{.columns = std::vector<Columns>(graph.tensors.size()),
            .rules = std::vector<std::optional<Rule>>(graph.nodes.size()),
            .reasons = std::vector<std::string>(graph.nodes.size())};
  const int input = graph.inputs[0];
  flow.columns[at(input)] = {.axis = stream.axis,
                             .count = graph.tensors[at(input)].shape[at(stream.axis)],
                             .shift = stream.hop};
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const graph::Node& node = graph.nodes[n];
    if (!reads_stream(node, flow.columns)) continue;
    const auto rule = rule_of(graph, node, flow.columns);
    if (!rule) {
      flow.reasons[n] = rule.error().message;
      continue;
    }
    Columns widest;
    for (int tensor : node.inputs) {
      if (tensor == graph::kNoTensor || !flow.columns[at(tensor)].is_streamed()) continue;
      const Columns& columns = flow.columns[at(tensor)];
      if (!widest.is_streamed()) widest = columns;
      widest.left = std::max(widest.left, columns.left);
      widest.right = std::max(widest.right, columns.right);
    }
    const auto out = pass_on(widest, *rule);
    if (!out) {
      flow.misfit = static_cast<int>(n);
      return flow;
    }
    flow.rules[n] = *rule;
    flow.columns[at(node.outputs[0])] = *out;
    if (!out->is_streamed()) flow.reasons[n] = "has no output column that the next window keeps";
  }
  return flow;
}

std::vector<Range> computed(const Columns& columns, const std::vector<Range>& needs) {
  std::vector<Range> ranges;
  const bool needs_left = std::any_of(
      needs.begin(), needs.end(), [&](const Range& range) { return range.begin < columns.left; });
  if (needs_left) ranges.push_back({0, columns.left});
  ranges.push_back({columns.fresh(), columns.count});
  return ranges;
}

std::optional<int> first_kept(const Columns& columns, const std::vector<Range>& needs) {
  std::optional<int> first;
  for (const Range& range : needs)
    if (range.end > columns.left && range.begin < columns.fresh())
      first = std::min(first.value_or(range.begin), range.begin);
  return first;
}

Needs needs_of(const graph::Graph& graph, const Flow& flow) {
  Needs needs;
  const auto need_all = [&](int tensor) {
    if (tensor != graph::kNoTensor && flow.columns[at(tensor)].is_streamed())
      need(needs, tensor, {0, flow.columns[at(tensor)].count});
  };
  for (int output : graph.outputs) need_all(output);
  for (std::size_t n = graph.nodes.size(); n-- > 0;) {
    const graph::Node& node = graph.nodes[n];
    const auto& rule = flow.rules[n];
    if (!rule) {
      for (int tensor : node.inputs) need_all(tensor);
      continue;
    }
    const Columns& out = flow.columns[at(node.outputs[0])];
    std::vector<Range> ranges = {{0, rule->count}};
    if (out.is_streamed()) {
      const auto found = needs.find(node.outputs[0]);
      if (found == needs.end()) continue;  // nothing reads it
      ranges = computed(out, found->second);
    }
    for (const Range& range : ranges)
      for (int tensor : node.inputs)
        if (tensor != graph::kNoTensor && flow.columns[at(tensor)].is_streamed())
          need(needs, tensor, rule->seen_by(range, flow.columns[at(tensor)].count));
  }
  return needs;
}

}  // namespace mote::passes
