#include "mote/compiler/quantize/ranges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace mote::quantize {
namespace {

/// 100,000 normal numbers, and some far outside.
std::vector<float> with_outliers(float outlier, int count) {
  std::mt19937 engine(1);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> values(100000);
  for (float& x : values) x = normal(engine);
  for (int i = 0; i < count; ++i) values[static_cast<std::size_t>(i)] = outlier;
  return values;
}

Histogram histogram_of(const std::vector<float>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Histogram histogram({*low, *high});
  histogram.add(values);
  return histogram;
}

double squared_error(const std::vector<float>& values, Range range) {
  const Parameters p = parameters_for(DType::kInt8, range);
  double sum = 0;
  for (float x : values) sum += std::pow(double{x} - double{rounded(p, x)}, 2);
  return sum / static_cast<double>(values.size());
}

TEST(Ranges, OfMinMaxAreWhatWasSeen) {
  const Range range =
      choose_range(histogram_of({0.5f, 3.0f, 2.0f}), RangeMethod::kMinMax, DType::kInt8);
  EXPECT_EQ(range.low, 0);
  EXPECT_EQ(range.high, 3);
}

TEST(Ranges, OfAPercentileLeaveOutSoManyValues) {
  std::vector<float> values;
  for (int i = -5000; i < 5000; ++i) values.push_back(static_cast<float>(i) / 1000);
  // A tenth of the values at each end: from -4 to 4, to one bin.
  const Range range =
      choose_range(histogram_of(values), RangeMethod::kPercentile, DType::kInt8, 80);
  EXPECT_NEAR(range.low, -4, 10.0 / Histogram::kBins);
  EXPECT_NEAR(range.high, 4, 10.0 / Histogram::kBins);
}

TEST(Ranges, OfAPercentileOf100AreThoseOfMinMax) {
  const Histogram histogram = histogram_of(with_outliers(30, 5));
  const Range all = choose_range(histogram, RangeMethod::kPercentile, DType::kInt8, 100);
  EXPECT_EQ(all.high, 30);
  EXPECT_EQ(all.low, histogram.range.low);
}

TEST(Ranges, OfMseHaveTheLeastError) {
  const auto values = with_outliers(30, 5);
  const Range best = choose_range(histogram_of(values), RangeMethod::kMse, DType::kInt8);
  const double error = squared_error(values, best);
  EXPECT_LT(error, squared_error(values, {-5, 30}));
  // No other range is better by more than the histogram's resolution explains.
  for (float low = -6; low <= -1; low += 0.5f)
    for (float high = 1; high <= 30; high += 0.5f)
      EXPECT_GT(squared_error(values, {low, high}), 0.97 * error) << low << " " << high;
}

TEST(Ranges, OfMseKeepWhatIsLikelyEverywhere) {
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(20000);
  for (float& x : values) x = uniform(engine);
  const Range range = choose_range(histogram_of(values), RangeMethod::kMse, DType::kInt8);
  EXPECT_LT(range.low, -0.98f);
  EXPECT_GT(range.high, 0.98f);
}

TEST(Ranges, OfEntropyLeaveOutOutliersAlone) {
  const Range range =
      choose_range(histogram_of(with_outliers(40, 5)), RangeMethod::kEntropy, DType::kInt8);
  EXPECT_LT(range.high, 20);
  EXPECT_GT(range.high, 3);
}

TEST(Ranges, OfAnyMethodHoldZeroAndStayWithinWhatWasSeen) {
  std::vector<float> values = {2.0f};
  for (int i = 0; i < 1000; ++i) values.push_back(3 + static_cast<float>(i) / 1000);
  for (const auto method :
       {RangeMethod::kMinMax, RangeMethod::kPercentile, RangeMethod::kMse, RangeMethod::kEntropy}) {
    const Range range = choose_range(histogram_of(values), method, DType::kInt8);
    EXPECT_EQ(range.low, 0) << name_of(method);
    EXPECT_LE(range.high, 3.999f) << name_of(method);
    EXPECT_GT(range.high, 2.5f) << name_of(method);
  }
}

TEST(Ranges, HaveNames) {
  EXPECT_EQ(range_method_named("mse"), RangeMethod::kMse);
  EXPECT_EQ(name_of(RangeMethod::kEntropy), "entropy");
  EXPECT_FALSE(range_method_named("best"));
}

}  // namespace
}  // namespace mote::quantize
