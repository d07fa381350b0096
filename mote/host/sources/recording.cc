#include "mote/host/sources/recording.h"

#include <cmath>
#include <cstring>

#include "mote/host/sources/csv.h"
#include "mote/host/sources/wav.h"
#include "mote/support/cat.h"

namespace mote::sources {

std::vector<std::string> default_axes(int count) {
  if (count == 1) return {"x"};
  if (count == 2) return {"x", "y"};
  if (count == 3) return {"x", "y", "z"};
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back(cat(i));
  return names;
}

Result<Recording> checked(Recording recording) {
  const auto& r = recording;
  if (r.channels() < 1 || r.channels() > Recording::kMostChannels)
    return bad_input(cat("'", r.name, "' has ", r.channels(), " channels, expected 1 to ",
                         Recording::kMostChannels));
  if (!(r.sample_rate_hz >= Recording::kLowestRateHz &&
        r.sample_rate_hz <= Recording::kHighestRateHz))
    return bad_input(cat("'", r.name, "' says that it has ", r.sample_rate_hz,
                         " frames a second, expected 1 to 10000000"));
  if (r.frames() == 0) return bad_input(cat("'", r.name, "' holds no samples"));
  for (std::size_t i = 0; i < r.samples.size(); ++i)
    if (!std::isfinite(r.samples[i]))
      return bad_input(cat("'", r.name, "': frame ", i / r.axes.size(), " of axis ",
                           r.axes[i % r.axes.size()], " is ",
                           std::isnan(r.samples[i]) ? "not a number" : "infinite",
                           "; repair or cut the recording there"));
  return recording;
}

Result<Recording> parse_recording(std::string name, std::span<const std::byte> bytes,
                                  const ReadOptions& options) {
  if (bytes.empty()) return bad_input(cat("'", name, "' is empty"));
  if (bytes.size() >= 4 && std::memcmp(bytes.data(), "RIFF", 4) == 0)
    return parse_wav(std::move(name), bytes);
  const bool wav_name = name.ends_with(".wav") || name.ends_with(".WAV");
  const bool binary = std::memchr(bytes.data(), 0, std::min<std::size_t>(bytes.size(), 4096));
  if (wav_name || binary)
    return bad_input(
        cat("'", name, "' is neither a WAV file (it does not begin with RIFF) nor text"));
  return parse_csv(std::move(name), bytes, options.csv_rate_hz);
}

}  // namespace mote::sources
