#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "bench/watch_sets.h"
#include "tests/support/shared.h"

/// What `mote watch` promises on recordings of real machines, with one set of defaults.
namespace mote::bench {
namespace {

std::string vibration() { return (tests::shared_folder() / "data/vibration").string(); }

TEST(WatchOnBearingsRunToFailure, AlarmsInTimeAndNotDuringRunIn) {
  MOTE_NEED_SHARED("data/vibration/femto");
  const auto runs = run_to_failure(vibration(), "femto");
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 3u);
  std::vector<double> leads_s;
  for (const RunToFailure& run : *runs) {
    ASSERT_TRUE(run.alarmed) << run.machine;
    EXPECT_GT(run.alarm_s, 0.25 * run.life_s) << run.machine;
    EXPECT_GT(run.remaining_s, 0) << run.machine;
    leads_s.push_back(run.remaining_s);
  }
  std::sort(leads_s.begin(), leads_s.end());
  EXPECT_GE(leads_s[1], 30 * 60) << "median seconds from the alarm to the end";
}

TEST(WatchOnPumpMotors, FindsEveryFaultyOneAndLeavesTheHealthyOnesAlone) {
  MOTE_NEED_SHARED("data/vibration/pump45kw");
  const auto judged = judge_set(vibration(), {.dataset = "pump45kw", .group_by = ""});
  ASSERT_TRUE(judged) << judged.error().message;
  int healthy = 0, false_alarms = 0, faulty = 0, missed = 0;
  for (const JudgedRecording& r : *judged) {
    (r.healthy ? healthy : faulty) += 1;
    if (r.healthy && r.alarmed) ++false_alarms;
    if (!r.healthy && !r.alarmed) ++missed;
  }
  EXPECT_EQ(healthy, 32);
  EXPECT_EQ(faulty, 77);
  EXPECT_LE(false_alarms, 1);
  EXPECT_EQ(missed, 0);
}

}  // namespace
}  // namespace mote::bench
