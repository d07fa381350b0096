#pragma once

#include <cstdint>
#include <vector>

namespace mote::ops {

/// What 16-bit LOGISTIC and TANH interpolate in: 65536 / (1 + exp(-i / 24)) - 32768 for i in
/// [0, 256), raised by half of what interpolation between neighbours loses midway; 32767 at the
/// end. The reference's table, to the bit.
std::vector<std::int16_t> logistic_table();

}  // namespace mote::ops
