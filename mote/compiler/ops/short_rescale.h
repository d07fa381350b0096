#pragma once

#include <optional>

#include "mote/compiler/ops/single_rescale.h"

namespace mote::ops {

/// packed_rescale()'s terms.
struct ShortRescale {
  std::int32_t multiplier = 0, addend = 0;
  int shift = 0;
};

/// Finds the two roundings of the reference in their short form: the second one, halves away from
/// zero, is a shift after one less where the first gave something negative. That holds for right
/// shifts of 1 to 23 and accumulators below 2^30; or all accumulators give one output.
///
/// @returns nothing elsewhere.
std::optional<ShortRescale> find_short_rescale(const ExactRescale& exact);

}  // namespace mote::ops
