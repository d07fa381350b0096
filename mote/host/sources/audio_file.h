#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "mote/host/sources/private_memory.h"
#include "mote/support/result.h"

namespace mote::sources {

/// The bytes of a recording's file, not yet looked at: so that a process can seal itself between
/// reading them and trusting a decoder with them.
struct EncodedAudio {
  std::string path;  ///< for messages
  PrivateVector<std::byte> bytes;
};

/// The largest file of a recording: four and a half hours of 16-bit samples at 16 kHz.
inline constexpr std::int64_t kLargestRecording = std::int64_t{1} << 29;

/// Reads a recording's file whole; "-" is standard input. Loads what will decode it, too, so that a
/// process may give up files after this.
///
/// @returns the bytes, or
/// - kUnsupported: libsndfile is not installed;
/// - kIo: it cannot be opened or read;
/// - kBadInput: it is a folder, is empty or has more than `max_bytes`.
Result<EncodedAudio> read_encoded(const std::string& path,
                                  std::int64_t max_bytes = kLargestRecording);

/// Decodes a WAV, FLAC or Ogg Opus recording, a block at a time, by libsndfile.
///
/// What the file claims about itself is checked against what is there: a recording that was cut, or
/// has fewer samples than it says, is refused. Everything decoded is checked to be a finite number.
class AudioReader {
 public:
  /// Reads the headers. The recording must have one channel and `sample_rate_hz`.
  ///
  /// @returns kBadInput: it is no such recording, was cut, is empty, or has another rate or more
  /// channels; the message says how to convert it.
  static Result<AudioReader> open(EncodedAudio encoded, int sample_rate_hz);

  /// Fills the front of `samples` with the next ones; full scale is [-1, 1].
  ///
  /// @returns how many, 0 only at the end, or kBadInput: a sample that is NaN, infinite or far out
  /// of range, or an end that comes before the header's.
  Result<int> next(std::span<float> samples);

  /// Samples decoded so far.
  std::int64_t position() const;
  /// The file's name, for messages.
  const std::string& path() const;

  ~AudioReader();
  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;

 private:
  struct State;
  explicit AudioReader(std::unique_ptr<State> state);
  Result<void> check_block(std::span<const float> samples) const;
  std::unique_ptr<State> state_;
};

}  // namespace mote::sources
