#include "mote/core/watch/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "mote/core/signal/window.h"

namespace mote::watch {
namespace {

/// Features of one window of interleaved frames.
std::vector<float> features_of(const FeaturePlan& plan, const std::vector<float>& frames) {
  std::vector<float> hann(plan.window), samples(plan.window), features(plan.dims());
  std::vector<signal::Complex> twiddles(plan.window / 2), spectrum(plan.window / 2 + 1);
  signal::make_hann(plan.window, hann.data());
  signal::make_twiddles(plan.window, twiddles.data());
  extract_features(plan, frames.data(),
                   {hann.data(), twiddles.data(), samples.data(), spectrum.data()},
                   features.data());
  return features;
}

int place_of(const FeaturePlan& plan, int axis, FeatureKind kind, int index) {
  for (int i = 0; i < plan.dims(); ++i) {
    const FeatureId id = feature_id(plan, i);
    if (id.axis == axis && id.kind == kind && id.index == index) return i;
  }
  return -1;
}

std::vector<float> sine(int count, double cycles_a_frame, double amplitude) {
  std::vector<float> samples;
  for (int i = 0; i < count; ++i)
    samples.push_back(float(amplitude * std::sin(2 * std::numbers::pi * cycles_a_frame * i)));
  return samples;
}

constexpr FeaturePlan kPlan{.window = 1024, .axes = 1, .sample_rate_hz = 1024, .shaft_hz = 40};

TEST(FeaturePlan, GivesEveryPlaceOneFeature) {
  const FeaturePlan plan{.window = 4096, .axes = 3, .sample_rate_hz = 20000, .shaft_hz = 10};
  EXPECT_EQ(plan.dims(), 3 * (11 + 5 + 3));
  for (int i = 0; i < plan.dims(); ++i) {
    const FeatureId id = feature_id(plan, i);
    EXPECT_EQ(place_of(plan, id.axis, id.kind, id.index), i);
  }
}

TEST(Features, OfASineAreItsMeanSquareInItsBandAndOrder) {
  const auto features = features_of(kPlan, sine(1024, 40.0 / 1024, 2));
  const double db = 10 * std::log10(2.0 * 2 / 2);
  EXPECT_NEAR(features[place_of(kPlan, 0, FeatureKind::kBand, 5)], db, 0.01) << "bins 33 to 64";
  EXPECT_NEAR(features[place_of(kPlan, 0, FeatureKind::kLevel, 0)], db, 0.01);
  EXPECT_NEAR(features[place_of(kPlan, 0, FeatureKind::kOrder, 1)], db, 0.01);
  EXPECT_NEAR(features[place_of(kPlan, 0, FeatureKind::kCrest, 0)], 10 * std::log10(2.0), 0.05);
  EXPECT_NEAR(features[place_of(kPlan, 0, FeatureKind::kKurtosis, 0)], 10 * std::log10(1.5), 0.01);
  EXPECT_LT(features[place_of(kPlan, 0, FeatureKind::kOrder, 2)], db - 60);
}

TEST(Features, MoveByTheGainWhenTheSensorsGainChanges) {
  std::mt19937 random(2);
  std::normal_distribution<float> gaussian(0, 1);
  std::vector<float> noise(1024), louder(1024);
  for (int i = 0; i < 1024; ++i) {
    noise[i] = gaussian(random);
    louder[i] = 10 * noise[i];
  }
  const auto a = features_of(kPlan, noise), b = features_of(kPlan, louder);
  for (int i = 0; i < kPlan.dims(); ++i) {
    const FeatureKind kind = feature_id(kPlan, i).kind;
    const bool level =
        kind == FeatureKind::kBand || kind == FeatureKind::kLevel || kind == FeatureKind::kOrder;
    EXPECT_NEAR(b[i] - a[i], level ? 20 : 0, 0.01) << "feature " << i;
  }
}

TEST(Features, OfSilenceAreFinite) {
  for (const float f : features_of(kPlan, std::vector<float>(1024, 5))) {
    EXPECT_TRUE(std::isfinite(f));
    EXPECT_LE(f, 10);
  }
}

TEST(Features, OfEveryAxisAreThoseOfTheAxisAlone) {
  const FeaturePlan two{.window = 1024, .axes = 2, .sample_rate_hz = 1024};
  const FeaturePlan one{.window = 1024, .axes = 1, .sample_rate_hz = 1024};
  const auto x = sine(1024, 0.01, 1), y = sine(1024, 0.3, 3);
  std::vector<float> frames;
  for (int i = 0; i < 1024; ++i) frames.insert(frames.end(), {x[i], y[i]});
  auto expected = features_of(one, x);
  const auto second = features_of(one, y);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(features_of(two, frames), expected);
}

TEST(Features, SeeKnocksInTheEnvelope) {
  std::mt19937 random(2);
  std::normal_distribution<float> gaussian(0, 0.1f);
  std::vector<float> quiet(1024), knocking(1024);
  for (int i = 0; i < 1024; ++i) {
    quiet[i] = gaussian(random);
    knocking[i] = quiet[i] + float(std::exp(-0.05 * (i % 128)) * std::sin(2.0 * (i % 128)));
  }
  const auto a = features_of(kPlan, quiet), b = features_of(kPlan, knocking);
  for (const FeatureKind kind : {FeatureKind::kEnvelopeVariation, FeatureKind::kEnvelopeKurtosis}) {
    const int place = place_of(kPlan, 0, kind, 0);
    EXPECT_GT(b[place], a[place] + 3);
  }
}

}  // namespace
}  // namespace mote::watch
