#include "training/front_end/voice.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "mote/core/listen/feature_window.h"
#include "mote/core/listen/voice_window.h"

namespace mote {
namespace {

TEST(TrainingFrontEnd, GivesWhatADeviceHears) {
  std::mt19937 random(2);
  std::normal_distribution<float> normal(0, 0.1f);
  std::vector<float> samples(16000);
  for (float& s : samples) s = normal(random);

  using Window = listen::VoiceWindow<listen::VoiceFrontEnd>;
  const auto window = std::make_unique<Window>();
  for (std::size_t n = 0; n < samples.size(); n += 320) window->push(&samples[n]);
  std::vector<float> expected(Window::kFeatures), features(Window::kFeatures);
  window->features(expected.data());

  ASSERT_EQ(mote_voice_frames(16000) * mote_voice_bands(), Window::kFeatures);
  mote_voice_energies(samples.data(), 16000, features.data());
  mote_voice_normalize(features.data(), 1, mote_voice_frames(16000), features.data());
  EXPECT_EQ(features, expected);
}

TEST(TrainingFrontEnd, GivesWhatAPublishedModelHears) {
  std::vector<float> samples(16000);
  for (int n = 0; n < 16000; ++n) samples[n] = 0.3f * static_cast<float>(n % 97) / 97;
  using Window = listen::FeatureWindow<listen::KeywordFrontEnd>;
  const auto window = std::make_unique<Window>();
  for (std::size_t n = 0; n < samples.size(); n += 320) window->push(&samples[n]);
  std::vector<float> expected(Window::kFeatures), features(Window::kFeatures);
  window->features(expected.data());
  mote_cepstral_features(samples.data(), features.data());
  EXPECT_EQ(features, expected);
}

TEST(TrainingFrontEnd, NormalizesEachClipFromItsOwnBeginning) {
  const std::vector<float> one(3 * 40, 0.5f);
  std::vector<float> three(3 * 3 * 40, 0.5f), expected(3 * 40);
  mote_voice_normalize(one.data(), 1, 3, expected.data());
  mote_voice_normalize(three.data(), 3, 3, three.data());
  for (std::size_t i = 0; i < three.size(); ++i) EXPECT_EQ(three[i], expected[i % 120]);
}

TEST(TrainingFrontEnd, HasNoFrameInLessThanOne) {
  EXPECT_EQ(mote_voice_frames(511), 0);
  EXPECT_EQ(mote_voice_frames(512), 1);
}

}  // namespace
}  // namespace mote
