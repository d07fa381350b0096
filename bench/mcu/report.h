#pragma once

#include <string>

#include "bench/mcu/rows.h"

namespace mote::bench {

/// Tables of boards by networks: instructions, beside the peer's where there are some, and bytes.
std::string markdown(const Counts& counts);

}  // namespace mote::bench
