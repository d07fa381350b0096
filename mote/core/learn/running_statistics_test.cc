#include "mote/core/learn/running_statistics.h"

#include <gtest/gtest.h>

namespace mote::learn {
namespace {

TEST(RunningStatistics, EqualTheDefinition) {
  RunningStatistics statistics;
  for (const float x : {2.0f, 4.0f, 4.0f, 4.0f, 5.0f, 5.0f, 7.0f, 9.0f}) statistics.add(x);
  EXPECT_EQ(statistics.count(), 8);
  EXPECT_DOUBLE_EQ(statistics.mean(), 5);
  EXPECT_DOUBLE_EQ(statistics.variance(), 32.0 / 7);
}

TEST(RunningStatistics, KeepTheirDigitsOnALargeOffset) {
  RunningStatistics statistics;
  for (int i = 0; i < 1000; ++i) statistics.add(8388608.0f + float(i % 2));
  EXPECT_NEAR(statistics.variance(), 0.25, 1e-3);
}

TEST(RunningStatistics, OfOneNumberHaveNoVariance) {
  RunningStatistics statistics;
  statistics.add(3);
  EXPECT_EQ(statistics.variance(), 0);
}

}  // namespace
}  // namespace mote::learn
