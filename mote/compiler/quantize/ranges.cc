#include "mote/compiler/quantize/ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace mote::quantize {
namespace {

constexpr std::pair<std::string_view, RangeMethod> kNames[] = {
    {"min-max", RangeMethod::kMinMax},
    {"percentile", RangeMethod::kPercentile},
    {"mse", RangeMethod::kMse},
    {"entropy", RangeMethod::kEntropy},
};

Range with_zero(Range range) { return {std::min(range.low, 0.0f), std::max(range.high, 0.0f)}; }

/// Sums over all bins below one: of counts, values and squares.
class Sums {
 public:
  explicit Sums(const Histogram& histogram) : histogram_(histogram) {
    double count = 0, value = 0, square = 0;
    count_.push_back(0), value_.push_back(0), square_.push_back(0);
    for (int bin = 0; bin < Histogram::kBins; ++bin) {
      const auto n = static_cast<double>(histogram.counts[static_cast<std::size_t>(bin)]);
      const double x = histogram.center(bin);
      count_.push_back(count += n);
      value_.push_back(value += n * x);
      square_.push_back(square += n * x * x);
    }
  }

  /// The sum of (x - end)^2 over what lies below, or else above, `end`.
  double clipped(double end, bool below) const {
    const std::size_t bin = bin_of(end);
    const double n = below ? count_[bin] : count_.back() - count_[bin];
    const double x = below ? value_[bin] : value_.back() - value_[bin];
    const double xx = below ? square_[bin] : square_.back() - square_[bin];
    return std::max(0.0, xx - 2 * end * x + n * end * end);
  }
  double count_between(double low, double high) const {
    return count_[bin_of(high)] - count_[bin_of(low)];
  }
  double count() const { return count_.back(); }

 private:
  /// How many bins lie below `x`.
  std::size_t bin_of(double x) const {
    const double bin = std::round((x - double{histogram_.range.low}) / histogram_.bin_width());
    return static_cast<std::size_t>(std::clamp(bin, 0.0, double{Histogram::kBins}));
  }
  const Histogram& histogram_;
  std::vector<double> count_, value_, square_;
};

Range percentile_range(const Histogram& h, double percentile) {
  const double outside = (100 - percentile) / 200;
  std::int64_t total = h.zeros;
  for (std::int64_t n : h.counts) total += n;
  const auto most = static_cast<std::int64_t>(outside * static_cast<double>(total));
  // From one end to where more than `most` values have been passed; 0 is never left out.
  const auto end_from = [&](int first, int step) {
    std::int64_t passed = 0;
    int bin = first;
    for (; bin >= 0 && bin < Histogram::kBins; bin += step)
      if ((passed += h.counts[static_cast<std::size_t>(bin)]) > most) break;
    return std::clamp(bin, 0, Histogram::kBins - 1);
  };
  const int low = end_from(0, 1), high = end_from(Histogram::kBins - 1, -1);
  const auto edge = [&](int bin) {
    return static_cast<float>(double{h.range.low} + bin * h.bin_width());
  };
  return with_zero({edge(low), high == Histogram::kBins - 1 ? h.range.high : edge(high + 1)});
}

constexpr int kCandidates = 100;  ///< ends that are tried, from 0 to the extreme

/// Inside a range, values err by a rounded step: step^2 / 12 on average; outside by their distance.
Range mse_range(const Histogram& h, DType type) {
  const Range full = with_zero(h.range);
  const Sums sums(h);
  const double steps = type == DType::kInt16 ? 65534 : 255;
  Range best = full;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 1; i <= kCandidates; ++i)
    for (int k = 1; k <= kCandidates; ++k) {
      const double low = double{full.low} * i / kCandidates;
      const double high = double{full.high} * k / kCandidates;
      if ((low == 0 && i > 1) || (high == 0 && k > 1)) continue;
      const double width = type == DType::kInt16 ? 2 * std::max(-low, high) : high - low;
      const double step = width / steps;
      const double error = sums.clipped(low, true) + sums.clipped(high, false) +
                           sums.count_between(low, high) * step * step / 12;
      if (error > least) continue;
      least = error;
      best = {static_cast<float>(low), static_cast<float>(high)};
    }
  return best;
}

/// Kullback-Leibler divergence of the bins [first, last) with the rest put at their ends, from the
/// same in `levels` equal steps, each spread over those of its bins that are not empty.
double divergence(const Histogram& h, int first, int last, int levels) {
  std::vector<double> true_counts, kept;
  for (int bin = first; bin < last; ++bin)
    kept.push_back(static_cast<double>(h.counts[static_cast<std::size_t>(bin)]));
  true_counts = kept;
  for (int bin = 0; bin < first; ++bin)
    true_counts.front() += static_cast<double>(h.counts[static_cast<std::size_t>(bin)]);
  for (int bin = last; bin < Histogram::kBins; ++bin)
    true_counts.back() += static_cast<double>(h.counts[static_cast<std::size_t>(bin)]);
  double total = 0, total_kept = 0, sum = 0;
  for (double n : true_counts) total += n;
  for (double n : kept) total_kept += n;
  if (total_kept == 0) return std::numeric_limits<double>::infinity();
  const auto bins = static_cast<std::size_t>(last - first),
             steps = static_cast<std::size_t>(levels);
  for (std::size_t level = 0; level < steps; ++level) {
    const std::size_t begin = level * bins / steps, end = (level + 1) * bins / steps;
    double mass = 0, filled = 0;
    for (std::size_t b = begin; b < end; ++b) mass += kept[b], filled += true_counts[b] > 0;
    for (std::size_t b = begin; b < end; ++b) {
      if (true_counts[b] == 0) continue;
      const double p = true_counts[b] / total;
      // Where nothing is left of what is there, a small share stands for it.
      const double q = mass > 0 ? mass / filled / total_kept : 1e-9;
      sum += p * std::log(p / q);
    }
  }
  return sum;
}

/// Migacz, 8-bit inference with TensorRT, 2017, for ranges that need not be symmetric: values
/// beyond a threshold are clipped at either end.
Range entropy_range(const Histogram& h) {
  constexpr int kLevels = 255, kFewest = 256;
  const Range full = with_zero(h.range);
  const double largest = double{std::max(-full.low, full.high)};
  Range best = full;
  double least = std::numeric_limits<double>::infinity();
  for (int i = kCandidates; i >= 1; --i) {
    const double threshold = largest * i / kCandidates;
    const double low = std::max(double{full.low}, -threshold);
    const double high = std::min(double{full.high}, threshold);
    const auto bin_of = [&](double x) {
      const double bin = (x - double{h.range.low}) / h.bin_width();
      return static_cast<int>(std::clamp(std::round(bin), 0.0, double{Histogram::kBins}));
    };
    const int first = bin_of(low), last = bin_of(high);
    if (last - first < kFewest) break;
    const double d = divergence(h, first, last, kLevels);
    if (d >= least) continue;
    least = d;
    best = {static_cast<float>(low), static_cast<float>(high)};
  }
  return best;
}

}  // namespace

std::optional<RangeMethod> range_method_named(std::string_view name) {
  for (const auto& [known, method] : kNames)
    if (known == name) return method;
  return std::nullopt;
}

std::string_view name_of(RangeMethod method) {
  for (const auto& [name, known] : kNames)
    if (known == method) return name;
  return "";
}

void Histogram::add(std::span<const float> values) {
  const double width = bin_width();
  const double bins_per_unit = width > 0 ? 1 / width : 0;
  for (float x : values) {
    if (x == 0) {
      ++zeros;
      continue;
    }
    const double bin = (double{x} - double{range.low}) * bins_per_unit;
    ++counts[static_cast<std::size_t>(std::clamp(bin, 0.0, double{kBins - 1}))];
  }
}

Range choose_range(const Histogram& histogram, RangeMethod method, DType type, double percentile) {
  const Range full = with_zero(histogram.range);
  if (histogram.range.low == histogram.range.high) return full;
  switch (method) {
    case RangeMethod::kMinMax:
      return full;
    case RangeMethod::kPercentile:
      return percentile_range(histogram, percentile);
    case RangeMethod::kMse:
      return mse_range(histogram, type);
    case RangeMethod::kEntropy:
      return entropy_range(histogram);
  }
  return full;
}

}  // namespace mote::quantize
