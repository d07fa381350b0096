#include "mote/compiler/ops/short_rescale.h"

namespace mote::ops {

std::optional<ShortRescale> find_short_rescale(const ExactRescale& exact) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 30;
  constexpr int kLargestShift = 23;
  if (exact.low <= -kLimit || exact.high >= kLimit) return std::nullopt;
  const int e = -exact.shift;
  if (e >= 0 && output_of(exact, exact.low) == output_of(exact, exact.high))
    return ShortRescale{.addend = output_of(exact, exact.low)};
  if (e < 1 || e > kLargestShift) return std::nullopt;
  return ShortRescale{.multiplier = exact.multiplier,
                      .addend = (1 << (e - 1)) + exact.zero_point * (1 << e),
                      .shift = e};
}

}  // namespace mote::ops
