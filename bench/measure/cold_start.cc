// Prints what starting a program costs, from before its process exists until it is gone:
//
//     mote_cold_start RUNS PROGRAM ARGUMENT...
//
// "wall_us cpu_us peak_kb": of the time that passes the shortest, for others use the machine too,
// of the rest the medians. Linked statically, and a program of its own, because the peak that the
// system reports for a process includes the one that started it.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench/measure/timing.h"

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

struct Cost {
  double wall_s, cpu_s, peak_kb;
};

/// False where the program cannot be started or fails.
bool run(char** words, const posix_spawn_file_actions_t& quiet, Cost& cost) {
  pid_t child = 0;
  int status = 1;
  rusage usage{};
  const double start = mote::bench::seconds_on(CLOCK_MONOTONIC);
  if (::posix_spawn(&child, words[0], &quiet, nullptr, words, environ) == 0)
    ::wait4(child, &status, 0, &usage);
  cost = {mote::bench::seconds_on(CLOCK_MONOTONIC) - start,
          seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss)};
  return status == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 2 ? std::atoi(argv[1]) : 0;
  if (runs < 1) return std::fprintf(stderr, "usage: mote_cold_start RUNS PROGRAM ...\n"), 2;
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  std::vector<double> wall, cpu, peak;
  for (int i = 0; i < runs; ++i) {
    Cost cost;
    if (!run(argv + 2, quiet, cost)) return std::fprintf(stderr, "%s failed\n", argv[2]), 1;
    wall.push_back(cost.wall_s), cpu.push_back(cost.cpu_s), peak.push_back(cost.peak_kb);
  }
  std::printf("%.1f %.1f %.0f\n", 1e6 * *std::min_element(wall.begin(), wall.end()),
              1e6 * mote::bench::median(cpu), mote::bench::median(peak));
}
