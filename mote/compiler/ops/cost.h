#pragma once

#include <algorithm>
#include <cstdint>

/// What the compiler believes that calls cost, to decide which are worth splitting between threads.
/// An estimate: that it is right within a factor of two is enough. It changes no output.
namespace mote::ops {

/// Multiply-accumulates a nanosecond of convolutions and matrix products: what `mote bench` shows
/// of MobileNet's layers on a Xeon with AVX-512, guesses for Arm. The defaults are those of plain
/// C++.
struct Rates {
  double dense = 1, depthwise = 0.5;
};

/// What a call has to do.
struct Work {
  std::int64_t macs = 0;
  std::int64_t filter_bytes = 0;
  bool is_depthwise = false;
};

/// Nanoseconds that one thread takes. Filters of large networks come from beyond the second-level
/// cache, once a call: about 25 bytes a nanosecond.
constexpr double nanoseconds(const Work& work, const Rates& rates) {
  constexpr double kFilterBytesPerNanosecond = 25;
  return static_cast<double>(work.macs) / (work.is_depthwise ? rates.depthwise : rates.dense) +
         static_cast<double>(work.filter_bytes) / kFilterBytesPerNanosecond;
}

/// How many shares to split a call into, at most `threads`; 1: leave it whole.
///
/// Handing work to a thread that is awake, and hearing from it, moves a few cache lines between
/// cores: about a microsecond. To wake one that sleeps is a system call: 3 to 5 us of the caller's
/// time, and 30 to 50 us until it runs, in which the caller works on. Calls of less than kLeastCall
/// could gain no more than waking costs; shares of less than kLeastShare are mostly hand-over.
constexpr int profitable_shares(const Work& work, const Rates& rates, int threads) {
  constexpr double kLeastCall = 15'000, kLeastShare = 5'000;  // nanoseconds
  const double whole = nanoseconds(work, rates);
  if (threads == 1 || whole < kLeastCall) return 1;
  return static_cast<int>(std::min<double>(threads, whole / kLeastShare));
}

}  // namespace mote::ops
