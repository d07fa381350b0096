#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "tests/end_to_end/keyword_networks.h"
#include "tests/end_to_end/program.h"
#include "tests/support/seccomp.h"

namespace mote::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Silence of `seconds` with 0.3 s of a tone around each of `centres`.
std::vector<float> tones(double seconds, const std::vector<double>& centres) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * 16000));
  for (double centre : centres)
    for (int n = -2400; n < 2400; ++n)
      samples[static_cast<std::size_t>(centre * 16000) + n] =
          0.5f * static_cast<float>(std::sin(2 * 3.14159265 * 440 * n / 16000));
  return samples;
}

class Listen : public testing::Test {
 protected:
  void SetUp() override { MOTE_NEED_SECCOMP(); }

  /// Runs `mote listen` with a network that hears "tone".
  Outcome listen(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "listen");
    arguments.push_back("--model=" + folder_.write("tone.tflite", keyword_network()));
    arguments.push_back("--labels=" + folder_.write("tone.txt", "tone\nsilence\n"));
    return run_mote(arguments);
  }

  /// Exit code 1, nothing on standard output, one sentence that has `text`.
  void expect_refusal(const Outcome& outcome, const std::string& text) const {
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, StartsWith("mote: error: "));
    EXPECT_THAT(outcome.err, HasSubstr(text));
  }

  TemporaryFolder folder_;
};

TEST_F(Listen, PrintsEachWordOnceAndWhen) {
  const auto outcome = listen({folder_.write_wav("three.wav", tones(6, {1.5, 3.0, 4.5}))});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::MatchesRegex(" +1\\.[45]. s  1\\.00  tone\n"
                                                 " +(2\\.9|3\\.0). s  1\\.00  tone\n"
                                                 " +4\\.[45]. s  1\\.00  tone\n"
                                                 "3 words in 6.00 s\n"));
}

TEST_F(Listen, PrintsTheSameBytesForTheSameInput) {
  const auto wav = folder_.write_wav("one.wav", tones(3, {1.5}));
  EXPECT_EQ(listen({wav, "--json"}).out, listen({wav, "--json"}).out);
}

TEST_F(Listen, PrintsJson) {
  const auto outcome = listen({folder_.write_wav("none.wav", tones(2, {})), "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "{\n  \"seconds\": 2.0,\n  \"padded\": false,\n  \"words\": []\n}\n");
}

TEST_F(Listen, SaysThatItPaddedARecordingShorterThanAWindow) {
  const auto outcome = listen({folder_.write_wav("short.wav", tones(0.6, {0.3}))});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("padded with silence to 1 s"));
}

TEST_F(Listen, TakesSeveralRecordingsAsClips) {
  const auto a = folder_.write_wav("a.wav", tones(1, {0.5}));
  const auto b = folder_.write_wav("b.wav", tones(0.8, {}));
  const auto outcome = listen({"--clip", a, b});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "tone\t1.000\t" + a + "\nsilence\t1.000\t" + b +
                             "\n# 1 of 2 shorter than the model's window: padded with silence to "
                             "1 s\n");
}

TEST_F(Listen, TakesRecordingsAlsoAfterTheFlags) {
  const auto outcome =
      run_mote({"listen", "--clip", "--model=" + folder_.write("tone.tflite", keyword_network()),
                "--labels=" + folder_.write("tone.txt", "tone\nsilence\n"),
                folder_.write_wav("a.wav", tones(1, {0.5}))});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("tone\t1.000\t"));
}

TEST_F(Listen, RefusesAClipLongerThanASecond) {
  expect_refusal(listen({"--clip", folder_.write_wav("long.wav", tones(1.1, {}))}),
                 "is longer than a second, the most that a clip has");
}

TEST_F(Listen, RefusesARecordingThatIsNotThere) {
  expect_refusal(listen({folder_.path("none.wav")}), "No such file or directory");
}

TEST_F(Listen, RefusesAnEmptyRecording) {
  expect_refusal(listen({folder_.write("empty.wav", "")}), "is empty");
}

TEST_F(Listen, RefusesACutRecording) {
  const auto whole = contents(folder_.write_wav("whole.wav", tones(2, {})));
  expect_refusal(listen({folder_.write("cut.wav", whole.substr(0, 30000))}), "was cut");
}

TEST_F(Listen, RefusesAnotherRateAndSaysHowToConvert) {
  expect_refusal(listen({folder_.write_wav("cd.wav", tones(1, {}), 44100)}),
                 "has 1 channel at 44100 Hz, expected 1 at 16000 Hz; convert it: ffmpeg -i");
}

TEST_F(Listen, RefusesSamplesThatAreNotNumbersAndTellsNothingThatCameBefore) {
  std::vector<float> samples = tones(4, {1.0});
  samples[50000] = std::numeric_limits<float>::quiet_NaN();
  const auto wav = contents(folder_.write_wav("pcm.wav", std::vector<float>(2 * samples.size())));
  std::string floats =
      wav.substr(0, 44) +
      std::string(reinterpret_cast<const char*>(samples.data()), 4 * samples.size());
  floats[20] = 3;                   // IEEE float
  floats[32] = 4, floats[34] = 32;  // bytes of a frame, bits of a sample
  const std::uint32_t bytes_a_second = 64000;
  std::memcpy(&floats[28], &bytes_a_second, 4);
  expect_refusal(listen({folder_.write("nan.wav", floats)}), "sample 50000 is nan");
}

TEST_F(Listen, RefusesAModelWithAnotherInput) {
  const auto model = folder_.write("image.tflite", keyword_network({.input = {1, 96, 96, 1}}));
  const auto outcome =
      run_mote({"listen", folder_.write_wav("a.wav", tones(1, {})), "--model=" + model,
                "--labels=" + folder_.write("two.txt", "yes\nno\n")});
  expect_refusal(outcome, "the model's input is FLOAT32 [1,96,96,1]");
  expect_refusal(outcome, "expected one input, INT8 or FLOAT32: [1,49,40,1]");
}

TEST_F(Listen, RefusesLabelsThatAreNotAsManyAsTheModelsClasses) {
  const auto model = folder_.write("three.tflite", keyword_network({.classes = 3}));
  const auto outcome =
      run_mote({"listen", folder_.write_wav("a.wav", tones(1, {})), "--model=" + model,
                "--labels=" + folder_.write("two.txt", "yes\nno\n")});
  expect_refusal(outcome, "the model has 3 classes, the list of labels has 2");
}

TEST_F(Listen, RefusesAModelWhoseScoresAreNoProbabilities) {
  const auto model = folder_.write("logits.tflite", keyword_network({.softmax = false}));
  const auto outcome =
      run_mote({"listen", folder_.write_wav("a.wav", tones(1, {})), "--model=" + model,
                "--labels=" + folder_.write("two.txt", "yes\nno\n")});
  expect_refusal(outcome, "give a model that ends in a softmax");
}

TEST_F(Listen, RefusesADamagedModel) {
  const auto outcome = run_mote({"listen", folder_.write_wav("a.wav", tones(1, {})),
                                 "--model=" + folder_.write("bad.tflite", "no model"),
                                 "--labels=" + folder_.write("two.txt", "yes\nno\n")});
  expect_refusal(outcome, "bad.tflite");
}

TEST_F(Listen, NeedsAModelAndLabelsTogether) {
  const auto outcome =
      run_mote({"listen", folder_.write_wav("a.wav", tones(1, {})), "--model=some.tflite"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--model=FILE and --labels=FILE go together"));
}

TEST_F(Listen, RefusesANormalizationThatItDoesNotHave) {
  const auto outcome = listen({folder_.write_wav("a.wav", tones(1, {})), "--normalize=rms"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--normalize is 'rms', expected peak or none"));
}

}  // namespace
}  // namespace mote::tests
