#include "mote/compiler/plan_arena.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "mote/compiler/order_calls.h"
#include "mote/compiler/pieces.h"
#include "mote/compiler/plan/replay.h"
#include "mote/compiler/share_memory.h"
#include "mote/compiler/touches.h"
#include "mote/support/cat.h"

namespace mote::compiler {
namespace {

using ops::Lowering;
using program::Placement;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// The call during which most of the arena is in use; the first of several.
int busiest_call(const Lowering& lowering, const std::vector<Placement>& placements) {
  const std::size_t count = lowering.setup_calls.size() + lowering.calls.size();
  std::vector<std::int64_t> change(count + 2);
  for (const Placement& placement : placements) {
    change[at(placement.first_use)] += placement.bytes;
    change[at(placement.last_use) + 1] -= placement.bytes;
  }
  std::partial_sum(change.begin(), change.end(), change.begin());
  const auto end = change.begin() + static_cast<std::ptrdiff_t>(count);
  return static_cast<int>(std::max_element(change.begin(), end) - change.begin());
}

/// "'in' 8000 B + 'x' 14016 B"; of many, the largest.
std::string list_of(std::vector<const Placement*> buffers) {
  constexpr std::size_t kMostBuffers = 6, kMostLetters = 40;
  std::int64_t rest = 0;
  if (buffers.size() > kMostBuffers) {
    std::stable_sort(buffers.begin(), buffers.end(),
                     [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
    for (std::size_t i = kMostBuffers; i < buffers.size(); ++i) rest += buffers[i]->bytes;
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(buffers.size(), kMostBuffers); ++i) {
    std::string name = buffers[i]->name;  // of a long one, the end tells more
    if (name.size() > kMostLetters) name = cat("...", name.substr(name.size() - kMostLetters));
    text += cat(i > 0 ? " + " : "", "'", name, "' ", buffers[i]->bytes, " B");
  }
  if (rest > 0) text += cat(" + ", buffers.size() - kMostBuffers, " more, ", rest, " B");
  return text;
}

/// "node 2 CONV_2D 'x' ('in' 8000 B + 'x' 14016 B)".
std::string describe_peak(const Lowering& lowering, const std::vector<Placement>& placements) {
  const int setup = static_cast<int>(lowering.setup_calls.size());
  const int when = busiest_call(lowering, placements);
  if (when >= setup + static_cast<int>(lowering.calls.size())) return "before the first call";
  const ops::DraftCall& call =
      when < setup ? lowering.setup_calls[at(when)] : lowering.calls[at(when - setup)];
  std::vector<const Placement*> alive;
  for (const Placement& placement : placements)
    if (placement.first_use <= when && when <= placement.last_use) alive.push_back(&placement);
  return cat(call.node, " (", list_of(std::move(alive)), ")");
}

/// What one call does to bytes, where buffers begin at `addresses`.
plan::Motion motion_of(const ops::DraftCall& call, int step,
                       const std::vector<std::int64_t>& addresses) {
  plan::Motion motion{.step = step, .reads = {}, .writes = {}, .updates = {}};
  for (const Touch& touch : touches_of(call)) {
    if (touch.buffer < 0) continue;
    const plan::Span span{addresses[at(touch.buffer)] + touch.begin, touch.end - touch.begin};
    if (!touch.writes)
      motion.reads.push_back(span);
    else if (touch.reads || !touch.is_whole)
      motion.updates.push_back(span);
    else
      motion.writes.push_back(span);
  }
  motion.carries = carries_bytes(call) && motion.reads.size() == 1 && motion.writes.size() == 1;
  motion.is_in_place = is_in_place(call);
  // Of a copy the spans are only what is carried.
  if (motion.writes.size() == 1 && call.lead) motion.lead = motion.carries ? 0 : *call.lead;
  return motion;
}

/// One run of the main calls, those idle left out.
plan::Schedule schedule_of(const Lowering& lowering, const std::vector<bool>& is_idle,
                           const std::vector<std::int64_t>& addresses) {
  plan::Schedule schedule;
  for (std::size_t c = 0; c < lowering.calls.size(); ++c)
    if (is_idle.empty() || !is_idle[c])
      schedule.motions.push_back(motion_of(lowering.calls[c], static_cast<int>(c), addresses));
  const auto span_of = [&](int b) {
    return plan::Span{addresses[at(b)], lowering.buffers[at(b)].bytes};
  };
  for (int b : lowering.buffers_at_start()) schedule.at_start.push_back(span_of(b));
  for (int b : lowering.buffers_at_end()) schedule.at_end.push_back(span_of(b));
  return schedule;
}

/// That with these offsets every call reads what it reads where each buffer has its own memory.
Result<void> check_sharing(const Lowering& plain, const Sharing& sharing,
                           const std::vector<std::int64_t>& offsets) {
  std::vector<std::int64_t> apart;
  std::int64_t end = 0;
  for (const ops::DraftBuffer& buffer : plain.buffers) apart.push_back(end), end += buffer.bytes;
  return plan::replay(schedule_of(plain, {}, apart), schedule_of(plain, sharing.is_idle, offsets));
}

/// Leaves idle calls out; what they would have completed is complete after the call before.
void drop_idle_calls(Lowering& lowering, const std::vector<bool>& is_idle) {
  std::vector<ops::DraftCall> left;
  for (std::size_t c = 0; c < lowering.calls.size(); ++c) {
    ops::DraftCall& call = lowering.calls[c];
    if (!is_idle[c]) {
      left.push_back(std::move(call));
    } else if (!left.empty() && left.back().graph == call.graph) {
      auto& writes = left.back().writes;
      writes.insert(writes.end(), call.writes.begin(), call.writes.end());
    }
  }
  lowering.calls = std::move(left);
  lowering.find_lifetimes();
}

/// A plan with the calls that it is for.
struct Candidate {
  ArenaPlan plan;
  std::vector<ops::DraftCall> calls;
  std::vector<ops::DraftBuffer> buffers;
};

void install(Candidate& candidate, Lowering& lowering) {
  lowering.calls = std::move(candidate.calls);
  lowering.buffers = std::move(candidate.buffers);
}

/// The offset of each buffer, from those of the pieces.
std::vector<std::int64_t> offsets_of(const Sharing& sharing, const Pieces& pieces,
                                     const plan::Layout& layout) {
  std::vector<std::int64_t> offsets;
  for (const auto& [host, offset] : sharing.places) {
    const int first = pieces.first_piece[at(host)];
    offsets.push_back(first < 0 ? 0 : layout.offsets[at(first)] - pieces.skips[at(host)] + offset);
  }
  return offsets;
}

/// The plan, or its lower bound alone where that is not below `most`: then it is not worth placing.
/// Leaves `lowering` as it is.
Result<Candidate> plan_with(Lowering& lowering, const Sharing& sharing, bool share,
                            std::int64_t most) {
  Candidate plain{.plan = {}, .calls = lowering.calls, .buffers = lowering.buffers};
  if (!sharing.is_empty) drop_idle_calls(lowering, sharing.is_idle);
  const Pieces pieces = cut_to_pieces(lowering.buffers, sharing);
  std::vector<plan::Overlap> overlaps;
  if (share) overlaps = overlaps_of(lowering.setup_calls, lowering.calls, pieces, sharing);
  Candidate result{
      .plan = {.bytes = most, .lower_bound = plan::lower_bound(pieces.buffers, overlaps)},
      .calls = std::move(lowering.calls),
      .buffers = std::move(lowering.buffers)};
  install(plain, lowering);
  if (result.plan.lower_bound >= most) return result;
  const auto layout = plan::place(pieces.buffers, overlaps);
  MOTE_TRY(layout);
  MOTE_TRY(plan::validate(pieces.buffers, *layout, overlaps));
  result.plan.bytes = layout->size;
  result.plan.offsets = offsets_of(sharing, pieces, *layout);
  if (!sharing.is_empty || !overlaps.empty())
    MOTE_TRY(check_sharing(lowering, sharing, result.plan.offsets));
  for (std::size_t p = 0; p < pieces.buffers.size(); ++p)
    result.plan.placements.push_back({.name = pieces.names[p],
                                      .first_use = pieces.buffers[p].first_use,
                                      .last_use = pieces.buffers[p].last_use,
                                      .offset = layout->offsets[p],
                                      .bytes = pieces.buffers[p].size});
  return result;
}

/// The smallest plan for this order of calls; of several the one that shares most. Less sharing can
/// take less: tied pieces are harder to place, and views can be in the way of calls in place.
Result<Candidate> plan_order(Lowering& lowering, bool share) {
  std::optional<Candidate> best;
  std::int64_t bound = plan::kUnlimited;
  bool has_idle_calls = true;
  for (const Freedom freedom : {Freedom::kAll, Freedom::kInPlace, Freedom::kNone}) {
    if (!share && freedom != Freedom::kNone) continue;
    if (freedom == Freedom::kInPlace && !has_idle_calls) continue;  // the same again
    const Sharing sharing = share_memory(lowering, freedom);
    auto candidate =
        plan_with(lowering, sharing, share, best ? best->plan.bytes : plan::kUnlimited);
    MOTE_TRY(candidate);
    bound = std::min(bound, candidate->plan.lower_bound);
    if (!best || candidate->plan.bytes < best->plan.bytes) best = std::move(*candidate);
    if (sharing.is_empty) break;
    has_idle_calls = std::count(sharing.is_idle.begin(), sharing.is_idle.end(), true) > 0;
  }
  best->plan.lower_bound = bound;
  return std::move(*best);
}

}  // namespace

Result<ArenaPlan> plan_arena(Lowering& lowering, const ArenaOptions& options) {
  auto best = plan_order(lowering, options.share);
  MOTE_TRY(best);
  if (const auto order = order_of_calls(lowering); !std::is_sorted(order.begin(), order.end())) {
    reorder_calls(lowering, order);
    auto other = plan_order(lowering, options.share);
    MOTE_TRY(other);
    if (other->plan.bytes < best->plan.bytes) best = std::move(other);
  }
  install(*best, lowering);
  if (best->plan.bytes > options.limit)
    return fail(ErrorCode::kOutOfMemory,
                cat("the plan needs ", best->plan.bytes, " B, the arena has ", options.limit,
                    " B\n  largest moment: ", describe_peak(lowering, best->plan.placements)));
  return std::move(best->plan);
}

}  // namespace mote::compiler
