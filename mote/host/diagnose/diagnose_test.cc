#include "mote/host/diagnose/diagnose.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <sstream>

#include "mote/host/diagnose/report.h"
#include "mote/host/diagnose/wording.h"
#include "mote/host/sources/wav.h"

namespace mote::diagnose {
namespace {

constexpr double kRate = 1000;

/// Noise of spread 1 on `axes` axes; from `louder_from` (a share) on `gain` times as loud.
sources::Recording noise(double seconds, unsigned seed, double louder_from = 1, float gain = 1,
                         int axes = 2) {
  std::mt19937 random(seed);
  std::normal_distribution<float> gaussian(0, 1);
  sources::Recording r{.name = "a.wav",
                       .axes = sources::default_axes(axes),
                       .sample_rate_hz = kRate,
                       .samples = {},
                       .unit = ""};
  const auto frames = static_cast<std::int64_t>(seconds * kRate);
  for (std::int64_t i = 0; i < frames; ++i)
    for (int a = 0; a < axes; ++a)
      r.samples.push_back(gaussian(random) * (double(i) < louder_from * double(frames) ? 1 : gain));
  return r;
}

File file(const std::string& name, const sources::Recording& r) {
  return {name, sources::encode_wav(r, sources::WavSample::kFloat32)};
}

File text_file(const std::string& name, const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {name, {bytes.begin(), bytes.end()}};
}

std::string error_of(const Inputs& inputs, const Options& options = {}) {
  const auto d = diagnose(inputs, options);
  return d ? "no error" : d.error().message;
}

constexpr Options kSmall{.window = 256};

TEST(Diagnose, FindsAHealthyMachineHealthy) {
  const auto d = diagnose({.recording = file("a.wav", noise(60, 1))}, kSmall);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_FALSE(d->ever_alarmed());
  EXPECT_TRUE(sentence(*d).starts_with("The machine is working well: in none of ")) << sentence(*d);
}

TEST(Diagnose, SaysSinceWhenAndWhatMoved) {
  const auto d = diagnose({.recording = file("a.wav", noise(60, 1, 0.5, 4))}, kSmall);
  ASSERT_TRUE(d) << d.error().message;
  ASSERT_TRUE(d->alarmed());
  const Window& since = d->windows[d->episodes.front().since].window;
  EXPECT_NEAR(since.t_s, 30, 0.5);
  EXPECT_NEAR(d->episodes.front().movers.front().db, 12, 0.7);
  EXPECT_TRUE(sentence(*d).starts_with("The machine is malfunctioning since "));
}

TEST(Diagnose, SaysThatTheFirstTenthIsTakenAsHealthyWhenNothingWasSaid) {
  const auto d = diagnose({.recording = file("a.wav", noise(60, 1))}, kSmall);
  ASSERT_EQ(d->notes.size(), 1u);
  EXPECT_EQ(d->notes.front(),
            "no --baseline was given: the first 10 % of the recording is taken as healthy");
  EXPECT_EQ(d->windows[d->first_judged - 1].baseline, true);
  EXPECT_NEAR(d->windows[d->first_judged].window.t_s, 6, 0.3);
}

TEST(Diagnose, JudgesTheWholeRecordingByOtherRecordings) {
  const Inputs inputs{.recording = file("b.wav", noise(5, 2, 0, 4)),
                      .baselines = {file("1.wav", noise(10, 3)), file("2.wav", noise(10, 4))}};
  const auto d = diagnose(inputs, kSmall);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->first_judged, 0u);
  EXPECT_EQ(d->healthy.recordings, 2);
  EXPECT_TRUE(d->alarmed());
  EXPECT_EQ(d->episodes.front().since, 0u);
}

TEST(Diagnose, NeverLetsAWindowCrossASegment) {
  const auto d =
      diagnose({.recording = file("a.wav", noise(60, 1))}, {.segment_frames = 400, .window = 256});
  ASSERT_TRUE(d) << d.error().message;
  for (const Judged& w : d->windows) EXPECT_LE(w.window.frame % 400 + 256, 400);
  EXPECT_EQ(d->windows.size(), 60000u / 400 * 2);
}

TEST(Diagnose, TakesTheTimesOfSegmentsFromTheirTable) {
  std::ostringstream table;
  table << "segment,t_s,start_frame,remaining_s\n";
  for (int i = 0; i < 150; ++i)
    table << i << ',' << 600 * i << ',' << 400 * i << ',' << 600 * (150 - i) << '\n';
  const auto d =
      diagnose({.recording = file("a.wav", noise(60, 1)), .times = text_file("t.csv", table.str())},
               {.segment_frames = 400, .window = 256});
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_DOUBLE_EQ(d->windows[2].window.t_s, 600);
  EXPECT_DOUBLE_EQ(d->windows[2].window.remaining_s, 600 * 149);
}

TEST(Diagnose, RefusesTablesOfTimesThatDoNotFit) {
  const File recording = file("a.wav", noise(60, 1));
  const Options options{.segment_frames = 400, .window = 256};
  EXPECT_EQ(error_of({.recording = recording, .times = text_file("t.csv", "t_s\n0\n1\n")}, options),
            "'a.wav' has 150 segments, but the table of times 2 rows");
  EXPECT_EQ(error_of({.recording = recording, .times = text_file("t.csv", "t_s\n1\n0\n")}, options),
            "'t.csv' line 3: 0 s does not come after 1 s");
  EXPECT_EQ(
      error_of({.recording = recording, .times = text_file("t.csv", "time\n1\n2\n")}, options),
      "'t.csv' has no column t_s");
  EXPECT_EQ(error_of({.recording = recording, .times = text_file("t.csv", "t_s\n1\n2\n")}, kSmall),
            "'t.csv' gives the times of segments, but how long these are is not known; give "
            "--segment-frames");
}

TEST(Diagnose, RefusesABaselineOfAnotherMachine) {
  const File recording = file("a.wav", noise(60, 1));
  sources::Recording faster = noise(60, 2);
  faster.sample_rate_hz = 2000;
  EXPECT_EQ(
      error_of({.recording = recording, .baselines = {file("b.wav", faster)}}),
      "the baseline 'b.wav' has 2000 frames a second, the recording 1000; they must be the same");
  EXPECT_EQ(error_of({.recording = recording, .baselines = {file("b.wav", noise(60, 2, 1, 1, 3))}}),
            "the baseline 'b.wav' has 3 axes, the recording 2; they must be the same");
}

TEST(Diagnose, RefusesARecordingShorterThanThreeWindows) {
  EXPECT_EQ(
      error_of({.recording = file("a.wav", noise(1, 1))}),
      "'a.wav' has 1000 frames, which is 0 windows of 1024, expected 3 or more; record longer or "
      "try a smaller --window");
}

TEST(Diagnose, RefusesABaselineTooShortToLearnFrom) {
  EXPECT_EQ(
      error_of({.recording = file("a.wav", noise(10, 1))}, kSmall),
      "the baseline has 8 windows of 256 frames, expected 18 or more to learn what healthy is; "
      "give a longer one");
}

TEST(Diagnose, RefusesABaselineThatIsTheWholeRecording) {
  EXPECT_EQ(error_of({.recording = file("a.wav", noise(10, 1))},
                     {.baseline_seconds = 100, .window = 256}),
            "the baseline of 100 s leaves 0 windows of 'a.wav' to judge, expected 3 or more");
}

TEST(Diagnose, RefusesARecordingThatEndsWithinASegment) {
  EXPECT_EQ(error_of({.recording = file("a.wav", noise(60, 1))}, {.segment_frames = 7000}),
            "'a.wav' has 60000 frames, no multiple of the 7000 of a segment; it is cut, or "
            "--segment-frames is wrong");
}

TEST(Diagnose, RefusesASensorThatIsNotConnected) {
  sources::Recording r = noise(60, 1);
  for (std::size_t i = 1; i < r.samples.size(); i += 2) r.samples[i] = -3;
  EXPECT_EQ(error_of({.recording = file("a.wav", r)}),
            "'a.wav': axis y is -3 throughout; is its sensor connected?");
}

TEST(Diagnose, RefusesSamplesThatAreNoNumbers) {
  sources::Recording r = noise(60, 1);
  r.samples[2001] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(error_of({.recording = file("a.wav", r)}),
            "'a.wav': frame 1000 of axis y is not a number; repair or cut the recording there");
}

TEST(Diagnose, RefusesSamplesThatTheScaleMakesTooLarge) {
  EXPECT_EQ(
      error_of({.recording = file("a.wav", noise(60, 1))}, {.scale = 1e30, .window = 256}),
      "'a.wav': the samples of frames 0 to 255 are too large to compute with; is the scale of "
      "1e+30 right?");
}

TEST(Diagnose, RefusesMoreThanThreeAxes) {
  EXPECT_EQ(error_of({.recording = file("a.wav", noise(60, 1, 1, 1, 4))}),
            "'a.wav' has 4 channels, expected one to three axes");
}

TEST(Diagnose, SaysThatAnUnevenBaselineMakesAHighThreshold) {
  const auto d = diagnose({.recording = file("a.wav", noise(60, 1, 0.3, 30))},
                          {.baseline_fraction = 0.5, .window = 256});
  ASSERT_TRUE(d) << d.error().message;
  ASSERT_EQ(d->notes.size(), 1u);
  EXPECT_TRUE(d->notes.front().starts_with("the baseline is uneven")) << d->notes.front();
}

TEST(Diagnose, KnowsAMachineThatWasSwitchedOff) {
  const auto d = diagnose({.recording = file("a.wav", noise(60, 1, 0.5, 0.01f))}, kSmall);
  ASSERT_TRUE(d && d->alarmed());
  EXPECT_EQ(likely_cause(*d, d->episodes.front()),
            "the machine stands still, or the sensor came off");
}

TEST(Diagnose, PrintsTheSameBytesTwice) {
  const Inputs inputs{.recording = file("a.wav", noise(60, 1, 0.5, 4))};
  const auto printed = [&] {
    std::ostringstream out;
    const auto d = diagnose(inputs, kSmall);
    print_report(*d, true, out);
    print_json(*d, out);
    return out.str();
  };
  EXPECT_EQ(printed(), printed());
}

}  // namespace
}  // namespace mote::diagnose
