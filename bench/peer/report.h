#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure/roofline.h"
#include "bench/peer/contest.h"

/// What the bench found, for people.
namespace mote::bench {

/// What it costs to start a program and have one result.
struct Start {
  std::string name;
  double wall_us = 0, cpu_us = 0, peak_kb = 0;
  std::int64_t binary_bytes = 0;  ///< stripped; 0: not meaningful
};

struct Report {
  std::string peer;  ///< its name and version; empty: none
  bool pinned = false;
  Roofline roofline;
  std::vector<Entry> entries;
  std::vector<Start> starts;
};

/// Tables and a sentence on the machine.
std::string markdown(const Report& report);
/// How many times as fast as the peer, or, without one, as far as the roofline: an SVG file.
std::string plot(const Report& report);

}  // namespace mote::bench
