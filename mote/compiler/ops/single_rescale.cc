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

int output_of(const ExactRescale& exact, std::int64_t a) {
  const int y = requantize(static_cast<std::int32_t>(a), exact.multiplier, exact.shift);
  return std::clamp(y + exact.zero_point, exact.act_min, exact.act_max);
}

/// D with first <= D < end.
struct Bounds {
  std::int64_t first = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

/// What the thresholds of the outputs zero_point + first to zero_point + last, all of one sign, ask
/// of D. `start` is where the real threshold of the first lies, times the multiplier. A threshold
/// that no accumulator reaches, or all do, only asks for staying so.
void narrow(Bounds& bounds, const ExactRescale& exact, int first, int last, std::int64_t start) {
  if (first > last) return;
  const std::int64_t m = exact.multiplier, step = std::int64_t{1} << (31 - exact.shift);
  const std::int64_t whole = step / m, part = step % m;
  std::int64_t threshold = ceil_divide(start, m), gap = threshold * m - start;
  for (int k = first; k <= last; ++k) {
    if (threshold > exact.low)
      bounds.end = std::min(bounds.end, k * step - (std::min(threshold, exact.high + 1) - 1) * m);
    if (threshold <= exact.high)
      bounds.first = std::max(bounds.first, k * step - std::max(threshold, exact.low) * m);
    threshold += whole;
    gap -= part;
    if (gap < 0) gap += m, ++threshold;
  }
}

/// Bounds of the D that leaves out the zero point. Only outputs that can occur, and the two beside
/// them, have a say.
Bounds bounds_of(const ExactRescale& exact) {
  const std::int64_t step = std::int64_t{1} << (31 - exact.shift);
  const int first = std::max(exact.act_min + 1, output_of(exact, exact.low)) - exact.zero_point;
  const int last = std::min(exact.act_max, output_of(exact, exact.high) + 1) - exact.zero_point;
  const int positive = std::max(first, 1);
  Bounds bounds;
  narrow(bounds, exact, first, std::min(last, 0), first * step - step / 2 + kHalf);
  narrow(bounds, exact, positive, last, positive * step - step / 2 - kHalf);
  return bounds;
}

/// Finds bias and addend that make up a D within the bounds: bias = ceil((first - addend 2^32) / m)
/// overshoots by `excess`, which must stay below the bounds' distance. One more in addend lowers
/// what is divided by 2^32.
std::optional<SingleRescale> make_up(const ExactRescale& exact, Bounds bounds) {
  constexpr int kTries = 1 << 16;  // some hundreds are usual
  const std::int64_t m = exact.multiplier;
  constexpr std::int64_t kUnit = std::int64_t{1} << 32;
  const bool is_open = bounds.end == std::numeric_limits<std::int64_t>::max();
  if (bounds.first == std::numeric_limits<std::int64_t>::min())
    bounds.first = is_open ? 0 : bounds.end - m;
  if (is_open) bounds.end = bounds.first + m;
  std::int64_t addend = floor_divide(bounds.first, kUnit);
  const std::int64_t rest = bounds.first - addend * kUnit, change = kUnit % m;
  std::int64_t excess = ceil_divide(rest, m) * m - rest;
  for (int i = 0; i < kTries && excess >= bounds.end - bounds.first; ++i, ++addend) {
    excess += change;
    if (excess >= m) excess -= m;
  }
  const std::int64_t bias = ceil_divide(bounds.first - addend * kUnit, m);
  addend += std::int64_t{exact.zero_point} << (-exact.shift - 1);
  if (excess >= bounds.end - bounds.first || exact.low + bias < -2 * kLargest ||
      exact.high + bias >= 2 * kLargest || std::abs(addend) >= kLargest)
    return std::nullopt;
  return SingleRescale{.bias = static_cast<std::int32_t>(bias),
                       .multiplier = exact.multiplier,
                       .addend = static_cast<std::int32_t>(addend),
                       .shift = -exact.shift - 1};
}

}  // namespace

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
