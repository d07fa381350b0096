#include "mote/compiler/share_memory.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "mote/compiler/touches.h"

namespace mote::compiler {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// A buffer's bytes touched by a call; before the first call and after the last: by the caller.
struct Use {
  int call;
  std::int64_t begin, end;
  bool reads, writes;
};
constexpr int kBefore = -1, kAfter = std::numeric_limits<int>::max();

class Sharer {
 public:
  Sharer(const ops::Lowering& lowering, Freedom freedom) : lowering_(lowering), freedom_(freedom) {
    const std::size_t count = lowering.buffers.size();
    uses_.resize(count), alignments_.assign(count, 1), members_.resize(count);
    is_fixed_.resize(count);
    sharing_.places.resize(count);
    sharing_.is_idle.assign(lowering.calls.size(), false);
    for (std::size_t b = 0; b < count; ++b) {
      sharing_.places[b].host = static_cast<int>(b);
      members_[b] = {static_cast<int>(b)};
      is_fixed_[b] = lowering.buffers[b].is_state;
    }
    for (const ops::DraftCall& call : lowering.calls) touches_.push_back(touches_of(call));
  }

  Sharing run() {
    if (freedom_ == Freedom::kNone) return std::move(sharing_);
    collect_uses();
    for (std::size_t c = 0; c < lowering_.calls.size(); ++c) {
      const ops::DraftCall& call = lowering_.calls[c];
      if (carries_bytes(call)) {
        if (freedom_ == Freedom::kAll) share_copy(static_cast<int>(c));
      } else if (is_in_place(call)) {
        share_in_place(static_cast<int>(c));
      }
    }
    return std::move(sharing_);
  }

 private:
  void collect_uses() {
    for (const ops::DraftCall& call : lowering_.setup_calls)
      for (const ops::DraftOperand& operand : call.operands)
        if (operand.buffer >= 0) is_fixed_[at(operand.buffer)] = true;
    const auto whole = [&](int b, int when) {
      uses_[at(b)].push_back(
          {when, 0, lowering_.buffers[at(b)].bytes, when == kAfter, when == kBefore});
    };
    for (int b : lowering_.buffers_at_start()) whole(b, kBefore);
    for (std::size_t c = 0; c < touches_.size(); ++c)
      for (const Touch& t : touches_[c]) {
        if (t.buffer < 0) continue;
        uses_[at(t.buffer)].push_back({static_cast<int>(c), t.begin, t.end, t.reads, t.writes});
        alignments_[at(t.buffer)] = std::max(alignments_[at(t.buffer)], t.alignment);
      }
    for (int b : lowering_.buffers_at_end()) whole(b, kAfter);
  }

  /// Where a touch lies in the host of its buffer.
  Touch in_host(const Touch& touch) const {
    const Sharing::Place& place = sharing_.places[at(touch.buffer)];
    Touch moved = touch;
    moved.buffer = place.host;
    moved.begin += place.offset, moved.end += place.offset;
    return moved;
  }

  bool is_all_of_host(const Touch& touch) const {
    return touch.begin == 0 && touch.end == lowering_.buffers[at(touch.buffer)].bytes;
  }

  template <class Predicate>
  bool all_uses(const Touch& region, Predicate holds) const {
    for (int member : members_[at(region.buffer)]) {
      const std::int64_t offset = sharing_.places[at(member)].offset;
      for (const Use& use : uses_[at(member)]) {
        const std::int64_t begin = use.begin + offset, end = use.end + offset;
        if (begin < region.end && region.begin < end &&
            !holds(use, begin == region.begin && end == region.end))
          return false;
      }
    }
    return true;
  }

  void share_copy(int call) {
    const auto& touches = touches_[at(call)];
    if (touches[0].buffer < 0 || touches[1].buffer < 0) return;
    const Touch source = in_host(touches[0]), target = in_host(touches[1]);
    if (source.buffer == target.buffer) return;
    const bool keeps_source =
        all_uses(source, [&](const Use& use, bool) { return !use.writes || use.call < call; });
    const int first = first_use(source);
    const bool has_target_alone = all_uses(target, [&](const Use& use, bool) {
      return use.call < first || (use.call >= call && (!use.writes || use.call == call));
    });
    if (keeps_source && has_target_alone && unite(source, target))
      sharing_.is_idle[at(call)] = true;
  }

  void share_in_place(int call) {
    const auto& touches = touches_[at(call)];
    const Touch& out = touches.back();
    for (std::size_t i = 0; i + 1 < touches.size(); ++i) {
      const Touch& in = touches[i];
      const bool fits = in.buffer >= 0 && in.buffer != out.buffer &&
                        in.alignment == out.alignment && in.end - in.begin == out.end - out.begin;
      if (fits && share_in_place(call, in_host(in), in_host(out))) return;
    }
  }

  bool share_in_place(int call, const Touch& in, const Touch& out) {
    if (in.buffer == out.buffer) return false;
    // The call itself may read these very bytes more than once, but no others that overlap them.
    const bool dies = all_uses(in, [&](const Use& use, bool is_same) {
      return use.call < call || (use.call == call && is_same);
    });
    const bool begins = all_uses(out, [&](const Use& use, bool) {
      return use.call > call || (use.call == call && !use.reads);
    });
    return dies && begins && unite(in, out);
  }

  /// The first call that touches the region.
  int first_use(const Touch& region) const {
    int first = kAfter;
    all_uses(region, [&](const Use& use, bool) {
      first = std::min(first, use.call);
      return true;
    });
    return first;
  }

  /// Makes two regions one; the host of one of them must be that region and nothing else. State
  /// stays where it is: others may lie in it.
  bool unite(const Touch& a, const Touch& b) {
    const auto can_host = [&](int host) {
      return !is_fixed_[at(host)] || lowering_.buffers[at(host)].is_state;
    };
    if (is_all_of_host(b) && !is_fixed_[at(b.buffer)] && can_host(a.buffer))
      return move_into(b.buffer, a.buffer, a.begin);
    if (is_all_of_host(a) && !is_fixed_[at(a.buffer)] && can_host(b.buffer))
      return move_into(a.buffer, b.buffer, b.begin);
    return false;
  }

  bool move_into(int guest, int host, std::int64_t offset) {
    for (int member : members_[at(guest)])
      if ((sharing_.places[at(member)].offset + offset) % alignments_[at(member)] != 0)
        return false;
    for (int member : members_[at(guest)]) {
      sharing_.places[at(member)].host = host;
      sharing_.places[at(member)].offset += offset;
      members_[at(host)].push_back(member);
    }
    members_[at(guest)].clear();
    sharing_.is_empty = false;
    return true;
  }

  const ops::Lowering& lowering_;
  Freedom freedom_;
  Sharing sharing_;
  std::vector<std::vector<Touch>> touches_;  // by call
  std::vector<std::vector<Use>> uses_;       // by buffer
  std::vector<int> alignments_;              // by buffer
  std::vector<std::vector<int>> members_;    // by host: the buffers in it, itself included
  std::vector<bool> is_fixed_;               // by buffer
};

}  // namespace

Sharing share_memory(const ops::Lowering& lowering, Freedom freedom) {
  return Sharer(lowering, freedom).run();
}

}  // namespace mote::compiler
