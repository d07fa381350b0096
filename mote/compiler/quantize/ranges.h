#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mote/compiler/quantize/parameters.h"

/// Which range of real numbers a tensor's integers are to cover, from a histogram of what it holds.
namespace mote::quantize {

enum class RangeMethod : std::uint8_t {
  kMinMax,      ///< all that was seen
  kPercentile,  ///< without the outermost of the values, as many at each end
  kMse,         ///< the range with the least mean squared error
  kEntropy,     ///< the range whose quantised distribution is nearest to the true one
};
/// "min-max", "percentile", "mse" or "entropy".
std::optional<RangeMethod> range_method_named(std::string_view name);
std::string_view name_of(RangeMethod method);

/// How often values lie where, in bins of one width from the lowest to the highest value.
struct Histogram {
  static constexpr int kBins = 2048;

  Range range;                       ///< lowest and highest value
  std::vector<std::int64_t> counts;  ///< kBins of them, without exact zeros
  std::int64_t zeros = 0;            ///< values that are 0, which any scale expresses

  explicit Histogram(Range extremes = {}) : range(extremes), counts(kBins) {}
  void add(std::span<const float> values);
  double bin_width() const { return (double{range.high} - double{range.low}) / kBins; }
  /// The middle of a bin.
  double center(int bin) const { return double{range.low} + (bin + 0.5) * bin_width(); }
};

/// The range of a tensor of `type` by `method`: within what was seen, and holding 0.
///
/// kPercentile leaves out (100 - percentile) % of the values, half at each end; `percentile` is
/// within (50, 100].
Range choose_range(const Histogram& histogram, RangeMethod method, DType type,
                   double percentile = 99.99);

}  // namespace mote::quantize
