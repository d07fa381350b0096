#pragma once

#include <cstdint>
#include <string>

/// What this core can do at most, measured: the bound that no kernel beats.
namespace mote::bench {

struct Roofline {
  double macs_per_second = 0;    ///< 8-bit products summed into 32 bits; 0: not known for this CPU
  double bytes_per_second = 0;   ///< read from the second-level cache
  std::string instruction = {};  ///< what reaches macs_per_second: "vpdpbusd zmm"
};

/// Takes about a tenth of a second.
Roofline measure_roofline();

/// The shortest time in which `macs` can be computed and `bytes` of weights be read; 0: not known.
double bound_seconds(const Roofline& roofline, std::int64_t macs, std::int64_t bytes);

}  // namespace mote::bench
