#include "mote/compiler/plan/replay.h"

#include <algorithm>
#include <map>

#include "mote/support/cat.h"

namespace mote::plan {
namespace {

std::int64_t end_of(const Span& span) { return span.begin + span.size; }

bool overlap(const Span& a, const Span& b) {
  return a.size > 0 && b.size > 0 && a.begin < end_of(b) && b.begin < end_of(a);
}

/// Neighbouring bytes that were made together; byte k of them is number `value` + k of all bytes
/// ever made.
struct Run {
  std::int64_t begin = 0, end = 0, value = 0;
};

/// What each byte holds.
class Memory {
 public:
  /// What the span holds, by offsets from its beginning; bytes never written are left out.
  std::vector<Run> read(const Span& span) const {
    std::vector<Run> result;
    auto it = runs_.upper_bound(span.begin);
    if (it != runs_.begin()) --it;
    for (; it != runs_.end() && it->first < end_of(span); ++it) {
      const std::int64_t begin = std::max(it->first, span.begin);
      const std::int64_t end = std::min(it->second.end, end_of(span));
      if (begin < end)
        result.push_back({.begin = begin - span.begin,
                          .end = end - span.begin,
                          .value = it->second.value + begin - it->first});
    }
    return result;
  }

  void write(const Span& span, const std::vector<Run>& content) {
    clear(span);
    for (const Run& run : content)
      runs_[span.begin + run.begin] = {run.begin, span.begin + run.end, run.value};
  }

 private:
  void clear(const Span& span) {
    split(span.begin), split(end_of(span));
    runs_.erase(runs_.lower_bound(span.begin), runs_.lower_bound(end_of(span)));
  }

  /// Makes a run begin at `where` if one goes across.
  void split(std::int64_t where) {
    auto it = runs_.upper_bound(where);
    if (it == runs_.begin()) return;
    --it;
    if (it->first == where || it->second.end <= where) return;
    const Run rest{
        .begin = 0, .end = it->second.end, .value = it->second.value + where - it->first};
    it->second.end = where;
    runs_[where] = rest;
  }

  std::map<std::int64_t, Run> runs_;  // by where they begin; Run::begin is not used
};

/// Whether every byte that is wanted is there.
bool holds(const std::vector<Run>& present, const std::vector<Run>& wanted) {
  auto it = present.begin();
  for (const Run& run : wanted)
    for (std::int64_t at = run.begin; at < run.end; at = it->end) {
      while (it != present.end() && it->end <= at) ++it;
      if (it == present.end() || it->begin > at) return false;
      if (it->value + at - it->begin != run.value + at - run.begin) return false;
    }
  return true;
}

class Player {
 public:
  explicit Player(const Schedule& planned) : next_(planned.motions.begin()), planned_(planned) {}

  Result<void> play(const Schedule& wanted) {
    if (wanted.at_start.size() != planned_.at_start.size() ||
        wanted.at_end.size() != planned_.at_end.size())
      return bad_input("the schedules do not start and end with as many spans");
    for (std::size_t i = 0; i < wanted.at_start.size(); ++i)
      make(wanted.at_start[i], planned_.at_start[i]);
    for (const Motion& motion : wanted.motions) MOTE_TRY(play(motion));
    if (next_ != planned_.motions.end())
      return bad_input(cat("step ", next_->step, " is not among those wanted, or not in order"));
    for (std::size_t i = 0; i < wanted.at_end.size(); ++i)
      if (!is_kept(wanted.at_end[i], planned_.at_end[i]))
        return bad_input(cat("span ", i, " of those read at the end holds something else"));
    return {};
  }

 private:
  Result<void> play(const Motion& want) {
    if (next_ == planned_.motions.end() || next_->step != want.step) {
      if (!want.carries)
        return bad_input(cat("step ", want.step, " is left out, though it computes"));
      wanted_memory_.write(want.writes[0], wanted_memory_.read(want.reads[0]));
      return {};
    }
    const Motion& plan = *next_++;
    MOTE_TRY(check_shape(want, plan));
    for (std::size_t i = 0; i < want.reads.size(); ++i)
      if (!is_kept(want.reads[i], plan.reads[i])) return wrong_read(want, i);
    for (std::size_t i = 0; i < want.updates.size(); ++i)
      if (!is_kept(want.updates[i], plan.updates[i])) return wrong_read(want, i);
    if (want.carries) {
      wanted_memory_.write(want.writes[0], wanted_memory_.read(want.reads[0]));
      planned_memory_.write(plan.writes[0], planned_memory_.read(plan.reads[0]));
      return {};
    }
    for (std::size_t i = 0; i < want.writes.size(); ++i) make(want.writes[i], plan.writes[i]);
    for (std::size_t i = 0; i < want.updates.size(); ++i) make(want.updates[i], plan.updates[i]);
    return {};
  }

  /// That the step's own spans may lie to each other as they do.
  static Result<void> check_shape(const Motion& want, const Motion& plan) {
    if (want.reads.size() != plan.reads.size() || want.writes.size() != plan.writes.size() ||
        want.updates.size() != plan.updates.size())
      return bad_input(cat("step ", want.step, " touches another number of spans"));
    std::vector<Span> out = plan.writes;
    out.insert(out.end(), plan.updates.begin(), plan.updates.end());
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (overlap(out[i], out[j]))
          return bad_input(cat("step ", want.step, " writes the same bytes twice"));
      for (const Span& read : plan.reads) {
        const bool is_same = read.begin == out[i].begin && read.size == out[i].size;
        const bool is_behind =
            plan.lead && &read == plan.reads.data() && read.begin - out[i].begin >= *plan.lead;
        const bool may_be = (is_behind || (plan.is_in_place && is_same)) && i < plan.writes.size();
        if (overlap(read, out[i]) && !may_be)
          return bad_input(cat("step ", want.step, " writes over what it reads"));
      }
    }
    return {};
  }

  static Result<void> wrong_read(const Motion& want, std::size_t i) {
    return bad_input(cat("step ", want.step, " would read something else in its span ", i));
  }

  bool is_kept(const Span& want, const Span& plan) const {
    return want.size == plan.size && holds(planned_memory_.read(plan), wanted_memory_.read(want));
  }

  /// New bytes, the same in both.
  void make(const Span& want, const Span& plan) {
    const std::vector<Run> fresh = {{.begin = 0, .end = want.size, .value = next_value_}};
    next_value_ += want.size;
    if (want.size == 0) return;
    wanted_memory_.write(want, fresh), planned_memory_.write(plan, fresh);
  }

  std::vector<Motion>::const_iterator next_;
  const Schedule& planned_;
  Memory wanted_memory_, planned_memory_;
  std::int64_t next_value_ = 0;
};

}  // namespace

Result<void> replay(const Schedule& wanted, const Schedule& planned) {
  return Player(planned).play(wanted);
}

}  // namespace mote::plan
