#include "mote/core/listen/word_gate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mote::listen {
namespace {

// Classes: 0 "no", 1 "go" are words, 2 is anything else.
constexpr GateSettings kSettings = {.classes = 3,
                                    .words = 0b011,
                                    .smoothing = 1,
                                    .threshold = 0.7f,
                                    .release = 0.4f,
                                    .patience = 2,
                                    .shortest_gap = 4};

struct Said {
  int window, word;
  float score;
  bool operator==(const Said&) const = default;
};
void PrintTo(const Said& s, std::ostream* out) {
  *out << "{window " << s.window << ", word " << s.word << ", " << s.score << "}";
}

/// Runs the gate over scores of "no" and "go"; the window told is that of the peak.
std::vector<Said> run(const GateSettings& settings, const std::vector<float>& no,
                      const std::vector<float>& go) {
  WordGate gate(settings);
  std::vector<Said> said;
  Detection detection;
  const int count = static_cast<int>(no.size());
  for (int w = 0; w < count; ++w) {
    const float scores[3] = {no[w], go[w], 1 - no[w] - go[w]};
    if (gate.push(scores, &detection))
      said.push_back({w - detection.age, detection.word, detection.score});
  }
  if (gate.finish(&detection))
    said.push_back({count - 1 - detection.age, detection.word, detection.score});
  return said;
}

const std::vector<float> kNothing(32, 0.0f);

TEST(WordGate, SaysAWordOnceAtItsPeak) {
  const std::vector<float> no = {0, .5f, .8f, .9f, .8f, .75f, .72f, .8f, .5f, 0, 0};
  EXPECT_EQ(run(kSettings, no, kNothing), (std::vector<Said>{{3, 0, .9f}}));
}

TEST(WordGate, PutsAFlatPeakInItsMiddle) {
  const std::vector<float> no = {0, .9f, .9f, .9f, .9f, .9f, 0, 0, 0};
  EXPECT_EQ(run(kSettings, no, kNothing), (std::vector<Said>{{3, 0, .9f}}));
}

TEST(WordGate, SaysNothingBelowTheThreshold) {
  EXPECT_EQ(run(kSettings, {0, .5f, .69f, .69f, .3f, 0}, kNothing), (std::vector<Said>{}));
}

TEST(WordGate, DoesNotSayAgainAWordThatOnlyDippedToTheReleaseLevel) {
  const std::vector<float> no = {.9f, .6f, .5f, .4f, .4f, .5f, .95f, .95f, .3f, 0, 0};
  EXPECT_EQ(run(kSettings, no, kNothing), (std::vector<Said>{{0, 0, .9f}}));
}

TEST(WordGate, SaysAWordAgainOnceItWasGone) {
  const std::vector<float> no = {.9f, .6f, .2f, .1f, .1f, .5f, .8f, .3f, 0, 0};
  EXPECT_EQ(run(kSettings, no, kNothing), (std::vector<Said>{{0, 0, .9f}, {6, 0, .8f}}));
}

TEST(WordGate, GivesAWordUpForABetterOneWithinItsPatience) {
  const std::vector<float> no = {0, .75f, .3f, .1f, 0, 0, 0, 0};
  const std::vector<float> go = {0, .1f, .6f, .9f, .8f, .2f, 0, 0};
  EXPECT_EQ(run(kSettings, no, go), (std::vector<Said>{{3, 1, .9f}}));
}

TEST(WordGate, SaysAnotherWordWithoutWaitingForSilence) {
  const std::vector<float> no = {.9f, .85f, .8f, .6f, .5f, .5f, .4f, .2f, 0, 0, 0};
  const std::vector<float> go = {0, 0, 0, .1f, .2f, .3f, .5f, .8f, .7f, .2f, 0};
  EXPECT_EQ(run(kSettings, no, go), (std::vector<Said>{{0, 0, .9f}, {7, 1, .8f}}));
}

TEST(WordGate, NeverSaysAClassThatIsNoWord) {
  GateSettings settings = kSettings;
  settings.words = 0b010;
  EXPECT_EQ(run(settings, std::vector<float>(8, .99f), kNothing), (std::vector<Said>{}));
}

TEST(WordGate, SaysTheLastWordWhenTheSoundEnds) {
  EXPECT_EQ(run(kSettings, {0, .5f, .9f}, kNothing), (std::vector<Said>{{2, 0, .9f}}));
}

TEST(WordGate, IsNotStartledByOneWindowWhenItAveragesFour) {
  GateSettings settings = kSettings;
  settings.smoothing = 4;
  EXPECT_EQ(run(settings, {0, 0, 0, 0, 1, 0, 0, 0, 0}, kNothing), (std::vector<Said>{}));
}

TEST(Smoother, AveragesTheLastScoresOfEachClass) {
  Smoother smoother;
  float mean[1];
  const float scores[] = {1, 3, 5, 7, 9};
  const float expected[] = {1, 2, 3, 5, 7};  // means of the last three
  for (int i = 0; i < 5; ++i) {
    smoother.push(&scores[i], /*classes=*/1, /*smoothing=*/3, mean);
    EXPECT_FLOAT_EQ(mean[0], expected[i]);
  }
}

}  // namespace
}  // namespace mote::listen
