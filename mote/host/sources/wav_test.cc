#include "mote/host/sources/wav.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace mote::sources {
namespace {

using Bytes = std::vector<std::byte>;

void put(Bytes& out, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(std::byte(value >> (8 * i) & 0xff));
}
void put(Bytes& out, const char* tag) {
  for (int i = 0; i < 4; ++i) out.push_back(std::byte(tag[i]));
}

/// What a header says; by default a sound one.
struct Header {
  std::uint32_t tag = 1, channels = 1, rate = 1000, bits = 16;
  std::int64_t block = -1, data_size = -1;
};

Bytes wav(const Header& h, const Bytes& data) {
  Bytes out;
  put(out, "RIFF");
  put(out, std::uint32_t(36 + data.size()), 4);
  put(out, "WAVE");
  put(out, "fmt ");
  put(out, 16, 4);
  put(out, h.tag, 2);
  put(out, h.channels, 2);
  put(out, h.rate, 4);
  const std::uint32_t block = h.block < 0 ? h.channels * h.bits / 8 : std::uint32_t(h.block);
  put(out, h.rate * block, 4);
  put(out, block, 2);
  put(out, h.bits, 2);
  put(out, "data");
  put(out, h.data_size < 0 ? std::uint32_t(data.size()) : std::uint32_t(h.data_size), 4);
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes out;
  for (const int v : values) out.push_back(std::byte(v));
  return out;
}

Bytes floats(std::initializer_list<float> values) {
  Bytes out;
  for (const float v : values) {
    std::uint32_t raw;
    std::memcpy(&raw, &v, 4);
    put(out, raw, 4);
  }
  return out;
}

std::string error_of(const Bytes& bytes) {
  const auto recording = parse_wav("a.wav", bytes);
  return recording ? "no error" : recording.error().message;
}

TEST(ParseWav, ReadsEveryDepthInCounts) {
  const struct {
    std::uint32_t bits;
    Bytes data;
    std::vector<float> expected;
  } cases[] = {
      {8, bytes_of({0, 128, 255}), {-128, 0, 127}},
      {16, bytes_of({0x00, 0x80, 0xff, 0x7f}), {-32768, 32767}},
      {24, bytes_of({0x00, 0x00, 0x80, 0x01, 0x00, 0x00}), {-8388608, 1}},
      {32, bytes_of({0x00, 0x00, 0x00, 0x80, 0x02, 0x00, 0x00, 0x00}), {-2147483648.0f, 2}},
  };
  for (const auto& c : cases) {
    const auto recording = parse_wav("a.wav", wav({.bits = c.bits}, c.data));
    ASSERT_TRUE(recording) << recording.error().message;
    EXPECT_EQ(recording->samples, c.expected) << c.bits << " bits";
    EXPECT_EQ(recording->sample_rate_hz, 1000);
  }
}

TEST(ParseWav, ReadsFloatsAndSeveralAxes) {
  const auto r = parse_wav(
      "a.wav", wav({.tag = 3, .channels = 3, .bits = 32}, floats({1, 2, 3, -4, 5.5f, 6})));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->axes, (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(r->frames(), 2);
  EXPECT_EQ(r->samples, (std::vector<float>{1, 2, 3, -4, 5.5f, 6}));
}

TEST(ParseWav, ReadsBackWhatEncodeWavWrote) {
  const Recording written{.name = "b.wav",
                          .axes = {"x", "y"},
                          .sample_rate_hz = 25600,
                          .samples = {0, -1, 40000, -40000},
                          .unit = ""};
  const auto counts = parse_wav("b.wav", encode_wav(written, WavSample::kInt16));
  EXPECT_EQ(counts->samples, (std::vector<float>{0, -1, 32767, -32768}));
  const auto exact = parse_wav("b.wav", encode_wav(written, WavSample::kFloat32));
  EXPECT_EQ(exact->samples, written.samples);
}

TEST(ParseWav, RefusesAFileCutAnywhere) {
  const Bytes whole = wav({.channels = 2}, Bytes(400));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto recording = parse_wav("a.wav", std::span(whole).first(length));
    EXPECT_FALSE(recording) << length << " of " << whole.size() << " bytes";
  }
}

TEST(ParseWav, SaysHowManyBytesAreMissing) {
  EXPECT_EQ(
      error_of(wav({.data_size = 4000}, Bytes(400))),
      "'a.wav': the data chunk claims 4000 B, only 400 follow; the file is cut or its header is "
      "wrong");
}

TEST(ParseWav, RefusesHeadersThatLie) {
  EXPECT_EQ(error_of(wav({.channels = 2, .block = 2}, Bytes(8))),
            "'a.wav': a frame is said to take 2 B, but 2 channels of 16 bits take 4");
  EXPECT_EQ(error_of(wav({.rate = 0}, Bytes(8))),
            "'a.wav' says that it has 0 frames a second, expected 1 to 10000000");
  EXPECT_EQ(error_of(wav({.channels = 0}, Bytes(8))), "'a.wav' has 0 channels, expected 1 to 16");
  EXPECT_EQ(error_of(wav({}, Bytes(7))),
            "'a.wav': 7 B of samples are no whole number of frames of 2 B; the file is cut");
  EXPECT_EQ(error_of(wav({}, {})), "'a.wav' holds no samples");
}

TEST(ParseWav, RefusesEncodingsThatItDoesNotKnow) {
  for (const Header& h : {Header{.tag = 2, .bits = 4}, Header{.tag = 1, .bits = 12},
                          Header{.tag = 3, .bits = 64}, Header{.tag = 7, .bits = 8}}) {
    const auto recording = parse_wav("a.wav", wav(h, Bytes(64)));
    ASSERT_FALSE(recording);
    EXPECT_EQ(recording.error().code, ErrorCode::kUnsupported);
  }
}

TEST(ParseWav, NamesTheFrameThatIsNoNumber) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const Header header{.tag = 3, .channels = 2, .bits = 32};
  EXPECT_EQ(error_of(wav(header, floats({1, 2, 3, kNan}))),
            "'a.wav': frame 1 of axis y is not a number; repair or cut the recording there");
  EXPECT_EQ(error_of(wav(header, floats({-kInf, 2}))),
            "'a.wav': frame 0 of axis x is infinite; repair or cut the recording there");
}

}  // namespace
}  // namespace mote::sources
