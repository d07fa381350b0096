#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "mote/compiler/passes/bands_estimate.h"
#include "mote/compiler/passes/bands_rewrite.h"
#include "mote/compiler/passes/bands_schedule.h"
#include "mote/compiler/passes/bands_source.h"
#include "mote/compiler/passes/pass.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using program::Program;

/// Rows of a region's exit that a band brings.
constexpr int kHeights[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
/// How many regions are taken into bands at most.
constexpr int kMostRegions = 4;
/// How many candidates of each estimate are planned, at most; fewer where that takes long.
constexpr std::size_t kMostPlans = 16;
constexpr std::int64_t kMostWork = 40'000'000;
/// What a call costs a plan beside its weights, in bytes of weights.
constexpr std::int64_t kWorkOfCall = 20'000;
/// Bytes that constants may grow by: weights must be those of before, packed as before.
constexpr std::int64_t kMostGrowth = 256;
/// Of the arena, the least part that must be gained: calls cost flash, and small bands time.
constexpr std::int64_t kLeastGain = 32;

/// A way to take a region into bands, as estimated.
struct Candidate {
  Region region;
  int height = 0;
  std::size_t bands = 0, calls = 0;
  std::int64_t bytes = 0;
};

std::int64_t weight_bytes(const Graph& graph, const graph::Node& node) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const graph::Tensor* input = graph.input(node, i)) bytes += std::ssize(input->data);
  return bytes;
}

/// Roughly what it takes to plan the network with that candidate.
std::int64_t work_of(const Graph& graph, const Candidate& candidate) {
  std::int64_t work = 0;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const bool is_inside = n >= candidate.region.first && n <= candidate.region.last;
    work += (weight_bytes(graph, graph.nodes[n]) + kWorkOfCall) *
            (is_inside ? static_cast<std::int64_t>(candidate.bands) : 1);
  }
  return work;
}

/// All regions around the peak with all heights of bands, the best first.
std::vector<Candidate> candidates_of(const Graph& graph, const RowRules& rules, bool writes_over) {
  const LiveBytes live(graph, writes_over);
  const std::size_t peak = live.peak();
  const std::int64_t most = live.during()[peak];
  std::vector<Candidate> list;
  for (std::size_t first = peak + 1; first-- > 0 && rules[first];)
    for (std::size_t last = peak; last < graph.nodes.size() && rules[last]; ++last) {
      const auto region = region_of(graph, rules, first, last);
      if (!region) continue;
      const int rows = graph.tensors[static_cast<std::size_t>(region->exit)].shape[1];
      for (int height : kHeights) {
        if (height >= rows) break;
        const auto schedule = schedule_of(graph, rules, *region, height);
        if (!schedule) continue;
        const std::int64_t bytes = live.peak_with(*schedule);
        const std::size_t calls = schedule->bands * (last + 1 - first);
        if (bytes < most) list.push_back({*region, height, schedule->bands, calls, bytes});
      }
    }
  std::stable_sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.bytes, a.calls) < std::tuple(b.bytes, b.calls);
  });
  return list;
}

/// Those of both estimates that are worth planning.
std::vector<Candidate> worth_planning(const Graph& graph, const RowRules& rules) {
  std::vector<Candidate> list;
  for (const bool writes_over : {true, false}) {
    std::int64_t work = 0;
    std::size_t plans = 0;
    for (const Candidate& candidate : candidates_of(graph, rules, writes_over)) {
      work += work_of(graph, candidate);
      if (++plans > kMostPlans || (plans > 1 && work > kMostWork)) break;
      const bool is_new = std::none_of(list.begin(), list.end(), [&](const Candidate& other) {
        return other.region.first == candidate.region.first &&
               other.region.last == candidate.region.last && other.height == candidate.height;
      });
      if (is_new) list.push_back(candidate);
    }
  }
  return list;
}

/// A network with a region in bands, and its plan.
struct Banded {
  graph::Model model;
  std::int64_t arena_bytes = 0, copied = 0, macs = 0;
  std::size_t calls = 0;
  Candidate candidate;
};

class Search {
 public:
  explicit Search(const Context& context) : context_(context) {}

  /// The best of the candidates for one more region; nothing where none needs enough less than
  /// `current` does.
  Result<std::optional<Banded>> step(const graph::Model& model, const Program& current) {
    const Graph& graph = model.graphs[0];
    RowRules rules = row_rules_of(graph);
    for (std::size_t n = 0; n < rules.size(); ++n)
      if (graph.nodes[n].outputs.size() == 1 && graph.nodes[n].outputs[0] >= first_added_)
        rules[n].reset();  // a band already
    std::optional<Banded> best;
    for (const Candidate& candidate : worth_planning(graph, rules)) {
      auto banded = plan(model, rules, candidate, current);
      MOTE_TRY(banded);
      const bool fits = *banded && (*banded)->arena_bytes <
                                       current.arena_bytes - current.arena_bytes / kLeastGain;
      if (fits && (!best || std::tuple((*banded)->arena_bytes, (*banded)->calls) <
                                std::tuple(best->arena_bytes, best->calls)))
        best = std::move(**banded);
    }
    return best;
  }

  void set_first_added(int tensor) { first_added_ = tensor; }

 private:
  /// Nothing where weights would stand there several times.
  Result<std::optional<Banded>> plan(const graph::Model& model, const RowRules& rules,
                                     const Candidate& candidate, const Program& current) const {
    Banded banded{.model = model, .candidate = candidate};
    const auto schedule = schedule_of(model.graphs[0], rules, candidate.region, candidate.height);
    banded.copied = rewrite_in_bands(banded.model, rules, *schedule);
    const auto program = context_.plan(banded.model);
    MOTE_TRY(program);
    if (std::ssize(program->constants) > std::ssize(current.constants) + kMostGrowth)
      return std::optional<Banded>();
    banded.arena_bytes = program->arena_bytes;
    banded.macs = program::macs(*program);
    banded.calls = program->calls.size();
    return std::optional(std::move(banded));
  }

  const Context& context_;
  int first_added_ = 0;
};

/// "nodes 0 to 5 in 6 bands: arena 39,224 -> 29,100 B, ...".
std::string line_of(const Graph& before, const Program& current, const Banded& banded) {
  const auto [first, last, exit] = banded.candidate.region;
  const auto macs = program::macs(current);
  return cat(graph::describe(before, before.nodes[first]), " to ",
             graph::describe(before, before.nodes[last]), ": in ", banded.candidate.bands,
             " bands of ", banded.candidate.height, " rows, arena ", current.arena_bytes, " -> ",
             banded.arena_bytes, " B, calls ", current.calls.size(), " -> ", banded.calls,
             ", MACs ", macs, " -> ", banded.macs, ", ", banded.copied, " B copied a run");
}

Result<Changes> run(graph::Model& model, const Context& context) {
  Changes changes;
  const bool reads_rows = context.bands && context.bands->reads_rows;
  if (reads_rows) MOTE_TRY(keep_input_outside(model));
  Search search(context);
  search.set_first_added(static_cast<int>(model.graphs[0].tensors.size()));
  for (int i = 0; i < kMostRegions; ++i) {
    const auto current = context.plan(model);
    MOTE_TRY(current);
    auto banded = search.step(model, *current);
    MOTE_TRY(banded);
    if (!*banded) break;
    changes.lines.push_back(line_of(model.graphs[0], *current, **banded));
    model = std::move((*banded)->model);
  }
  if (reads_rows) changes.lines.push_back(describe_reads(model.graphs[0]));
  return changes;
}

}  // namespace

const Pass run_in_bands = {.name = "run_in_bands",
                           .summary = "run layers in bands of rows, so that less is alive at once",
                           .run = run};

}  // namespace mote::passes
