// Prints how `mote watch` does, with its defaults, on real recordings:
//   mote_watch_eval FOLDER      the folder has an index.csv and the recordings that it lists
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include "bench/watch_sets.h"

namespace mote::bench {
namespace {

constexpr double kMinute = 60;

bool print_runs(const std::string& root, const std::string& dataset) {
  const auto runs = run_to_failure(root, dataset);
  if (!runs) {
    std::fprintf(stderr, "%s\n", runs.error().message.c_str());
    return false;
  }
  std::printf("%s, baseline the first 10 %% of each run\n", dataset.c_str());
  std::vector<double> leads;
  for (const RunToFailure& run : *runs) {
    if (!run.alarmed) {
      std::printf("  %-12s no alarm\n", run.machine.c_str());
      continue;
    }
    leads.push_back(run.remaining_s / kMinute);
    std::printf("  %-12s alarm at %4.1f %% of life, %5.1f min before the end\n",
                run.machine.c_str(), 100 * run.alarm_s / run.life_s, run.remaining_s / kMinute);
  }
  std::sort(leads.begin(), leads.end());
  if (!leads.empty()) std::printf("  median %.1f min before the end\n", leads[leads.size() / 2]);
  return true;
}

/// Alarms among the recordings of one group with one label.
struct Tally {
  int alarms = 0, recordings = 0;
  double lowest = 1e9, highest = 0;
  void add(const JudgedRecording& r) {
    ++recordings;
    alarms += r.alarmed;
    lowest = std::min(lowest, r.ratio);
    highest = std::max(highest, r.ratio);
  }
};

bool print_set(const std::string& root, const SetPlan& plan) {
  const auto judged = judge_set(root, plan);
  if (!judged) {
    std::fprintf(stderr, "%s\n", judged.error().message.c_str());
    return false;
  }
  std::map<std::string, Tally> tallies;
  Tally faulty, independent;
  for (const JudgedRecording& r : *judged) {
    const bool same = r.split.ends_with("_same_rec");
    const std::string label = r.healthy ? (same ? "healthy, other part of the baseline's recording"
                                                : "healthy, independent")
                                        : "faulty: " + r.fault;
    tallies[label + (plan.group_by.empty() ? "" : ", " + plan.group_by + " " + r.group)].add(r);
    if (!r.healthy) faulty.add(r);
    if (r.healthy && !same) independent.add(r);
  }
  std::printf("\n%s%s%s%s\n", plan.dataset.c_str(),
              plan.group_by.empty() ? "" : ", a baseline for each ", plan.group_by.c_str(),
              plan.use_rpm ? ", shaft speed given" : "");
  for (const auto& [label, tally] : tallies)
    std::printf("  %3d of %3d alarm   %6.2f to %6.2f thresholds   %s\n", tally.alarms,
                tally.recordings, tally.lowest, tally.highest, label.c_str());
  std::printf("  in all: %d of %d faulty found, %d of %d independent healthy alarm\n",
              faulty.alarms, faulty.recordings, independent.alarms, independent.recordings);
  return true;
}

int run(const std::string& root) {
  bool ok = print_runs(root, "femto");
  for (const SetPlan& plan :
       {SetPlan{"pump45kw", "", false}, SetPlan{"adi_mfs", "speed_rpm", false},
        SetPlan{"adi_mfs", "speed_rpm", true}, SetPlan{"ceilingfan", "load", false},
        SetPlan{"hit_mfs", "speed_rpm", false}, SetPlan{"uestc", "speed_rpm", false}})
    ok = print_set(root, plan) && ok;
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  if (argc == 2) return mote::bench::run(argv[1]);
  std::fprintf(stderr, "usage: mote_watch_eval FOLDER\n");
  return 2;
}
