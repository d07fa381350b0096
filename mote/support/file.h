#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mote/support/result.h"

namespace mote {

/// Reads a whole file; "-" is standard input.
///
/// @returns the bytes, or
/// - kIo: it cannot be opened or read (the message has the system's reason);
/// - kBadInput: it is larger than `max_bytes`.
Result<std::vector<std::byte>> read_file(const std::string& path,
                                         std::int64_t max_bytes = std::int64_t{1} << 31);

/// Writes a file whole or not at all: the bytes go to a temporary sibling that is renamed over
/// `path` once they are on disk, so a full disk never leaves half a file. "-" is standard output.
///
/// @returns kIo with the system's reason when any step fails; what stood at `path` is then
/// untouched.
Result<void> write_file(const std::string& path, std::span<const std::byte> bytes);

}  // namespace mote
