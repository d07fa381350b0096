#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "mote/core/base/dtype.h"

namespace mote::tests {

/// Compares outputs with the reference's: integers byte for byte, floats within `tolerance` times
/// the largest magnitude of the expected ones.
///
/// @returns "" where they agree, else the first difference in words.
std::string difference(DType type, std::span<const std::byte> actual,
                       std::span<const std::byte> expected, double tolerance);

}  // namespace mote::tests
