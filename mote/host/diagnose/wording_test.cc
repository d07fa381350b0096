#include "mote/host/diagnose/wording.h"

#include <gtest/gtest.h>

#include "mote/host/diagnose/report.h"

namespace mote::diagnose {
namespace {

/// Windows of 1 s with the given scores, judged by a threshold of 10; the first two are the
/// baseline.
Diagnosis with_scores(std::initializer_list<float> scores) {
  Diagnosis d{.name = "a.wav", .axes = {"x", "y"}};
  d.healthy.plan = {.window = 4096, .axes = 2, .sample_rate_hz = 16384, .shaft_hz = 25};
  d.healthy.threshold = 10;
  d.first_judged = 2;
  for (const float s : scores) {
    Judged w{.window = {.t_s = double(d.windows.size())}, .score = s};
    w.baseline = d.windows.size() < 2;
    w.verdict = s > 10  ? watch::Verdict::kAlarm
                : s > 5 ? watch::Verdict::kAttention
                        : watch::Verdict::kNormal;
    d.windows.push_back(w);
  }
  return d;
}

TEST(FeatureName, IsPlain) {
  const Diagnosis d = with_scores({1});
  EXPECT_EQ(feature_name(d, 10), "axis x 4.1-8.19 kHz band");
  EXPECT_EQ(feature_name(d, 4), "axis x 64-128 Hz band");
  EXPECT_EQ(feature_name(d, 19 + 11), "axis y level (RMS)");
  EXPECT_EQ(feature_name(d, 19 + 17), "axis y vibration at 2x shaft speed");
}

TEST(DescribeMove, SaysDecibelsAndHowManyTimes) {
  const Diagnosis d = with_scores({1});
  EXPECT_EQ(describe_move(d, {.place = 11, .db = 20}), "axis x level (RMS) up 20 dB (10 times)");
  EXPECT_EQ(describe_move(d, {.place = 11, .db = 1.5f}), "axis x level (RMS) up 1.5 dB");
  EXPECT_EQ(describe_move(d, {.place = 11, .db = -8}), "axis x level (RMS) down 8.0 dB");
}

TEST(Duration, UsesTheUnitThatAPersonWould) {
  EXPECT_EQ(duration(0.32), "0.32 s");
  EXPECT_EQ(duration(47.36), "47.4 s");
  EXPECT_EQ(duration(2120), "35 min 20 s");
  EXPECT_EQ(duration(28020), "7 h 47 min");
}

TEST(Trend, ShowsABarAWindowWithTheThresholdInTheMiddle) {
  EXPECT_EQ(trend(with_scores({1, 1, 1, 5, 9, 10, 14.5f, 80}), 72), "▁▁▁▃▄▅▆█");
  EXPECT_EQ(trend_marks(with_scores({1, 1, 1, 6, 9, 10, 14.5f, 80}), 72), ".. ~~~!!");
}

TEST(LikelyCause, FollowsWhatMovedMost) {
  const Diagnosis d = with_scores({1});
  const auto cause = [&](std::vector<Mover> movers) {
    return likely_cause(d, {.movers = std::move(movers)});
  };
  EXPECT_NE(cause({{.place = 16, .spreads = 9, .db = 12}}).find("imbalance"), std::string::npos);
  EXPECT_NE(cause({{.place = 17, .spreads = 9, .db = 12}}).find("misalignment"), std::string::npos);
  EXPECT_NE(cause({{.place = 15, .spreads = 9, .db = 7}, {.place = 10, .spreads = 8, .db = 9}})
                .find("bearing"),
            std::string::npos);
  EXPECT_NE(cause({{.place = 10, .spreads = 8, .db = 9}}).find("lubrication"), std::string::npos);
  EXPECT_NE(cause({{.place = 11, .spreads = -30, .db = -30}}).find("look at the sensor"),
            std::string::npos);
}

}  // namespace
}  // namespace mote::diagnose
