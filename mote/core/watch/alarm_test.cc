#include "mote/core/watch/alarm.h"

#include <gtest/gtest.h>

#include <vector>

namespace mote::watch {
namespace {

constexpr float kThreshold = 10;

std::vector<Verdict> verdicts(std::initializer_list<float> scores) {
  Alarm alarm(kThreshold);
  std::vector<Verdict> all;
  for (const float s : scores) all.push_back(alarm.update(s));
  return all;
}

constexpr Verdict kN = Verdict::kNormal, kW = Verdict::kAttention, kA = Verdict::kAlarm;

TEST(Alarm, IsRaisedAtTheThirdWindowOfFiveAboveTheThreshold) {
  EXPECT_EQ(verdicts({1, 1, 11, 1, 11, 11}), (std::vector{kN, kN, kN, kN, kN, kA}));
}

TEST(Alarm, IsNotRaisedByTwoKnocksInARow) {
  EXPECT_EQ(verdicts({1, 1, 99, 99, 1, 1, 1}), (std::vector{kN, kN, kN, kN, kN, kN, kN}));
}

TEST(Alarm, IsHeldWhileScoresFlutterAroundTheThreshold) {
  EXPECT_EQ(verdicts({11, 11, 11, 9, 8, 9, 6, 9, 11}),
            (std::vector{kN, kN, kA, kA, kA, kA, kA, kA, kA}));
}

TEST(Alarm, IsReleasedOnceThreeOfFiveAreBelowHalf) {
  EXPECT_EQ(verdicts({11, 11, 11, 4, 4, 4, 4}), (std::vector{kN, kN, kA, kA, kA, kN, kN}));
}

TEST(Alarm, AsksForAttentionBetweenHalfAndTheThreshold) {
  EXPECT_EQ(verdicts({6, 6, 6, 6, 1, 1, 1}), (std::vector{kN, kN, kW, kW, kW, kW, kN}));
}

}  // namespace
}  // namespace mote::watch
