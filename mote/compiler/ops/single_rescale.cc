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

/// What the thresholds of outputs first to last, all of one sign, ask of D. `start` is where the
/// real threshold of output `first` lies, times the multiplier. A threshold that no accumulator
/// reaches, or all do, only asks for staying so.
void narrow(Bounds& bounds, const ExactRescale& exact, int first, int last, std::int64_t start) {
  if (first > last) return;
  const std::int64_t m = exact.multiplier, step = std::int64_t{1} << (31 - exact.shift);
  const std::int64_t lead = first * step - start;  // of D, if there were only real numbers
  const std::int64_t whole = step / m, part = step % m;
  std::int64_t threshold = ceil_divide(start, m), gap = threshold * m - start;
  for (int v = first; v <= last; ++v) {
    if (threshold <= exact.low) {
      bounds.first = std::max(bounds.first, v * step - exact.low * m);
    } else if (threshold > exact.high) {
      bounds.end = std::min(bounds.end, v * step - exact.high * m);
    } else {
      bounds.first = std::max(bounds.first, lead - gap);
      bounds.end = std::min(bounds.end, lead - gap + m);
    }
    threshold += whole;
    gap -= part;
    if (gap < 0) gap += m, ++threshold;
  }
}

Bounds bounds_of(const ExactRescale& exact) {
  const std::int64_t step = std::int64_t{1} << (31 - exact.shift);
  const auto start_of = [&](int v) { return (v - exact.zero_point) * step - step / 2; };
  Bounds bounds;
  const int first = exact.act_min + 1, positive = std::max(first, exact.zero_point + 1);
  narrow(bounds, exact, first, std::min(exact.zero_point, exact.act_max), start_of(first) + kHalf);
  narrow(bounds, exact, positive, exact.act_max, start_of(positive) - kHalf);
  return bounds;
}

}  // namespace

std::optional<SingleRescale> find_single_rescale(const ExactRescale& exact) {
  const int e = -exact.shift;
  if (e < 0 || exact.low < -kLargest || exact.high > kLargest) return std::nullopt;
  const int least = output_of(exact, exact.low);
  if (least == output_of(exact, exact.high)) return SingleRescale{.addend = least};
  if (e < 1 || e > 20) return std::nullopt;
  const std::int64_t m = exact.multiplier;
  Bounds bounds = bounds_of(exact);
  if (bounds.first >= bounds.end) return std::nullopt;
  // D of about its first possible value, and not so large that something overflows.
  const bool is_open = bounds.end == std::numeric_limits<std::int64_t>::max();
  if (bounds.first == std::numeric_limits<std::int64_t>::min())
    bounds.first = is_open ? 0 : bounds.end - m;
  if (is_open) bounds.end = bounds.first + m;
  // bias = ceil((first - addend 2^32) / m) overshoots by `excess`, which must stay below the
  // bounds' distance. One more in addend lowers what is divided by 2^32.
  constexpr int kTries = 8192;
  std::int64_t addend = floor_divide(bounds.first, std::int64_t{1} << 32);
  const std::int64_t rest = bounds.first - addend * (std::int64_t{1} << 32);
  std::int64_t excess = ceil_divide(rest, m) * m - rest;
  const std::int64_t change = (std::int64_t{1} << 32) % m;
  for (int i = 0; i < kTries; ++i, ++addend) {
    if (excess < bounds.end - bounds.first) {
      const std::int64_t bias = ceil_divide(bounds.first - addend * (std::int64_t{1} << 32), m);
      if (exact.low + bias < -2 * kLargest || exact.high + bias >= 2 * kLargest ||
          std::abs(addend) >= kLargest)
        return std::nullopt;
      return SingleRescale{.bias = static_cast<std::int32_t>(bias),
                           .multiplier = exact.multiplier,
                           .addend = static_cast<std::int32_t>(addend),
                           .shift = e - 1};
    }
    excess += change;
    if (excess >= m) excess -= m;
  }
  return std::nullopt;
}

}  // namespace mote::ops
