#include "mote/core/learn/sustained.h"

#include <gtest/gtest.h>

namespace mote::learn {
namespace {

Sustained after(std::initializer_list<float> scores) {
  Sustained sustained;
  for (const float s : scores) sustained.push(s);
  return sustained;
}

TEST(Sustained, SaysNothingBeforeThreeScores) {
  EXPECT_FALSE(after({9, 9}).ready());
  EXPECT_EQ(after({9, 9}).high(), 0);
}

TEST(Sustained, OfThreeScoresIsTheLowestAndTheHighest) {
  EXPECT_EQ(after({9, 7, 8}).high(), 7);
  EXPECT_EQ(after({9, 7, 8}).low(), 9);
}

TEST(Sustained, IsBlindToTwoKnocks) { EXPECT_EQ(after({1, 100, 1, 100, 2}).high(), 2); }

TEST(Sustained, SeesThreeScoresOutOfFive) { EXPECT_EQ(after({8, 1, 9, 1, 7}).high(), 7); }

TEST(Sustained, ForgetsWhatIsOlderThanFiveScores) {
  EXPECT_EQ(after({9, 9, 9, 1, 1, 1}).high(), 1);
}

}  // namespace
}  // namespace mote::learn
