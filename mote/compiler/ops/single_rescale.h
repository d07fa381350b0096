#pragma once

#include <cstdint>
#include <optional>

namespace mote::ops {

/// How one channel's accumulators become outputs in the reference: clamp(requantize(a, multiplier,
/// shift) + zero_point, act_min, act_max), for a in [low, high].
struct ExactRescale {
  std::int32_t multiplier = 0;  ///< in [2^30, 2^31), or 0
  int shift = 0;
  int zero_point = 0, act_min = -128, act_max = 127;
  std::int64_t low = 0, high = 0;  ///< all that the accumulator can be
};

/// What the accumulator a gives.
int output_of(const ExactRescale& exact, std::int64_t a);

/// The same with one multiplication and one rounding:
/// clamp((((a + bias) * multiplier >> 32) + addend) >> shift, act_min, act_max).
struct SingleRescale {
  std::int32_t bias = 0, multiplier = 0, addend = 0;
  int shift = 0;
};

/// Finds a single rescale that gives what the exact one gives for every accumulator there can be.
///
/// Both are staircases in a: output v is reached from a threshold on. In the reference, two
/// roundings move that threshold by a half of 2^-e, e = -shift, from where one would have it: down
/// for positive outputs, up for negative ones. Here it is ceil((v 2^(31+e) - D) / multiplier) with
/// D = addend 2^32 + bias multiplier. So all that is asked for is one D that lies between bounds
/// which each of the at most 255 thresholds gives, and two integers that make it up.
///
/// @returns nothing where the bounds leave no D (as where outputs of both signs are wanted), where
/// the multiplier is 1 or more, or sums could overflow.
std::optional<SingleRescale> find_single_rescale(const ExactRescale& exact);

}  // namespace mote::ops
