#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace mote::cli {

void Progress::update(double done) {
  const Clock::time_point now = Clock::now();
  if (now < next_ || done >= 1) return;
  const bool terminal = ::isatty(STDERR_FILENO);
  next_ = now + std::chrono::milliseconds(terminal ? 200 : 10000);
  const int percent = static_cast<int>(100 * std::clamp(done, 0.0, 1.0));
  std::fprintf(stderr, terminal ? "\r%s: %d %%" : "%s: %d %%\n", what_.c_str(), percent);
  shown_ = shown_ || terminal;
}

Progress::~Progress() {
  if (shown_) std::fprintf(stderr, "\r%*s\r", static_cast<int>(what_.size()) + 8, "");
}

}  // namespace mote::cli
