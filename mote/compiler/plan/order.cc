#include "mote/compiler/plan/order.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace mote::plan {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// A step as the search sees it.
struct Task {
  std::vector<int> touched;     ///< buffers that it reads or writes, each once
  std::vector<int> successors;  ///< steps that must come later
  int predecessors = 0;         ///< how many must come earlier
};

std::vector<Task> tasks_of(const Work& work) {
  const int count = static_cast<int>(work.steps.size());
  std::vector<std::set<int>> successors(work.steps.size());
  std::vector<int> writer(work.buffers.size(), -1);            // the last so far
  std::vector<std::vector<int>> readers(work.buffers.size());  // since then
  for (int s = 0; s < count; ++s) {
    const Step& step = work.steps[at(s)];
    for (int b : step.reads) {
      if (writer[at(b)] >= 0) successors[at(writer[at(b)])].insert(s);
      readers[at(b)].push_back(s);
    }
    for (int b : step.writes) {
      if (writer[at(b)] >= 0) successors[at(writer[at(b)])].insert(s);
      for (int reader : readers[at(b)])
        if (reader != s) successors[at(reader)].insert(s);
      readers[at(b)].clear(), writer[at(b)] = s;
    }
  }
  std::vector<Task> tasks(work.steps.size());
  for (int s = 0; s < count; ++s) {
    Task& task = tasks[at(s)];
    const Step& step = work.steps[at(s)];
    std::set<int> touched(step.reads.begin(), step.reads.end());
    touched.insert(step.writes.begin(), step.writes.end());
    task.touched.assign(touched.begin(), touched.end());
    task.successors.assign(successors[at(s)].begin(), successors[at(s)].end());
    for (int next : task.successors) ++tasks[at(next)].predecessors;
  }
  return tasks;
}

/// A beginning of an order: what is alive after it.
struct State {
  std::vector<int> waits;  ///< a step each: predecessors still to come; -1: done
  std::vector<int> uses;   ///< a buffer each: uses still to come
  std::vector<char> alive;
  std::vector<int> ready;  ///< steps that may come next, ascending
  std::int64_t now = 0, peak = 0;
  std::uint64_t done = 0;  ///< a hash of the set of steps done
  std::vector<int> path;
};

State first_state(const Work& work, const std::vector<Task>& tasks) {
  State state;
  state.uses.assign(work.buffers.size(), 0);
  for (int s = 0; s < static_cast<int>(tasks.size()); ++s) {
    state.waits.push_back(tasks[at(s)].predecessors);
    if (tasks[at(s)].predecessors == 0) state.ready.push_back(s);
    for (int b : tasks[at(s)].touched) ++state.uses[at(b)];
  }
  for (const Work::Memory& buffer : work.buffers) {
    state.alive.push_back(buffer.from_start);
    if (buffer.from_start) state.now += buffer.size;
  }
  state.peak = state.now;
  return state;
}

/// What a step does to a state: bytes alive while it runs and after it.
struct Effect {
  std::int64_t during, after;
};

Effect effect_of(const Work& work, const Task& task, const State& state) {
  Effect effect{state.now, state.now};
  for (int b : task.touched) {
    const Work::Memory& buffer = work.buffers[at(b)];
    if (!state.alive[at(b)]) effect.during += buffer.size, effect.after += buffer.size;
    if (state.uses[at(b)] == 1 && !buffer.to_end) effect.after -= buffer.size;
  }
  return effect;
}

std::uint64_t hash_of(int step) {  // splitmix64
  std::uint64_t z = (static_cast<std::uint64_t>(step) + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void advance(const std::vector<Task>& tasks, int step, const Effect& effect, State& state) {
  const Task& task = tasks[at(step)];
  state.now = effect.after, state.peak = std::max(state.peak, effect.during);
  state.done ^= hash_of(step);
  state.path.push_back(step);
  state.waits[at(step)] = -1;
  for (int b : task.touched) state.alive[at(b)] = true, --state.uses[at(b)];
  state.ready.erase(std::find(state.ready.begin(), state.ready.end(), step));
  for (int next : task.successors)
    if (--state.waits[at(next)] == 0)
      state.ready.insert(std::lower_bound(state.ready.begin(), state.ready.end(), next), next);
}

/// A state to be: who it comes from, and by which step.
struct Child {
  std::size_t parent;
  int step;
  Effect effect;
  std::int64_t peak;
  std::uint64_t done;
};

/// The search, level by level: after k levels every state has done k steps.
class Beam {
 public:
  Beam(const Work& work, const std::vector<Task>& tasks, std::int64_t limit)
      : work_(work), tasks_(tasks), limit_(limit) {
    constexpr std::size_t kBudget = 8'000'000;
    width_ = std::clamp<std::size_t>(kBudget / (tasks.size() * tasks.size()), 2, 256);
  }

  /// The best order that stays below the limit; empty: none was found.
  std::vector<int> run() {
    std::vector<State> states = {first_state(work_, tasks_)};
    for (std::size_t level = 0; level < tasks_.size(); ++level) {
      const std::vector<Child> children = best_children(states);
      if (children.empty()) return {};
      states = grow(std::move(states), children);
    }
    return std::move(states.front().path);
  }

 private:
  void add_children(const State& state, std::size_t parent, std::vector<Child>& list) const {
    const std::size_t before = list.size();
    for (int step : state.ready) {
      const Effect effect = effect_of(work_, tasks_[at(step)], state);
      const std::int64_t peak = std::max(state.peak, effect.during);
      if (peak >= limit_) continue;
      const Child child{parent, step, effect, peak, state.done ^ hash_of(step)};
      if (peak == state.peak && effect.after <= state.now) {
        list.resize(before);  // costs nothing now and frees for later: no need for another choice
        list.push_back(child);
        return;
      }
      list.push_back(child);
    }
  }

  /// Of children that have done the same steps the one with the lowest peak; of all, as many as the
  /// beam is wide.
  std::vector<Child> best_children(const std::vector<State>& states) const {
    std::vector<Child> list;
    for (std::size_t i = 0; i < states.size(); ++i) add_children(states[i], i, list);
    std::stable_sort(list.begin(), list.end(), [](const Child& a, const Child& b) {
      return a.done != b.done ? a.done < b.done : a.peak < b.peak;
    });
    list.erase(std::unique(list.begin(), list.end(),
                           [](const Child& a, const Child& b) { return a.done == b.done; }),
               list.end());
    std::sort(list.begin(), list.end(), [](const Child& a, const Child& b) {
      if (a.peak != b.peak) return a.peak < b.peak;
      if (a.effect.after != b.effect.after) return a.effect.after < b.effect.after;
      return a.parent != b.parent ? a.parent < b.parent : a.step < b.step;
    });
    if (list.size() > width_) list.resize(width_);
    return list;
  }

  std::vector<State> grow(std::vector<State> states, const std::vector<Child>& children) const {
    std::vector<int> heirs(states.size());
    for (const Child& child : children) ++heirs[child.parent];
    std::vector<State> next;
    next.reserve(children.size());
    for (const Child& child : children) {
      State& parent = states[child.parent];
      next.push_back(--heirs[child.parent] == 0 ? std::move(parent) : parent);
      advance(tasks_, child.step, child.effect, next.back());
    }
    return next;
  }

  const Work& work_;
  const std::vector<Task>& tasks_;
  std::int64_t limit_;  // a peak that is not worth going on from
  std::size_t width_;
};

/// What every order needs: the step that needs most, by itself.
std::int64_t least_peak(const Work& work, const std::vector<Task>& tasks) {
  std::int64_t always = 0, start = 0;
  for (const Work::Memory& buffer : work.buffers) {
    if (buffer.from_start && buffer.to_end) always += buffer.size;
    if (buffer.from_start) start += buffer.size;
  }
  std::int64_t peak = start;
  for (const Task& task : tasks) {
    std::int64_t bytes = always;
    for (int b : task.touched)
      if (!work.buffers[at(b)].from_start || !work.buffers[at(b)].to_end)
        bytes += work.buffers[at(b)].size;
    peak = std::max(peak, bytes);
  }
  return peak;
}

}  // namespace

std::int64_t peak_of(const Work& work, std::span<const int> order) {
  const std::vector<Task> tasks = tasks_of(work);
  State state = first_state(work, tasks);
  for (int step : order) advance(tasks, step, effect_of(work, tasks[at(step)], state), state);
  return state.peak;
}

std::vector<int> find_order(const Work& work) {
  std::vector<int> given(work.steps.size());
  std::iota(given.begin(), given.end(), 0);
  if (given.empty()) return given;
  const std::int64_t peak = peak_of(work, given);
  const std::vector<Task> tasks = tasks_of(work);
  if (peak <= least_peak(work, tasks)) return given;
  std::vector<int> found = Beam(work, tasks, peak).run();
  return found.empty() ? given : found;
}

}  // namespace mote::plan
