#include "mote/core/listen/voice_window.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "tests/support/wiped.h"

namespace mote::listen {
namespace {

using Window = VoiceWindow<VoiceFrontEnd>;
constexpr int kBands = VoiceFrontEnd::bands;

std::vector<float> noise(int count) {
  std::mt19937 random(8);
  std::normal_distribution<float> normal(0, 0.1f);
  std::vector<float> samples(count);
  for (float& s : samples) s = normal(random);
  return samples;
}

/// The features of all frames, from the definition: frame f is samples [320 f, 320 f + 512).
std::vector<float> features_by_definition(const std::vector<float>& samples) {
  const auto spectrum = std::make_unique<signal::MelSpectrum<VoiceFrontEnd>>();
  signal::Pcen<kBands> pcen(VoiceFrontEnd::pcen);
  std::vector<float> out;
  for (std::size_t n = 0; n + 512 <= samples.size(); n += 320) {
    float features[kBands];
    spectrum->push(&samples[n], features);
    pcen.push(features, features);
    out.insert(out.end(), features, features + kBands);
  }
  return out;
}

std::vector<float> features_of(const std::vector<float>& samples) {
  const auto window = std::make_unique<Window>();
  for (std::size_t n = 0; n + 320 <= samples.size(); n += 320) window->push(&samples[n]);
  std::vector<float> out(Window::kFeatures);
  window->features(out.data());
  return out;
}

TEST(VoiceWindow, OfOneSecondIsItsFortyNineFrames) {
  const auto samples = noise(16000);
  EXPECT_EQ(features_of(samples), features_by_definition(samples));
}

TEST(VoiceWindow, SlidesAndLeavesTheFeaturesOfAFrameAsTheyWere) {
  const auto samples = noise(16000 + 320 * 33);
  auto expected = features_by_definition(samples);
  expected.erase(expected.begin(), expected.begin() + 33 * kBands);
  EXPECT_EQ(features_of(samples), expected);
}

TEST(VoiceWindow, IsFullAfterFiftyHops) {
  const auto window = std::make_unique<Window>();
  const std::vector<float> hop(320, 0.1f);
  for (int h = 0; h < 49; ++h) window->push(hop.data());
  EXPECT_FALSE(window->full());
  window->push(hop.data());
  EXPECT_TRUE(window->full());
}

TEST(VoiceWindow, KeepsNothingOfTheSoundAfterWipe) {
  tests::expect_wiped_clean<Window>([](Window& window) {
    const auto samples = noise(16000 + 320 * 7);
    for (std::size_t n = 0; n < samples.size(); n += 320) window.push(&samples[n]);
  });
}

}  // namespace
}  // namespace mote::listen
