#pragma once

#include <chrono>
#include <string>

namespace mote::cli {

/// Says on standard error how far a long job is: nothing in its first second, then a line that
/// replaces itself on a terminal, a line every ten seconds elsewhere.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  /// `done` in [0, 1].
  void update(double done);
  ~Progress();

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(1);
  bool shown_ = false;
};

}  // namespace mote::cli
