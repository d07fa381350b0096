#include "mote/host/diagnose/diagnosis.h"

#include <algorithm>
#include <cmath>

namespace mote::diagnose {
namespace {

constexpr std::size_t kMemory = learn::Sustained::kMemory;

/// The first of the last five judged windows up to `raised` whose score exceeds the threshold.
std::size_t first_above(const Diagnosis& d, std::size_t raised) {
  std::size_t first = raised;
  for (std::size_t i = raised; i + kMemory > raised && i >= d.first_judged; --i) {
    if (d.windows[i].score > d.healthy.threshold) first = i;
    if (i == 0) break;
  }
  return first;
}

std::vector<Mover> largest_first(std::vector<Mover> movers) {
  std::stable_sort(movers.begin(), movers.end(), [](const Mover& a, const Mover& b) {
    return std::fabs(a.spreads) > std::fabs(b.spreads);
  });
  return movers;
}

}  // namespace

std::vector<Mover> moves(const FeatureTable& table, const Healthy& healthy, std::size_t begin,
                         std::size_t end) {
  const learn::Baseline baseline = healthy.baseline();
  std::vector<Mover> movers;
  for (int place = 0; place < table.plan.dims(); ++place) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += static_cast<double>(table.row(i)[place]);
    const float db =
        static_cast<float>(sum / static_cast<double>(end - begin)) - baseline.center[place];
    movers.push_back({.place = place, .spreads = db / baseline.spread[place], .db = db});
  }
  return movers;
}

void judge(const FeatureTable& table, const Healthy& healthy, const Score& score,
           std::size_t first_judged, Diagnosis& diagnosis) {
  diagnosis.first_judged = first_judged;
  diagnosis.windows.clear();
  std::vector<float> z(static_cast<std::size_t>(table.plan.dims()));
  watch::Alarm alarm(healthy.threshold);
  for (std::size_t i = 0; i < table.windows.size(); ++i) {
    Judged judged{.window = table.windows[i],
                  .baseline = i < first_judged,
                  .score = score(healthy.baseline(), table.row(i), z.data())};
    const auto movers = largest_first(moves(table, healthy, i, i + 1));
    std::copy_n(movers.begin(), std::size(judged.moved), judged.moved);
    const bool before = alarm.alarmed();
    if (!judged.baseline) judged.verdict = alarm.update(judged.score);
    diagnosis.windows.push_back(judged);
    if (!before && alarm.alarmed()) {
      const std::size_t since = first_above(diagnosis, i);
      diagnosis.episodes.push_back({.since = since,
                                    .raised = i,
                                    .end = i + 1,
                                    .movers = largest_first(moves(table, healthy, since, i + 1))});
    }
    if (alarm.alarmed()) diagnosis.episodes.back().end = i + 1;
  }
  const std::size_t count = table.windows.size();
  diagnosis.movers_at_end = moves(table, healthy, count > kMemory ? count - kMemory : 0, count);
}

}  // namespace mote::diagnose
