#include "mote/compiler/passes/bands_estimate.h"

#include <algorithm>

namespace mote::passes {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Walks over a schedule, and keeps count of the bytes that are alive.
class Walk {
 public:
  Walk(const graph::Graph& graph, const Schedule& schedule, bool writes_over, std::int64_t beside)
      : graph_(graph),
        schedule_(schedule),
        writes_over_(writes_over),
        live_(beside),
        alive_(schedule.rows.size()) {
    last_reader_.resize(schedule.rows.size());
    row_bytes_.resize(schedule.rows.size());
    for (std::size_t t = 0; t < schedule.place.size(); ++t)
      if (schedule.place[t] >= 0 && !graph.tensors[t].is_source)
        row_bytes_[at(schedule.place[t])] = row_bytes(graph.tensors[t]);
    for (std::size_t n = schedule.region.first; n <= schedule.region.last; ++n)
      for (int input : graph.nodes[n].inputs)
        if (input != graph::kNoTensor && schedule.find(input))
          last_reader_[at(schedule.place[at(input)])] = n;
  }

  /// All rows of an entry are there; `stays`: to the end.
  void enter(int tensor, bool stays) {
    const std::size_t i = at(schedule_.place[at(tensor)]);
    set(i, graph_.tensors[at(tensor)].shape[1]);
    if (stays) last_reader_[i] = schedule_.region.last + 1;
  }

  std::int64_t peak() {
    peak_ = live_;
    for (std::size_t b = 0; b < schedule_.bands; ++b)
      for (std::size_t n = schedule_.region.first; n <= schedule_.region.last; ++n) step(n, b);
    return peak_;
  }

 private:
  void set(std::size_t i, int rows) {
    live_ += (rows - alive_[i]) * row_bytes_[i];
    alive_[i] = rows;
  }

  void step(std::size_t n, std::size_t band) {
    const graph::Node& node = graph_.nodes[n];
    peak_ = std::max(peak_, live_);
    const int out = node.outputs[0];
    const BandRows& made = *schedule_.find(out);
    const std::size_t o = at(schedule_.place[at(out)]);
    set(o, alive_[o] + made.end[band] - made.begin(band));
    if (!writes_over_) peak_ = std::max(peak_, live_);
    for (int input : node.inputs) {
      if (input == graph::kNoTensor || !schedule_.find(input)) continue;
      const std::size_t i = at(schedule_.place[at(input)]);
      if (last_reader_[i] != n) continue;
      const BandRows& rows = schedule_.rows[i];
      const bool is_over = band + 1 == schedule_.bands;
      const int end = rows.is_entry ? graph_.tensors[at(input)].shape[1] : rows.end[band];
      set(i, is_over ? 0 : std::max(0, end - rows.kept_from(band)));
    }
    peak_ = std::max(peak_, live_);
  }

  const graph::Graph& graph_;
  const Schedule& schedule_;
  bool writes_over_;
  std::int64_t live_, peak_ = 0;
  std::vector<int> alive_;  // rows, by place
  std::vector<std::int64_t> row_bytes_;
  std::vector<std::size_t> last_reader_;
};

}  // namespace

LiveBytes::LiveBytes(const graph::Graph& graph, bool writes_over)
    : graph_(graph),
      writes_over_(writes_over),
      lives_(graph.tensors.size()),
      during_(graph.nodes.size()) {
  const int count = static_cast<int>(graph.nodes.size());
  for (std::size_t t = 0; t < lives_.size(); ++t)
    if (!graph.tensors[t].is_constant() && !graph.tensors[t].is_resource &&
        !graph.tensors[t].is_source)
      lives_[t].bytes = graph::byte_count(graph.tensors[t]);
  for (int input : graph.inputs) lives_[at(input)].first = lives_[at(input)].last = -1;
  for (int n = 0; n < count; ++n) {
    const graph::Node& node = graph.nodes[at(n)];
    for (int input : node.inputs)
      if (input != graph::kNoTensor) lives_[at(input)].last = n;
    for (int output : node.outputs) lives_[at(output)].first = lives_[at(output)].last = n;
  }
  for (int output : graph.outputs) lives_[at(output)].last = count;
  for (int n = 0; n < count; ++n) {
    std::int64_t before = 0, after = 0, both = 0;
    for (const Life& life : lives_) {
      if (life.first < n && n <= life.last) before += life.bytes;
      if (life.first <= n && n < life.last) after += life.bytes;
      if (life.first <= n && n <= life.last) both += life.bytes;
    }
    during_[at(n)] = writes_over ? std::max(before, after) : both;
  }
}

std::size_t LiveBytes::peak() const {
  return static_cast<std::size_t>(std::max_element(during_.begin(), during_.end()) -
                                  during_.begin());
}

std::int64_t LiveBytes::beside(const Schedule& schedule) const {
  const int first = static_cast<int>(schedule.region.first);
  const int last = static_cast<int>(schedule.region.last);
  std::int64_t bytes = 0;
  for (std::size_t t = 0; t < lives_.size(); ++t)
    if (schedule.place[t] < 0 && lives_[t].first < first && lives_[t].last > last)
      bytes += lives_[t].bytes;
  return bytes;
}

std::int64_t LiveBytes::peak_with(const Schedule& schedule) const {
  Walk walk(graph_, schedule, writes_over_, beside(schedule));
  for (std::size_t t = 0; t < schedule.place.size(); ++t)
    if (const BandRows* rows = schedule.find(static_cast<int>(t)); rows && rows->is_entry)
      walk.enter(static_cast<int>(t), lives_[t].last > static_cast<int>(schedule.region.last));
  std::int64_t peak = walk.peak();
  for (std::size_t n = 0; n < during_.size(); ++n)
    if (n < schedule.region.first || n > schedule.region.last) peak = std::max(peak, during_[n]);
  return peak;
}

}  // namespace mote::passes
