#include "mote/compiler/ops/single_rescale.h"

#include <algorithm>
#include <limits>

#include "mote/core/base/fixed_point.h"

namespace mote::ops {
namespace {

constexpr std::int64_t kHalf = std::int64_t{1}
                               << 30;  // of 2^31, by which the first rounding divides
constexpr std::int64_t kLargest = std::int64_t{1}
                                  << 30;  // sums and addends that are safe in 32 bits

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
std::int64_t ceil_divide(std::int64_t a, std::int64_t b) { return -floor_divide(-a, b); }

/// D with first <= D < end.
struct Bounds {
  std::int64_t first = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

/// a / b of what fits 31 bits, in the quicker division.
std::int64_t quotient(std::int64_t a, std::int64_t b) {
  return static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b);
}

/// A member of a sequence.
struct Member {
  std::int64_t index, value;
};

/// Of (first + i step) mod m, i = 0, 1, 2, ... below `count`, the first that is below `enough`; the
/// least of all where none is.
///
/// Either is lower than all before it, and such members follow each other by falls known
/// beforehand: among what up to so many steps change a number by, round m, there are a least fall
/// and a least rise, and the next lesser one of either takes both together (the three-gap theorem).
/// So this is Euclid's algorithm, and takes about as many rounds as the count has digits.
///
///   first, step  in [0, m)
///   enough       at least 1
Member find_low(std::int64_t first, std::int64_t step, std::int64_t m, std::int64_t count,
                std::int64_t enough) {
  struct Change {
    std::int64_t steps, by;
  };
  Member low{.index = 0, .value = first};
  Change fall{1, m - step}, rise{1, step};
  while (low.value >= enough && low.index + fall.steps < count) {
    if (fall.by <= low.value) {
      const std::int64_t wanted = quotient(low.value - std::max(fall.by, enough), fall.by) + 1;
      const std::int64_t times = std::min(wanted, quotient(count - 1 - low.index, fall.steps));
      low.index += times * fall.steps, low.value -= times * fall.by;
    } else if (rise.by >= fall.by) {
      const std::int64_t times = quotient(rise.by - 1, fall.by);
      if (times == 0) break;  // both are one: together they lead back
      rise.steps += times * fall.steps, rise.by -= times * fall.by;
    } else {
      if (rise.by == 0) break;
      std::int64_t times = quotient(fall.by - low.value - 1, rise.by) + 1;
      if (times * rise.by >= fall.by) --times;
      fall.steps += times * rise.steps, fall.by -= times * rise.by;
    }
  }
  return low;
}

/// What the thresholds of the outputs zero_point + first to zero_point + last, all of one sign and
/// within reach, ask of D. `shift` is what the roundings add to the sum, times the multiplier.
///
/// The threshold is ceil(start / m) with start = k step - step / 2 + shift, so k step minus
/// threshold times m is step / 2 - shift, less what rounding up adds: `gap`, which goes round
/// modulo m.
void narrow(Bounds& bounds, std::int64_t m, std::int64_t step, int first, int last,
            std::int64_t shift) {
  if (first > last) return;
  const std::int64_t start = first * step - step / 2 + shift, part = step % m;
  const std::int64_t gap = ceil_divide(start, m) * m - start, count = last - first + 1;
  const std::int64_t least = find_low(gap, part == 0 ? 0 : m - part, m, count, 1).value;
  const std::int64_t most = m - 1 - find_low(m - 1 - gap, part, m, count, 1).value;
  bounds.first = std::max(bounds.first, step / 2 - shift - least);
  bounds.end = std::min(bounds.end, step / 2 - shift - most + m);
}

/// Bounds of the D that leaves out the zero point. Of the outputs that cannot occur, the two beside
/// those that can have a say: they must stay out of reach.
Bounds bounds_of(const ExactRescale& exact) {
  const std::int64_t m = exact.multiplier, step = std::int64_t{1} << (31 - exact.shift);
  const int lowest = output_of(exact, exact.low), highest = output_of(exact, exact.high);
  const int first = lowest + 1 - exact.zero_point, last = highest - exact.zero_point;
  Bounds bounds;
  if (lowest > exact.act_min) bounds.first = (first - 1) * step - exact.low * m;
  if (highest < exact.act_max) bounds.end = (last + 1) * step - exact.high * m;
  narrow(bounds, m, step, first, std::min(last, 0), kHalf);
  narrow(bounds, m, step, std::max(first, 1), last, -kHalf);
  return bounds;
}

/// Finds bias and addend that make up a D within the bounds: bias = ceil((first - addend 2^32) / m)
/// overshoots by `excess`, which must stay below the bounds' distance. One more in addend lowers
/// what is divided by 2^32.
std::optional<SingleRescale> make_up(const ExactRescale& exact, Bounds bounds) {
  constexpr int kTries = 1 << 16;
  const std::int64_t m = exact.multiplier;
  constexpr std::int64_t kUnit = std::int64_t{1} << 32;
  const bool is_open = bounds.end == std::numeric_limits<std::int64_t>::max();
  if (bounds.first == std::numeric_limits<std::int64_t>::min())
    bounds.first = is_open ? 0 : bounds.end - m;
  if (is_open) bounds.end = bounds.first + m;
  std::int64_t addend = floor_divide(bounds.first, kUnit);
  const std::int64_t rest = bounds.first - addend * kUnit, change = kUnit % m;
  const std::int64_t distance = bounds.end - bounds.first;
  const Member excess = find_low(ceil_divide(rest, m) * m - rest, change, m, kTries + 1, distance);
  if (excess.value >= distance) return std::nullopt;
  addend += excess.index;
  const std::int64_t bias = ceil_divide(bounds.first - addend * kUnit, m);
  addend += std::int64_t{exact.zero_point} << (-exact.shift - 1);
  if (exact.low + bias < -2 * kLargest || exact.high + bias >= 2 * kLargest ||
      std::abs(addend) >= kLargest)
    return std::nullopt;
  return SingleRescale{.bias = static_cast<std::int32_t>(bias),
                       .multiplier = exact.multiplier,
                       .addend = static_cast<std::int32_t>(addend),
                       .shift = -exact.shift - 1};
}

}  // namespace

int output_of(const ExactRescale& exact, std::int64_t a) {
  const int y = requantize(static_cast<std::int32_t>(a), exact.multiplier, exact.shift);
  return std::clamp(y + exact.zero_point, exact.act_min, exact.act_max);
}

std::optional<SingleRescale> find_single_rescale(const ExactRescale& exact) {
  const int e = -exact.shift;
  if (e < 0 || exact.low < kInt32Min || exact.high > kInt32Max) return std::nullopt;
  const int least = output_of(exact, exact.low);
  if (least == output_of(exact, exact.high)) return SingleRescale{.addend = least};
  if (e < 1 || e > 28 || exact.low < -kLargest || exact.high > kLargest) return std::nullopt;
  const Bounds bounds = bounds_of(exact);
  if (bounds.first >= bounds.end) return std::nullopt;
  return make_up(exact, bounds);
}

}  // namespace mote::ops
