#include "mote/host/sources/recording.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

#include "mote/host/sources/wav.h"

namespace mote::sources {
namespace {

std::string error_of(std::string name, std::string_view text) {
  const auto r = parse_recording(std::move(name), std::as_bytes(std::span(text)), {});
  return r ? "no error" : r.error().message;
}

TEST(ParseRecording, TellsWavFromCsvByWhatTheyHold) {
  const Recording recording{
      .name = "", .axes = {"x"}, .sample_rate_hz = 100, .samples = {1, 2}, .unit = ""};
  const auto wav = parse_recording("misnamed.csv", encode_wav(recording, WavSample::kInt16), {});
  ASSERT_TRUE(wav);
  EXPECT_EQ(wav->samples, recording.samples);
  const std::string_view text = "t,x\n0,1\n0.01,2\n";
  EXPECT_TRUE(parse_recording("-", std::as_bytes(std::span(text)), {}));
}

TEST(ParseRecording, RefusesWhatIsNeither) {
  EXPECT_EQ(error_of("a.wav", ""), "'a.wav' is empty");
  EXPECT_EQ(error_of("a.wav", "fLaC and so on"),
            "'a.wav' is neither a WAV file (it does not begin with RIFF) nor text");
  EXPECT_EQ(error_of("a.bin", std::string_view("\0\1\2\3", 4)),
            "'a.bin' is neither a WAV file (it does not begin with RIFF) nor text");
}

TEST(ParseRecording, NeverCrashesOnDamagedFiles) {
  const Recording sound{.name = "",
                        .axes = {"x", "y"},
                        .sample_rate_hz = 100,
                        .samples = std::vector<float>(64, 1),
                        .unit = ""};
  const std::vector<std::byte> whole = encode_wav(sound, WavSample::kFloat32);
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> damaged = whole;
    for (int k = 0; k < 3; ++k) damaged[random() % 64] = std::byte(random());
    damaged.resize(random() % (whole.size() + 1));
    const auto r = parse_recording("a.wav", damaged, {});
    EXPECT_TRUE(r || !r.error().message.empty());
  }
}

}  // namespace
}  // namespace mote::sources
