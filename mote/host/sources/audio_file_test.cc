#include "mote/host/sources/audio_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace mote::sources {
namespace {

using testing::HasSubstr;

/// A folder of its own for each test.
class AudioFile : public testing::Test {
 protected:
  AudioFile()
      : folder_(std::filesystem::temp_directory_path() /
                ("mote_audio_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~AudioFile() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  /// Half a second (by default) of a tone, written by libsndfile.
  std::string tone(const std::string& name, int format, int rate = 16000, int channels = 1,
                   int frames = 8000) const {
    SF_INFO info = {};
    info.samplerate = rate;
    info.channels = channels;
    info.format = format;
    SNDFILE* file = sf_open(path(name).c_str(), SFM_WRITE, &info);
    std::vector<float> samples(static_cast<std::size_t>(frames * channels));
    for (std::size_t i = 0; i < samples.size(); ++i)
      samples[i] = 0.5f * std::sin(0.1f * static_cast<float>(i));
    sf_writef_float(file, samples.data(), frames);
    sf_close(file);
    return path(name);
  }

  std::string bytes_of(const std::string& file) const {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
};

Result<std::vector<float>> decode(const std::string& file, std::int64_t max_bytes = 1 << 20) {
  auto encoded = read_encoded(file, max_bytes);
  if (!encoded) return tl::unexpected<Error>(encoded.error());
  auto reader = AudioReader::open(std::move(*encoded), 16000);
  if (!reader) return tl::unexpected<Error>(reader.error());
  std::vector<float> all, block(320);
  for (;;) {
    const auto n = reader->next(block);
    if (!n) return tl::unexpected<Error>(n.error());
    if (*n == 0) return all;
    all.insert(all.end(), block.begin(), block.begin() + *n);
  }
}

std::string error_of(const std::string& file, std::int64_t max_bytes = 1 << 20) {
  const auto samples = decode(file, max_bytes);
  return samples ? "no error" : samples.error().message;
}

/// A WAV file of 32-bit floats, byte by byte; `claimed` bytes of samples are told of.
std::string float_wav(const std::vector<float>& samples, std::uint32_t claimed) {
  const auto u32 = [](std::uint32_t v) { return std::string(reinterpret_cast<char*>(&v), 4); };
  const auto u16 = [](std::uint16_t v) { return std::string(reinterpret_cast<char*>(&v), 2); };
  const std::string format = u16(3) + u16(1) + u32(16000) + u32(64000) + u16(4) + u16(32);
  return "RIFF" + u32(36 + claimed) + "WAVEfmt " + u32(16) + format + "data" + u32(claimed) +
         std::string(reinterpret_cast<const char*>(samples.data()), 4 * samples.size());
}

constexpr int kWav = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int kOpus = SF_FORMAT_OGG | SF_FORMAT_OPUS;

TEST_F(AudioFile, DecodesWavFlacAndOpusToTheSameTone) {
  for (int format : {kWav, kFlac, kOpus}) {
    const auto samples = decode(tone("tone", format));
    ASSERT_TRUE(samples) << samples.error().message;
    ASSERT_EQ(samples->size(), 8000u);
    const double tolerance = format == kOpus ? 0.1 : 1e-4;  // Opus is lossy
    for (int n = 1000; n < 1100; ++n)
      EXPECT_NEAR((*samples)[n], 0.5 * std::sin(0.1 * n), tolerance) << n;
  }
}

TEST_F(AudioFile, TakesAWavOfUnknownLengthAsAPipeWritesIt) {
  const auto samples = decode(write("pipe.wav", float_wav({0.1f, 0.2f, 0.3f}, 0xffffffff)));
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_EQ(samples->size(), 3u);
}

TEST_F(AudioFile, RefusesAnotherRateAndSaysHowToConvert) {
  EXPECT_EQ(error_of(tone("cd.wav", kWav, 44100)),
            "'" + path("cd.wav") +
                "' has 1 channel at 44100 Hz, expected 1 at 16000 Hz; convert it: ffmpeg -i '" +
                path("cd.wav") + "' -ar 16000 -ac 1 OUT.wav");
}

TEST_F(AudioFile, RefusesTwoChannels) {
  EXPECT_THAT(error_of(tone("stereo.flac", kFlac, 16000, 2)),
              HasSubstr("has 2 channels at 16000 Hz, expected 1 at 16000 Hz; convert it"));
}

TEST_F(AudioFile, RefusesAFileThatIsNotThere) {
  EXPECT_THAT(error_of("/nowhere/a.wav"),
              HasSubstr("cannot read '/nowhere/a.wav': No such file or directory"));
}

TEST_F(AudioFile, RefusesAFolder) { EXPECT_THAT(error_of(folder_), HasSubstr("is a folder")); }

TEST_F(AudioFile, RefusesAnEmptyFile) {
  EXPECT_THAT(error_of(write("empty.wav", "")), HasSubstr("is empty, expected a WAV"));
}

TEST_F(AudioFile, RefusesATextFile) {
  EXPECT_THAT(error_of(write("text.wav", "this is no sound")),
              HasSubstr("is not a recording that mote reads: expected WAV, FLAC or Ogg Opus"));
}

TEST_F(AudioFile, RefusesAFileThatIsTooLarge) {
  EXPECT_THAT(error_of(tone("big.wav", kWav), /*max_bytes=*/1000),
              HasSubstr("is larger than 1000 B, the most that mote takes as one recording"));
}

TEST_F(AudioFile, RefusesAWavWithoutSamples) {
  EXPECT_THAT(error_of(write("none.wav", float_wav({}, 0))), HasSubstr("has no samples"));
}

TEST_F(AudioFile, RefusesAWavThatTellsOfMoreSamplesThanItHas) {
  EXPECT_THAT(error_of(write("lying.wav", float_wav({0, 0}, 4000))),
              HasSubstr("was cut: its header tells of 4000 B of samples, 8 B are there"));
}

TEST_F(AudioFile, RefusesEveryWayOfCuttingAFile) {
  for (int format : {kWav, kFlac, kOpus}) {
    const std::string whole = bytes_of(tone("whole", format));
    for (std::size_t length = 1; length < whole.size(); length += 1 + whole.size() / 97) {
      const auto file = write("cut", whole.substr(0, length));
      EXPECT_THAT(error_of(file), testing::AnyOf(HasSubstr("was cut"), HasSubstr("damaged"),
                                                 HasSubstr("is not a recording")))
          << length << " of " << whole.size() << " B";
    }
  }
}

TEST_F(AudioFile, RefusesSamplesThatAreNotFiniteNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_THAT(error_of(write("nan.wav", float_wav({0, 0.5f, nan}, 12))),
              HasSubstr("is damaged: sample 2 is nan, expected a number in [-1, 1]"));
  EXPECT_THAT(error_of(write("inf.wav", float_wav({0, -infinite}, 8))),
              HasSubstr("is damaged: sample 1 is -inf"));
  EXPECT_THAT(error_of(write("huge.wav", float_wav({1e30f}, 4))),
              HasSubstr("is damaged: sample 0 is 1e+30"));
}

TEST_F(AudioFile, NamesTheSampleAlsoInALaterBlock) {
  std::vector<float> samples(1000, 0.1f);
  samples[777] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(error_of(write("late.wav", float_wav(samples, 4000))),
              HasSubstr("sample 777 is nan"));
}

TEST_F(AudioFile, SurvivesEveryDamagedByteOfAHeader) {
  for (int format : {kWav, kFlac, kOpus}) {
    const std::string whole = bytes_of(tone("whole", format, 16000, 1, 800));
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 200); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(~damaged[at]);
      decode(write("damaged", damaged));  // an error or samples; what counts is that it returns
    }
  }
}

TEST(Wipe, ZeroesEveryByte) {
  unsigned char memory[64];
  std::memset(memory, 0xab, sizeof memory);
  wipe(memory, sizeof memory);
  EXPECT_THAT(memory, testing::Each(0));
}

}  // namespace
}  // namespace mote::sources
