#include "mote/core/learn/cross_validation.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mote::learn {
namespace {

constexpr int kDims = 4;

/// Gaussian rows of spread 1 whose mean is `step` higher in the second half.
std::vector<float> rows_with_step(int count, float step) {
  std::mt19937 random(5);
  std::normal_distribution<float> gaussian(0, 1);
  std::vector<float> rows;
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < kDims; ++j) rows.push_back(gaussian(random) + (2 * i < count ? 0 : step));
  return rows;
}

float held_out(const std::vector<float>& rows, std::vector<int> ends) {
  const int count = int(rows.size()) / kDims;
  if (ends.empty()) ends = {count};
  std::vector<float> memory(baseline_floats(kDims)), scratch(fit_scratch_floats(count, kDims));
  return held_out_score({rows.data(), count, kDims}, {ends.data(), int(ends.size())}, 0.1f,
                        scratch.data(), make_baseline(kDims, memory.data()));
}

TEST(HeldOutScore, OfSteadyRowsIsLittleMoreThanOne) {
  const float score = held_out(rows_with_step(120, 0), {});
  EXPECT_GT(score, 0.9f);
  EXPECT_LT(score, 2.0f);
}

TEST(HeldOutScore, GrowsWithWhatSettlingDidToHealthyRows) {
  EXPECT_GT(held_out(rows_with_step(120, 8), {}), 2 * held_out(rows_with_step(120, 0), {}));
}

TEST(HeldOutScore, DoesNotMindOneKnock) {
  std::vector<float> rows = rows_with_step(120, 0);
  for (int j = 0; j < kDims; ++j) rows[100 * kDims + j] = 1000;
  EXPECT_LT(held_out(rows, {}), 2.5f);
}

TEST(HeldOutScore, DoesNotMixTheScoresOfDifferentRuns) {
  // Two odd rows at the end of one run and two at the start of the next: never three of five.
  std::vector<float> rows = rows_with_step(120, 0);
  for (const int i : {108, 109, 110, 111})
    for (int j = 0; j < kDims; ++j) rows[i * kDims + j] = 1000;
  EXPECT_GT(held_out(rows, {}), 100);
  EXPECT_LT(held_out(rows, {110, 120}), 2.5f);
}

TEST(BlockStart, SharesRowsOrWholeRunsEqually) {
  const int one[] = {60};
  const int twelve[] = {5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 66};
  for (int block = 0; block <= kBlocks; ++block)
    EXPECT_EQ(block_start({one, 1}, block), 10 * block);
  for (int block = 0; block < kBlocks; ++block)
    EXPECT_EQ(block_start({twelve, 12}, block), 10 * block);
  EXPECT_EQ(block_start({twelve, 12}, kBlocks), 66);
}

}  // namespace
}  // namespace mote::learn
