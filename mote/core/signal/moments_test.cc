#include "mote/core/signal/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace mote::signal {
namespace {

TEST(Moments, OfASineAreThoseOfTheTextbook) {
  std::vector<float> sine(1000);
  for (std::size_t i = 0; i < sine.size(); ++i)
    sine[i] = float(5 + 2 * std::sin(2 * std::numbers::pi * 10 * double(i) / 1000));
  const Moments m = moments(sine.data(), 1000);
  EXPECT_NEAR(m.mean, 5, 1e-4);
  EXPECT_NEAR(m.rms, std::numbers::sqrt2, 1e-4);
  EXPECT_NEAR(m.peak, 2, 1e-2);
  EXPECT_NEAR(m.crest, std::numbers::sqrt2, 1e-2);
  EXPECT_NEAR(m.skewness, 0, 1e-3);
  EXPECT_NEAR(m.kurtosis, 1.5, 1e-3);
}

TEST(Moments, EqualTheDefinitionInDoublePrecision) {
  std::mt19937 random(3);
  std::gamma_distribution<float> skewed(2);
  std::vector<float> samples(4096);
  for (float& s : samples) s = 100 + skewed(random);
  double mean = 0, second = 0, third = 0, fourth = 0;
  for (const float s : samples) mean += double(s) / 4096;
  for (const float s : samples) {
    const double d = double(s) - mean;
    second += d * d / 4096;
    third += d * d * d / 4096;
    fourth += d * d * d * d / 4096;
  }
  const Moments m = moments(samples.data(), 4096);
  EXPECT_NEAR(m.mean, mean, 1e-3);
  EXPECT_NEAR(m.rms, std::sqrt(second), 1e-3);
  EXPECT_NEAR(m.skewness, third / std::pow(second, 1.5), 1e-2);
  EXPECT_NEAR(m.kurtosis, fourth / (second * second), 1e-2);
}

TEST(Moments, OfConstantSamplesDivideByNothing) {
  const std::vector<float> flat(64, 3.0f);
  const Moments m = moments(flat.data(), 64);
  EXPECT_EQ(m.rms, 0);
  EXPECT_EQ(m.crest, 1);
  EXPECT_EQ(m.kurtosis, 3);
}

TEST(Moments, OfFullScaleCountsDoNotOverflow) {
  const float counts[] = {-2147483648.0f, 2147483648.0f, -2147483648.0f, 2147483648.0f};
  EXPECT_NEAR(moments(counts, 4).kurtosis, 1, 1e-5);
}

}  // namespace
}  // namespace mote::signal
