#include <algorithm>
#include <numeric>

#include "mote/compiler/plan/first_fit.h"

namespace mote::plan {
namespace {

constexpr int kMostBuffers = 64;
constexpr int kMostSteps = 100'000;  // buffers put somewhere: some ten milliseconds

/// Branch and bound over the layouts in which each buffer stands on one below it, or on the ground:
/// some smallest layout is of that kind, and is found by putting down the buffers from the lowest
/// to the highest. The idea is that of M. Moffitt's minimalloc (ASPLOS 2023).
class Search {
 public:
  Search(std::span<const Buffer> buffers, Layout best, std::int64_t bound)
      : buffers_(buffers), best_(std::move(best)), bound_(bound) {
    for (std::size_t i = 0; i < buffers.size(); ++i)
      if (buffers[i].size > 0) open_.push_back(i);
    std::stable_sort(open_.begin(), open_.end(), [&](std::size_t a, std::size_t b) {
      return buffers[a].size > buffers[b].size;
    });
    number_moments();
    offsets_.assign(buffers.size(), 0);
    put_.assign(buffers.size(), false);
  }

  Layout run() {
    descend(0, {.offset = 0, .rank = 0}, 0);
    return std::move(best_);
  }

 private:
  /// Only the moments at which a buffer begins matter: they are numbered, and times are those
  /// numbers from now on.
  void number_moments() {
    std::vector<int> begins;
    for (std::size_t i : open_) begins.push_back(buffers_[i].first_use);
    std::sort(begins.begin(), begins.end());
    begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
    const auto number = [&](int when) {
      return static_cast<int>(std::upper_bound(begins.begin(), begins.end(), when) -
                              begins.begin()) -
             1;
    };
    first_.resize(buffers_.size()), last_.resize(buffers_.size());
    height_.assign(begins.size(), 0), waiting_.assign(begins.size(), 0);
    for (std::size_t i : open_) {
      first_[i] = number(buffers_[i].first_use), last_[i] = number(buffers_[i].last_use);
      for (int t = first_[i]; t <= last_[i]; ++t) waiting_[at(t)] += buffers_[i].size;
    }
  }

  static std::size_t at(int moment) { return static_cast<std::size_t>(moment); }

  std::int64_t ground(std::size_t i) const {
    std::int64_t highest = 0;
    for (int t = first_[i]; t <= last_[i]; ++t) highest = std::max(highest, height_[at(t)]);
    const std::int64_t alignment = buffers_[i].alignment;
    return (highest + alignment - 1) & ~(alignment - 1);
  }

  /// Whether what still waits must end above what is known: nothing more is put below `floor`.
  bool is_hopeless(std::int64_t floor) const {
    for (std::size_t t = 0; t < height_.size(); ++t)
      if (waiting_[t] > 0 && std::max(height_[t], floor) + waiting_[t] >= best_.size) return true;
    return false;
  }

  /// One buffer put down: which of open_, and where.
  struct Choice {
    std::int64_t offset;
    std::size_t rank;
  };
  /// What may be put down after `last`, the lowest first. Of several at one height only the order
  /// of their ranks is tried: the others give the same layouts.
  std::vector<Choice> choices(const Choice& last) const {
    std::vector<Choice> list;
    for (std::size_t rank = 0; rank < open_.size(); ++rank) {
      const std::size_t i = open_[rank];
      if (put_[i]) continue;
      const std::int64_t offset = ground(i);
      const bool is_above = offset > last.offset || (offset == last.offset && rank >= last.rank);
      if (is_above && offset + buffers_[i].size < best_.size) list.push_back({offset, rank});
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const Choice& a, const Choice& b) { return a.offset < b.offset; });
    return list;
  }

  void descend(std::size_t count, const Choice& last, std::int64_t top) {
    if (count == open_.size()) {
      best_ = {.offsets = offsets_, .size = top};
      return;
    }
    if (is_hopeless(last.offset)) return;
    for (const Choice& choice : choices(last)) {
      if (++steps_ > kMostSteps || best_.size <= bound_) return;
      put(choice, count, top);
    }
  }

  void put(const Choice& choice, std::size_t count, std::int64_t top) {
    const std::size_t i = open_[choice.rank];
    const std::int64_t end = choice.offset + buffers_[i].size;
    if (end >= best_.size) return;
    const std::vector<std::int64_t> before(height_.begin() + first_[i],
                                           height_.begin() + last_[i] + 1);
    for (int t = first_[i]; t <= last_[i]; ++t)
      height_[at(t)] = end, waiting_[at(t)] -= buffers_[i].size;
    put_[i] = true, offsets_[i] = choice.offset;
    descend(count + 1, choice, std::max(top, end));
    put_[i] = false;
    std::copy(before.begin(), before.end(), height_.begin() + first_[i]);
    for (int t = first_[i]; t <= last_[i]; ++t) waiting_[at(t)] += buffers_[i].size;
  }

  std::span<const Buffer> buffers_;
  Layout best_;
  std::int64_t bound_;
  std::vector<std::size_t> open_;  // buffers that take room, the largest first
  std::vector<int> first_, last_;  // moments of each buffer
  std::vector<std::int64_t> height_, waiting_, offsets_;
  std::vector<bool> put_;
  int steps_ = 0;
};

}  // namespace

Layout search_exactly(std::span<const Buffer> buffers, Layout best, std::int64_t bound) {
  const bool has_ties = std::any_of(buffers.begin(), buffers.end(),
                                    [](const Buffer& b) { return b.tied_to != Buffer::kFree; });
  if (buffers.size() > kMostBuffers || best.size <= bound || has_ties) return best;
  return Search(buffers, std::move(best), bound).run();
}

}  // namespace mote::plan
