#pragma once

#include <stdint.h>

#include "mote/core/base/math.h"

namespace mote::learn {

/// Count, mean and spread of a stream of numbers in constant memory (Welford 1962).
class RunningStatistics {
 public:
  void add(float x) {
    ++count_;
    const double delta = static_cast<double>(x) - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (static_cast<double>(x) - mean_);
  }
  int64_t count() const { return count_; }
  double mean() const { return mean_; }
  /// Unbiased, divisor count - 1; 0 for fewer than two numbers.
  double variance() const { return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1); }

 private:
  int64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

}  // namespace mote::learn
