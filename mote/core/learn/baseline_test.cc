#include "mote/core/learn/baseline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace mote::learn {
namespace {

constexpr int kDims = 6;

/// Rows of a Gaussian: mean 10 * feature, spread 2, neighbours correlated by sharing a summand.
std::vector<float> healthy_rows(int count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> gaussian(0, 1);
  std::vector<float> rows;
  for (int i = 0; i < count; ++i) {
    float shared = gaussian(random);
    for (int j = 0; j < kDims; ++j) {
      const float own = gaussian(random);
      rows.push_back(10 * float(j) + std::sqrt(2.0f) * (shared + own));
      shared = own;
    }
  }
  return rows;
}

struct Fitted {
  std::vector<float> memory = std::vector<float>(baseline_floats(kDims));
  Baseline baseline = make_baseline(kDims, memory.data());
  int kept = 0;

  explicit Fitted(const std::vector<float>& rows, float floor = 0.1f) {
    const int count = int(rows.size()) / kDims;
    std::vector<float> scratch(fit_scratch_floats(count, kDims));
    kept = fit_baseline({rows.data(), count, kDims}, floor, scratch.data(), baseline);
  }
  float score_of(const float* row) const {
    float z[kDims];
    return score(baseline, row, z);
  }
};

TEST(FitBaseline, FindsCentreAndSpread) {
  const Fitted fitted(healthy_rows(4000));
  for (int j = 0; j < kDims; ++j) {
    EXPECT_NEAR(fitted.baseline.center[j], 10 * j, 0.15);
    EXPECT_NEAR(fitted.baseline.spread[j], 2, 0.1);
  }
}

TEST(FitBaseline, ScoresUnseenHealthyRowsAboutOne) {
  const Fitted fitted(healthy_rows(4000));
  const std::vector<float> unseen = healthy_rows(500, 2);
  double squares = 0;
  for (int i = 0; i < 500; ++i) squares += std::pow(fitted.score_of(&unseen[i * kDims]), 2) / 500;
  EXPECT_NEAR(squares, 1, 0.1);
}

TEST(FitBaseline, ScoresAgainstTheCorrelationHigherThanAlongIt) {
  const Fitted fitted(healthy_rows(4000));
  float along[kDims], against[kDims];
  for (int j = 0; j < kDims; ++j) {
    along[j] = 10 * float(j) + 4;
    against[j] = 10 * float(j) + (j % 2 == 0 ? 4.0f : -4.0f);
  }
  EXPECT_GT(fitted.score_of(against), 1.5f * fitted.score_of(along));
}

TEST(FitBaseline, IsNotPulledByTheOddRow) {
  std::vector<float> rows = healthy_rows(40);
  for (int j = 0; j < kDims; ++j) rows[7 * kDims + j] = -500;  // the machine stood still
  const Fitted fitted(rows);
  EXPECT_EQ(fitted.kept, 39);
  for (int j = 0; j < kDims; ++j) EXPECT_NEAR(fitted.baseline.center[j], 10 * j, 2);
}

TEST(FitBaseline, WorksFromFewerRowsThanFeatures) {
  const Fitted fitted(healthy_rows(4));
  const float far[kDims] = {100, 100, 100, 100, 100, 100};
  EXPECT_TRUE(std::isfinite(fitted.score_of(far)));
  EXPECT_GT(fitted.score_of(far), 5);
}

TEST(FitBaseline, GivesAFeatureThatNeverMovedTheFloorForItsSpread) {
  std::vector<float> rows = healthy_rows(40);
  for (int i = 0; i < 40; ++i) rows[i * kDims + 3] = 5;
  const Fitted fitted(rows, /*floor=*/0.5f);
  EXPECT_FLOAT_EQ(fitted.baseline.spread[3], 0.5f);
  EXPECT_TRUE(std::isfinite(fitted.score_of(rows.data())));
}

TEST(ShrinkCovariance, ShrinksFewRowsMoreThanMany) {
  const auto weight = [](int count) {
    const std::vector<float> rows = healthy_rows(count);
    std::vector<float> s(packed(kDims, 0));
    double fourth = 0;
    for (int i = 0; i < count; ++i) {
      double norm = 0;
      for (int a = 0; a < kDims; ++a) {
        const float x = rows[i * kDims + a] - 10 * float(a);
        norm += double(x) * double(x);
        for (int b = 0; b <= a; ++b)
          s[packed(a, b)] += x * (rows[i * kDims + b] - 10 * float(b)) / float(count);
      }
      fourth += norm * norm;
    }
    return shrink_covariance(s.data(), kDims, count, fourth);
  };
  EXPECT_GT(weight(8), 3 * weight(200));
  EXPECT_LT(weight(5000), 0.02);
}

}  // namespace
}  // namespace mote::learn
