#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "mote/support/result.h"

namespace mote::sources {

/// Checks from outside that a file is a WAV, FLAC or Ogg file and, where its container tells, that
/// it is whole: decoders take a file that was cut for a shorter one.
///
///   path  for messages
///
/// @returns kBadInput when it is none of these, was cut, or has no samples.
Result<void> check_container(std::span<const std::byte> bytes, const std::string& path);

}  // namespace mote::sources
