#include "mote/core/listen/feature_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/wiped.h"

namespace mote::listen {
namespace {

using Window = FeatureWindow<KeywordFrontEnd>;

std::vector<float> noise(int count, float deviation) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> samples(count);
  for (float& s : samples) s = normal(random);
  return samples;
}

/// The features of the last second, from the definition: frame f is samples [320 f, 320 f + 480) of
/// it, after a division of all by `divisor`.
std::vector<float> features_by_definition(const std::vector<float>& samples, float divisor) {
  const auto mfcc = std::make_unique<signal::Mfcc<KeywordFrontEnd>>();
  std::vector<float> out(49 * 10), frame(480), energies(40);
  const std::size_t start = samples.size() - 16000;
  for (int f = 0; f < 49; ++f) {
    for (int n = 0; n < 480; ++n) frame[n] = samples[start + 320 * f + n] / divisor;
    mfcc->mel(frame.data(), energies.data());
    mfcc->cepstrum(energies.data(), 1.0f, &out[10 * f]);
  }
  return out;
}

std::vector<float> features_of(const std::vector<float>& samples, Normalization normalization) {
  const auto window = std::make_unique<Window>(normalization);
  for (std::size_t n = 0; n + 320 <= samples.size(); n += 320) window->push(&samples[n]);
  std::vector<float> out(Window::kFeatures);
  window->features(out.data());
  return out;
}

void expect_near(const std::vector<float>& actual, const std::vector<float>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], 1e-3) << "frame " << i / 10 << ", coefficient " << i % 10;
}

TEST(FeatureWindow, OfOneSecondIsItsFortyNineFrames) {
  const auto samples = noise(16000, 0.1f);
  expect_near(features_of(samples, Normalization::kNone), features_by_definition(samples, 1.0f));
}

TEST(FeatureWindow, SlidesSoThatOnlyTheLastSecondCounts) {
  const auto samples = noise(16000 + 320 * 77, 0.1f);
  expect_near(features_of(samples, Normalization::kNone), features_by_definition(samples, 1.0f));
}

TEST(FeatureWindow, DividesByTheLargestSampleOfTheWindowAndNotOfWhatWentBefore) {
  auto samples = noise(16000 + 320 * 3, 0.05f);
  samples[100] = 0.9f;
  const float largest = *std::max_element(samples.end() - 16000, samples.end());
  expect_near(features_of(samples, Normalization::kPeak), features_by_definition(samples, largest));
}

TEST(FeatureWindow, CountsThePeakInTheLastHundredAndSixtySamplesThatNoFrameHas) {
  auto samples = noise(16000, 0.05f);
  samples[15999] = 0.8f;
  expect_near(features_of(samples, Normalization::kPeak), features_by_definition(samples, 0.8f));
}

TEST(FeatureWindow, DoesNotMakeSilenceLouderThanSixtyDecibels) {
  const std::vector<float> silence(16000);
  for (float f : features_of(silence, Normalization::kPeak)) EXPECT_TRUE(std::isfinite(f));
  const auto hiss = noise(16000, 1e-5f);
  expect_near(features_of(hiss, Normalization::kPeak), features_by_definition(hiss, kQuietestPeak));
}

TEST(FeatureWindow, IsFullAfterFiftyHops) {
  const auto window = std::make_unique<Window>();
  const std::vector<float> hop(320, 0.1f);
  for (int h = 0; h < 49; ++h) window->push(hop.data());
  EXPECT_FALSE(window->full());
  window->push(hop.data());
  EXPECT_TRUE(window->full());
}

TEST(FeatureWindow, KeepsNothingOfTheSoundAfterWipe) {
  tests::expect_wiped_clean<Window>([](Window& window) {
    const auto samples = noise(16000 + 320 * 7, 0.1f);
    for (std::size_t n = 0; n < samples.size(); n += 320) window.push(&samples[n]);
  });
}

}  // namespace
}  // namespace mote::listen
