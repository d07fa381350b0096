#include "mote/core/listen/listener.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

namespace mote::listen {
namespace {

/// A model that hears class 0 where the sound is not silent in the middle of the window.
struct LoudInTheMiddle {
  int runs = 0;
  void classify(const float* features, float* scores) {
    ++runs;
    float middle = -1e9f;
    for (int f = 23; f < 26; ++f) middle = std::max(middle, features[f * 10]);
    scores[0] = middle > -100.0f ? 0.95f : 0.0f;
    scores[1] = 1.0f - scores[0];
  }
};

constexpr ListenerSettings kSettings = {.step_hops = 4, .gate = {.classes = 2, .words = 0b01}};

/// Silence of `seconds` with 0.3 s of a 440 Hz tone around each of `centres`.
std::vector<float> tones(double seconds, const std::vector<double>& centres) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * 16000));
  for (double centre : centres)
    for (int n = -2400; n < 2400; ++n)
      samples[static_cast<std::size_t>(centre * 16000) + n] =
          0.5f * static_cast<float>(std::sin(2 * 3.14159265 * 440 * n / 16000));
  return samples;
}

std::vector<Event> listen(const std::vector<float>& samples, int chunk) {
  LoudInTheMiddle model;
  const auto listener =
      std::make_unique<Listener<LoudInTheMiddle>>(model, kSettings, Normalization::kNone);
  std::vector<Event> events;
  const auto keep = [&](const Event& e) { events.push_back(e); };
  const int count = static_cast<int>(samples.size());
  for (int n = 0; n < count; n += chunk)
    listener->push(&samples[n], std::min(chunk, count - n), keep);
  listener->finish(keep);
  return events;
}

TEST(Listener, SaysEachToneOnceAndWhen) {
  const auto events = listen(tones(6, {1.5, 3.0, 4.5}), 320);
  ASSERT_EQ(events.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(events[i].word, 0);
    EXPECT_NEAR(static_cast<double>(events[i].sample) / 16000, 1.5 * (i + 1), 0.1);
    EXPECT_NEAR(events[i].score, 0.95, 1e-6);
  }
}

TEST(Listener, HearsTheSameHoweverTheSamplesArePortioned) {
  const auto samples = tones(4, {1.2, 2.9});
  const auto whole = listen(samples, static_cast<int>(samples.size()));
  for (int chunk : {1, 7, 319, 321, 4096}) {
    const auto portions = listen(samples, chunk);
    ASSERT_EQ(portions.size(), whole.size()) << "chunks of " << chunk;
    for (std::size_t i = 0; i < whole.size(); ++i)
      EXPECT_EQ(portions[i].sample, whole[i].sample) << "chunks of " << chunk;
  }
}

TEST(Listener, HearsAWordAtTheVeryEnd) { EXPECT_EQ(listen(tones(3, {2.8}), 320).size(), 1u); }

TEST(Listener, RunsTheModelOnceForASoundShorterThanAWindow) {
  LoudInTheMiddle model;
  const auto listener =
      std::make_unique<Listener<LoudInTheMiddle>>(model, kSettings, Normalization::kNone);
  const std::vector<float> samples(100, 0.1f);
  const auto ignore = [](const Event&) {};
  listener->push(samples.data(), 100, ignore);
  EXPECT_EQ(model.runs, 0);
  listener->finish(ignore);
  EXPECT_EQ(model.runs, 1);
}

TEST(Listener, RunsTheModelEveryStep) {
  LoudInTheMiddle model;
  const auto listener =
      std::make_unique<Listener<LoudInTheMiddle>>(model, kSettings, Normalization::kNone);
  const std::vector<float> samples(16000 + 10 * 4 * 320);
  listener->push(samples.data(), static_cast<int>(samples.size()), [](const Event&) {});
  EXPECT_EQ(model.runs, 11);
}

}  // namespace
}  // namespace mote::listen
