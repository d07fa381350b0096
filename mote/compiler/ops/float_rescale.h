#pragma once

#include <cstdint>
#include <optional>

#include "mote/compiler/ops/single_rescale.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::ops {

/// The float forms of isa::TileRescale.
struct FloatRescale {
  std::int32_t bias = 0;
  float multiplier = 0, addend = 0;
  float rest = 0;  ///< what the multiplier lacks of the reference's
};

/// Finds a float rescale that gives what the exact one gives for every accumulator there can be.
///
/// A fused multiplication and addition which rounds down (or to zero) and a conversion to an
/// integer which rounds the same way give exactly the integer part of the exact sum: all integers
/// of that size are floats, so the first rounding passes none of them. What differs from the
/// reference is the multiplier, with 24 bits instead of 31; kToZero adds what is missing. Both are
/// staircases in a, so it is enough to compare the at most 255 accumulators at which a next output
/// is reached, and those one below: each gives a bound of bias * multiplier + addend.
///
/// @returns nothing where the bounds contradict each other (with kDown for about one channel in
/// 300, and for nearly all that have outputs of both signs; with kToZero hardly ever), where the
/// multiplier is 1/2 or more (1/4 with kToZero), or a sum has more than 24 bits.
std::optional<FloatRescale> find_float_rescale(const ExactRescale& exact, isa::Rounding rounding);

}  // namespace mote::ops
