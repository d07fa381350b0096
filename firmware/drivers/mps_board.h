#pragma once

#include "firmware/drivers/qemu_board.h"

/// What Arm's MPS2 and MPS3 boards under QEMU have in common. Their own headers say which Counter,
/// a drivers::Fpgaio, and then include this.
namespace board {

inline constexpr uint32_t kCountNumerator = 1'000'000'000 / Counter::kHz,
                          kCountDenominator = 128;  // ns a tick, ns an instruction

inline void init() {}
inline uint64_t ticks() { return Counter::ticks(); }

}  // namespace board
