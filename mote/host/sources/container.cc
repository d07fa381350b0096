#include "mote/host/sources/container.h"

#include <cstdint>
#include <cstring>
#include <string_view>

#include "mote/support/cat.h"

namespace mote::sources {
namespace {

using Bytes = std::span<const std::byte>;

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

std::uint32_t little_endian_32(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}

tl::unexpected<Error> was_cut(const std::string& path, const std::string& evidence) {
  return bad_input(cat("'", path, "' was cut: ", evidence, "; copy or record it again"));
}

/// RIFF: "RIFF" size "WAVE", then chunks of a name, a size and that many bytes, padded to even.
Result<void> check_wav(Bytes bytes, const std::string& path) {
  constexpr std::uint32_t kUnknown = 0xffffffff;  // written by programs that write to a pipe
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::uint64_t size = little_endian_32(bytes, at + 4);
    const std::uint64_t there = bytes.size() - (at + 8);
    const bool data = starts_with(bytes.subspan(at), "data");
    if (data && size == 0) return bad_input(cat("'", path, "' has no samples (its data is 0 B)"));
    if (data && size == kUnknown) return {};
    if (size > there)
      return was_cut(
          path, cat("its header tells of ", size, " B of ",
                    data ? "samples" : "a chunk before the samples", ", ", there, " B are there"));
    if (data) return {};
    at += 8 + size + (size & 1);
  }
  return was_cut(path, "it ends before the samples");
}

/// Ogg (RFC 3533): pages of a 27-byte header, a table of segment lengths, and the segments. The
/// last one says that it is the last.
Result<void> check_ogg(Bytes bytes, const std::string& path) {
  constexpr std::size_t kHeader = 27;
  bool last = false;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Bytes page = bytes.subspan(at);
    if (page.size() < kHeader || !starts_with(page, "OggS"))
      return was_cut(path, cat("there is no whole page at byte ", at));
    const auto segments = std::to_integer<std::size_t>(page[26]);
    std::size_t size = kHeader + segments;
    for (std::size_t s = 0; s < segments && kHeader + s < page.size(); ++s)
      size += std::to_integer<std::size_t>(page[kHeader + s]);
    if (size > page.size())
      return was_cut(
          path, cat("its page at byte ", at, " has ", size, " B, ", page.size(), " B are there"));
    last = (std::to_integer<int>(page[5]) & 4) != 0;
    at += size;
  }
  if (!last) return was_cut(path, "its last page is missing");
  return {};
}

}  // namespace

Result<void> check_container(Bytes bytes, const std::string& path) {
  if (starts_with(bytes, "OggS")) return check_ogg(bytes, path);
  if (starts_with(bytes, "RIFF") && bytes.size() >= 12 && starts_with(bytes.subspan(8), "WAVE"))
    return check_wav(bytes, path);
  // FLAC's header tells the number of samples, which the reader compares with what it decodes.
  if (starts_with(bytes, "fLaC")) return {};
  return bad_input(cat("'", path,
                       "' is not a recording that mote reads: expected WAV, FLAC or Ogg "
                       "Opus; convert it: ffmpeg -i IN -ar 16000 -ac 1 OUT.wav"));
}

}  // namespace mote::sources
