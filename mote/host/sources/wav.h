#pragma once

#include <cstdint>

#include "mote/host/sources/recording.h"

namespace mote::sources {

/// Reads a RIFF/WAVE file: PCM of 8 (unsigned), 16, 24 or 32 bits, or 32-bit float; also the
/// "extensible" header (Microsoft, "Multiple Channel Audio Data and WAVE Files").
///
/// Integers are read as they stand, in counts of the converter (8 bits: minus 128), not scaled to
/// 1; floats as they are. 32-bit integers are rounded to the 24 bits of a float.
///
/// @returns the recording, or
/// - kUnsupported: another encoding or depth;
/// - kBadInput: a header that contradicts itself, or less data than the header promises.
Result<Recording> parse_wav(std::string name, std::span<const std::byte> bytes);

/// How samples are written.
enum class WavSample { kInt16, kFloat32 };

/// The bytes of a WAV file. For kInt16 the samples are counts, rounded and saturated.
std::vector<std::byte> encode_wav(const Recording& recording, WavSample sample);

}  // namespace mote::sources
