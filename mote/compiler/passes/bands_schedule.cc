#include "mote/compiler/passes/bands_schedule.h"

#include <algorithm>
#include <limits>

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr int kNever = std::numeric_limits<int>::max();

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// One image, whose rows follow each other in memory.
bool has_rows(const Tensor& tensor) {
  return tensor.shape.size() == 4 && tensor.shape[0] == 1 && !tensor.is_constant() &&
         !tensor.is_variable && !tensor.is_resource;
}

int row_count(const Graph& graph, int tensor) { return graph.tensors[at(tensor)].shape[1]; }

/// The node's inputs that come in rows.
template <class Visit>
void for_each_input(const Graph& graph, const Node& node, Visit visit) {
  for (int input : node.inputs)
    if (input != graph::kNoTensor && !graph.tensors[at(input)].is_constant()) visit(input);
}

bool can_band(const Graph& graph, const Node& node, const Rule& rule) {
  const Tensor& output = graph.output(node);
  if (!has_rows(output) || rule.axis != 1 || rule.spread != 1 || rule.count != output.shape[1])
    return false;
  return rule.kind == Rule::Kind::kPlain || rule.kind == Rule::Kind::kWindow ||
         rule.kind == Rule::Kind::kPad;
}

/// Adds the tensors of the region, with room for what each band needs.
void list_tensors(const Graph& graph, Schedule& schedule) {
  const auto add = [&](int tensor, bool is_entry) {
    if (schedule.place[at(tensor)] >= 0) return;
    schedule.place[at(tensor)] = static_cast<int>(schedule.rows.size());
    schedule.rows.push_back({.is_entry = is_entry,
                             .end = std::vector<int>(schedule.bands),
                             .first = std::vector<int>(schedule.bands, kNever)});
  };
  schedule.place.assign(graph.tensors.size(), -1);
  const auto [first, last, exit] = schedule.region;
  for (std::size_t n = first; n <= last; ++n) add(graph.nodes[n].outputs[0], false);
  for (std::size_t n = first; n <= last; ++n)
    for_each_input(graph, graph.nodes[n], [&](int input) { add(input, true); });
}

}  // namespace

std::int64_t row_bytes(const Tensor& tensor) { return graph::byte_count(tensor) / tensor.shape[1]; }

RowRules row_rules_of(const Graph& graph) {
  std::vector<Columns> columns(graph.tensors.size());
  for (std::size_t t = 0; t < columns.size(); ++t)
    if (has_rows(graph.tensors[t])) columns[t] = {.axis = 1, .count = graph.tensors[t].shape[1]};
  RowRules rules(graph.nodes.size());
  for (std::size_t n = 0; n < rules.size(); ++n)
    if (auto rule = rule_of(graph, graph.nodes[n], columns);
        rule && can_band(graph, graph.nodes[n], *rule))
      rules[n] = std::move(*rule);
  return rules;
}

std::optional<Region> region_of(const Graph& graph, const RowRules& rules, std::size_t first,
                                std::size_t last) {
  std::vector<bool> is_inner(graph.tensors.size());
  const Region region{first, last, graph.nodes[last].outputs[0]};
  for (std::size_t n = first; n <= last; ++n) {
    if (!rules[n]) return std::nullopt;
    is_inner[at(graph.nodes[n].outputs[0])] = true;
  }
  for (std::size_t n = 0; n < graph.nodes.size(); ++n)
    for (int input : graph.nodes[n].inputs) {
      if (input == graph::kNoTensor || !is_inner[at(input)]) continue;
      const bool is_inside = n >= first && n <= last;
      if (is_inside == (input == region.exit)) return std::nullopt;
    }
  for (int output : graph.outputs)
    if (is_inner[at(output)] && output != region.exit) return std::nullopt;
  return region;
}

std::optional<Schedule> schedule_of(const Graph& graph, const RowRules& rules, const Region& region,
                                    int height) {
  const int exit_rows = row_count(graph, region.exit);
  Schedule schedule{.region = region, .bands = at((exit_rows + height - 1) / height)};
  list_tensors(graph, schedule);
  const auto rows_of = [&](int tensor) -> BandRows& {
    return schedule.rows[at(schedule.place[at(tensor)])];
  };
  for (std::size_t b = 0; b < schedule.bands; ++b)
    rows_of(region.exit).end[b] = std::min(exit_rows, static_cast<int>(b + 1) * height);
  for (std::size_t n = region.last + 1; n-- > region.first;) {
    const Node& node = graph.nodes[n];
    BandRows& out = rows_of(node.outputs[0]);
    bool has_input = true;
    for (std::size_t b = 0; b < schedule.bands; ++b) {
      out.end[b] = std::max(out.end[b], out.begin(b));
      if (out.end[b] == out.begin(b)) continue;
      for_each_input(graph, node, [&](int input) {
        const Range seen = rules[n]->seen_by({out.begin(b), out.end[b]}, row_count(graph, input));
        has_input = has_input && seen.begin < seen.end;
        BandRows& in = rows_of(input);
        in.end[b] = std::max(in.end[b], seen.end);
        in.first[b] = std::min(in.first[b], seen.begin);
      });
    }
    if (!has_input) return std::nullopt;
  }
  for (BandRows& rows : schedule.rows)
    for (std::size_t b = 0; b < schedule.bands; ++b)
      rows.end[b] = std::max(rows.end[b], rows.begin(b));
  for (BandRows& rows : schedule.rows)
    for (std::size_t b = schedule.bands; b-- > 0;)
      rows.first[b] = std::min({rows.first[b], rows.kept_from(b), rows.end.back()});
  return schedule;
}

}  // namespace mote::passes
