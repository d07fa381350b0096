#include "mote/core/learn/order_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace mote::learn {
namespace {

TEST(SelectRank, FindsWhatSortingFinds) {
  std::mt19937 random(11);
  for (int count = 1; count <= 40; ++count) {
    std::uniform_int_distribution<int> few_values(0, count / 2);  // many are equal
    std::vector<float> values(count);
    for (float& v : values) v = float(few_values(random));
    std::vector<float> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (int rank = 0; rank < count; ++rank) {
      std::vector<float> scratch = values;
      EXPECT_EQ(select_rank(scratch.data(), count, rank), sorted[rank]);
    }
  }
}

TEST(Median, IsTheMiddleValueOrTheMeanOfTheMiddleTwo) {
  float odd[] = {9, 1, 5}, even[] = {9, 1, 5, 2};
  EXPECT_EQ(median(odd, 3), 5);
  EXPECT_EQ(median(even, 4), 3.5f);
}

}  // namespace
}  // namespace mote::learn
