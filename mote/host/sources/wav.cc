#include "mote/host/sources/wav.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "mote/support/cat.h"

namespace mote::sources {
namespace {

using Bytes = std::span<const std::byte>;

std::uint32_t little(Bytes bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i)
    value |= std::to_integer<std::uint32_t>(bytes[at + static_cast<std::size_t>(i)]) << (8 * i);
  return value;
}

bool tagged(Bytes bytes, std::size_t at, const char* tag) {
  return std::memcmp(bytes.data() + at, tag, 4) == 0;
}

/// What the "fmt " chunk says.
struct Format {
  std::uint32_t tag = 0, channels = 0, rate = 0, block = 0, bits = 0;
};

constexpr std::uint32_t kPcm = 1, kFloat = 3, kExtensible = 0xfffe;

Result<Format> parse_format(const std::string& name, Bytes chunk) {
  if (chunk.size() < 16)
    return bad_input(
        cat("'", name, "': the fmt chunk has ", chunk.size(), " B, expected 16 or more"));
  Format f{.tag = little(chunk, 0, 2),
           .channels = little(chunk, 2, 2),
           .rate = little(chunk, 4, 4),
           .block = little(chunk, 12, 2),
           .bits = little(chunk, 14, 2)};
  if (f.tag == kExtensible && chunk.size() >= 40) f.tag = little(chunk, 24, 2);
  const bool known =
      (f.tag == kPcm && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32)) ||
      (f.tag == kFloat && f.bits == 32);
  if (!known)
    return unsupported(
        cat("'", name, "' has WAV encoding ", f.tag, " with ", f.bits,
            " bits, expected PCM of 8, 16, 24 or 32 bits or 32-bit float; convert it"));
  if (f.channels == 0 || f.channels > Recording::kMostChannels)
    return bad_input(cat("'", name, "' has ", f.channels, " channels, expected 1 to ",
                         Recording::kMostChannels));
  if (f.block != f.channels * f.bits / 8)
    return bad_input(cat("'", name, "': a frame is said to take ", f.block, " B, but ", f.channels,
                         " channels of ", f.bits, " bits take ", f.channels * f.bits / 8));
  return f;
}

float sample_at(Bytes data, std::size_t at, const Format& f) {
  const std::uint32_t raw = little(data, at, static_cast<int>(f.bits / 8));
  if (f.tag == kFloat) return std::bit_cast<float>(raw);
  if (f.bits == 8) return static_cast<float>(raw) - 128.0f;
  const int unused = 32 - static_cast<int>(f.bits);
  return static_cast<float>(static_cast<std::int32_t>(raw << unused) >> unused);
}

Result<Recording> decode(std::string name, const Format& f, Bytes data) {
  if (data.size() % f.block != 0)
    return bad_input(cat("'", name, "': ", data.size(),
                         " B of samples are no whole number of frames of ", f.block,
                         " B; the file is cut"));
  Recording recording{.name = std::move(name),
                      .axes = default_axes(static_cast<int>(f.channels)),
                      .sample_rate_hz = static_cast<double>(f.rate),
                      .samples = {},
                      .unit = f.tag == kFloat ? "" : "counts"};
  const std::size_t width = f.bits / 8;
  recording.samples.resize(data.size() / width);
  for (std::size_t i = 0; i < recording.samples.size(); ++i)
    recording.samples[i] = sample_at(data, i * width, f);
  return checked(std::move(recording));
}

void put(std::vector<std::byte>& out, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
}

void put_tag(std::vector<std::byte>& out, const char* tag) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(tag[i]));
}

}  // namespace

Result<Recording> parse_wav(std::string name, Bytes bytes) {
  if (bytes.size() < 12 || !tagged(bytes, 0, "RIFF") || !tagged(bytes, 8, "WAVE"))
    return bad_input(cat("'", name, "' does not begin as a WAV file does (RIFF....WAVE)"));
  Format format;
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::size_t size = little(bytes, at + 4, 4), left = bytes.size() - at - 8;
    const std::string tag(reinterpret_cast<const char*>(bytes.data() + at), 4);
    if (size > left)
      return bad_input(cat("'", name, "': the ", tag == "data" || tag == "fmt " ? tag : "next",
                           " chunk claims ", size, " B, only ", left,
                           " follow; the file is cut or its header is wrong"));
    const Bytes chunk = bytes.subspan(at + 8, size);
    if (tag == "fmt ") {
      auto parsed = parse_format(name, chunk);
      MOTE_TRY(parsed);
      format = *parsed;
    } else if (tag == "data") {
      if (format.tag == 0)
        return bad_input(
            cat("'", name, "': samples come before the fmt chunk that describes them"));
      return decode(std::move(name), format, chunk);
    }
    at += 8 + size + size % 2;
  }
  return bad_input(cat("'", name, "' has no data chunk; the file is cut"));
}

std::vector<std::byte> encode_wav(const Recording& recording, WavSample sample) {
  const std::uint32_t width = sample == WavSample::kInt16 ? 2 : 4;
  const std::uint32_t channels = static_cast<std::uint32_t>(recording.channels());
  const std::uint32_t rate = static_cast<std::uint32_t>(std::lround(recording.sample_rate_hz));
  const std::uint32_t size = static_cast<std::uint32_t>(recording.samples.size()) * width;
  std::vector<std::byte> out;
  out.reserve(44 + size);
  put_tag(out, "RIFF");
  put(out, 36 + size, 4);
  put_tag(out, "WAVE");
  put_tag(out, "fmt ");
  put(out, 16, 4);
  put(out, sample == WavSample::kInt16 ? kPcm : kFloat, 2);
  put(out, channels, 2);
  put(out, rate, 4);
  put(out, rate * channels * width, 4);
  put(out, channels * width, 2);
  put(out, 8 * width, 2);
  put_tag(out, "data");
  put(out, size, 4);
  for (const float value : recording.samples) {
    const float limited = std::clamp(std::nearbyint(value), -32768.0f, 32767.0f);
    put(out,
        sample == WavSample::kInt16 ? static_cast<std::uint32_t>(static_cast<std::int32_t>(limited))
                                    : std::bit_cast<std::uint32_t>(value),
        static_cast<int>(width));
  }
  return out;
}

}  // namespace mote::sources
