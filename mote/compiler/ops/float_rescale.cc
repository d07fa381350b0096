#include "mote/compiler/ops/float_rescale.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "mote/core/base/fixed_point.h"

namespace mote::ops {
namespace {

using isa::Rounding;

constexpr int kFloatBits = 24;
constexpr std::int64_t kLargestSum = std::int64_t{1} << kFloatBits;

/// The addends D with first <= D < end, in units of 2^-(31 - shift).
struct Bounds {
  std::int64_t first = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

/// One channel: all numbers are multiples of 2^-(31 - shift), of which `step` make an output.
class Search {
 public:
  Search(const ExactRescale& exact, Rounding rounding)
      : exact_(exact),
        rounding_(rounding),
        step_(std::int64_t{1} << (31 - exact.shift)),
        nearest_(((std::int64_t{exact.multiplier} + 64) >> 7) << 7),
        multiplier_(rounding == Rounding::kDown ? nearest_ : exact.multiplier) {}

  std::optional<FloatRescale> run() {
    const int lowest = output_of(exact_, exact_.low), highest = output_of(exact_, exact_.high);
    // Outputs without the zero point. Those beyond what occurs must stay out of reach.
    const int first = lowest + 1 - exact_.zero_point, last = highest - exact_.zero_point;
    if (lowest > exact_.act_min) reach((first - 1) * step_ - exact_.low * multiplier_, exact_.low);
    if (highest < exact_.act_max) miss((last + 1) * step_ - exact_.high * multiplier_, exact_.high);
    climb(first, std::min(last, 0), kHalf);
    climb(std::max(first, 1), last, -kHalf);
    if (bounds_.first >= bounds_.end) return std::nullopt;
    return rounding_ == Rounding::kToZero ? positive_addend() : make_up();
  }

 private:
  static constexpr std::int64_t kHalf = std::int64_t{1} << 30;  // of the reference's first rounding

  bool mirrored(std::int64_t a) const { return rounding_ == Rounding::kToZero && a < 0; }

  /// Accumulator a must reach output v; or must not. `least` is v * step - a * multiplier.
  void reach(std::int64_t least, std::int64_t a) {
    if (mirrored(a))
      bounds_.end = std::min(bounds_.end, step_ - least);
    else
      bounds_.first = std::max(bounds_.first, least);
  }
  void miss(std::int64_t least, std::int64_t a) {
    if (mirrored(a))
      bounds_.first = std::max(bounds_.first, step_ - least);
    else
      bounds_.end = std::min(bounds_.end, least);
  }

  /// Of the outputs first to last, all of one sign, each has a threshold: the least accumulator a
  /// with a * m >= v * step - step / 2 + shift, where m is the reference's multiplier and `shift`
  /// is what its first rounding adds.
  void climb(int first, int last, std::int64_t shift) {
    if (first > last) return;
    // Several outputs at a time, which do not wait for each other.
    constexpr int kLanes = 4;
    const std::int64_t m = exact_.multiplier, stride = kLanes * step_;
    const std::int64_t part = stride % m, change = stride - stride / m * multiplier_;
    std::int64_t beyond[kLanes], least[kLanes], lowest[kLanes], highest[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      const int v = std::min(first + i, last);
      const std::int64_t start = v * step_ - step_ / 2 + shift;
      const std::int64_t threshold = start >= 0 ? (start + m - 1) / m : -(-start / m);
      beyond[i] = threshold * m - start;  // in [0, m)
      lowest[i] = highest[i] = least[i] = v * step_ - threshold * multiplier_;
    }
    const auto advance = [&](int i) __attribute__((always_inline)) {
      beyond[i] -= part;
      least[i] += change;
      const std::int64_t wraps = beyond[i] >> 63;  // all ones or none
      beyond[i] += m & wraps;
      least[i] -= multiplier_ & wraps;
      lowest[i] = std::min(lowest[i], least[i]);
      highest[i] = std::max(highest[i], least[i]);
    };
    int v = first + kLanes;
    for (; v + kLanes - 1 <= last; v += kLanes)
#pragma GCC unroll 4
      for (int i = 0; i < kLanes; ++i) advance(i);
    for (int i = 0; v + i <= last; ++i) advance(i);
    const std::int64_t sign = last > 0 ? 1 : -1;  // of the thresholds
    reach(*std::max_element(highest, highest + kLanes), sign);
    miss(*std::min_element(lowest, lowest + kLanes) + multiplier_, sign);
  }

  /// Multiples of the unit as a float; exact where they have 24 bits.
  float as_float(std::int64_t x) const {
    return std::ldexp(static_cast<float>(x), exact_.shift - 31);
  }
  bool sums_fit(std::int64_t bias) const {
    return exact_.low + bias >= -kLargestSum && exact_.high + bias <= kLargestSum;
  }

  /// A bias and a float that make up an addend within the bounds: the more the bias, the lower the
  /// float, which has a next multiple of `grain` each time.
  std::optional<FloatRescale> make_up() const {
    constexpr int kTries = 64;
    const std::int64_t zero = exact_.zero_point * step_;
    const bool is_open = bounds_.end == std::numeric_limits<std::int64_t>::max();
    std::int64_t first = bounds_.first, end = bounds_.end;
    if (first == std::numeric_limits<std::int64_t>::min()) first = is_open ? 0 : end - multiplier_;
    if (is_open) end = first + multiplier_;
    for (std::int64_t bias = 0; bias < kTries; ++bias) {
      const std::int64_t addend = addend_from(first + zero - bias * multiplier_);
      if (addend + bias * multiplier_ < end + zero) return result(bias, addend);
    }
    return std::nullopt;
  }

  std::optional<FloatRescale> positive_addend() const {
    const std::int64_t addend = addend_from(std::max<std::int64_t>(bounds_.first, 0));
    if (addend >= bounds_.end || addend > 2 * step_) return std::nullopt;
    return result(0, addend);
  }

  /// The least float that is an addend of at least `first`, also when the rest's share is added to
  /// it and the sum rounded.
  std::int64_t addend_from(std::int64_t first) const {
    if (multiplier_ != nearest_) first += grain_of(std::abs(first) + kLargestSum * 64);
    const std::int64_t grain = grain_of(first);
    return (first + grain - 1) & -grain;
  }

  std::optional<FloatRescale> result(std::int64_t bias, std::int64_t addend) const {
    if (!sums_fit(bias)) return std::nullopt;
    return FloatRescale{.bias = static_cast<std::int32_t>(bias),
                        .multiplier = as_float(nearest_),
                        .addend = as_float(addend),
                        .rest = as_float(multiplier_ - nearest_)};
  }

  /// All of its multiples up to x are floats.
  static std::int64_t grain_of(std::int64_t x) {
    return std::int64_t{1} << std::bit_width(static_cast<std::uint64_t>(std::abs(x)) >> kFloatBits);
  }

  ExactRescale exact_;
  Rounding rounding_;
  std::int64_t step_;
  std::int64_t nearest_, multiplier_;  // the multiplier as a float; with its rest
  Bounds bounds_;
};

}  // namespace

std::optional<FloatRescale> find_float_rescale(const ExactRescale& exact, Rounding rounding) {
  if (exact.shift > 0 || exact.low < kInt32Min || exact.high > kInt32Max) return std::nullopt;
  const int least = output_of(exact, exact.low);
  if (least == output_of(exact, exact.high)) {
    // Of the sign that sums do not have, the output is one that is clamped.
    const int addend = rounding == Rounding::kToZero ? std::abs(least - exact.zero_point) : least;
    return FloatRescale{.addend = static_cast<float>(addend)};
  }
  // From a quarter on, the outputs -1 and 1 need not have accumulators of their sign.
  const int most = rounding == Rounding::kToZero ? -2 : -1;
  if (exact.shift > most || exact.shift < -20) return std::nullopt;
  return Search(exact, rounding).run();
}

}  // namespace mote::ops
