#pragma once

#include <time.h>

#include <algorithm>
#include <vector>

/// Timing on a machine that is also used by others: short turns, and medians.
namespace mote::bench {

/// Keeps this thread on the core that it runs on. False where the system refuses.
bool pin_to_core();

/// The value in the middle; `values` is not empty.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Seconds on one of the system's clocks.
inline double seconds_on(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds of this thread that one call of `action` takes in a row of `repeats`. While the system
/// gives the core to others, this clock stands; what runs in another thread would not be counted.
template <class Action>
double seconds_of(int repeats, Action&& action) {
  const double start = seconds_on(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < repeats; ++i) action();
  return (seconds_on(CLOCK_THREAD_CPUTIME_ID) - start) / repeats;
}

/// As many repeats as take about `seconds`, at least one; calls `action` some times, to warm up.
template <class Action>
int repeats_for(double seconds, Action&& action) {
  int repeats = 1;
  for (;; repeats *= 2) {
    const double taken = repeats * seconds_of(repeats, action);
    if (taken >= seconds || repeats >= 1 << 20) break;
  }
  return repeats;
}

/// What two actions take, in seconds, measured in turns so that both see the same machine.
struct Versus {
  double first = 0, second = 0;  ///< medians over rounds
  double ratio = 0;              ///< second / first, the median over rounds
};

template <class First, class Second>
Versus compare(double seconds, First&& first, Second&& second) {
  constexpr double kTurn = 300e-6;  // shorter than what the system gives a process at a time
  const int a = repeats_for(kTurn, first), b = repeats_for(kTurn, second);
  std::vector<double> firsts, seconds_, ratios;
  for (double left = seconds; left > 0 || ratios.size() < 15;) {
    firsts.push_back(seconds_of(a, first));
    seconds_.push_back(seconds_of(b, second));
    ratios.push_back(seconds_.back() / firsts.back());
    left -= a * firsts.back() + b * seconds_.back();
  }
  return {median(firsts), median(seconds_), median(ratios)};
}

}  // namespace mote::bench
