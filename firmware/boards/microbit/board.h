#pragma once

#include "firmware/drivers/nrf51_timer.h"
#include "firmware/drivers/qemu_board.h"

/// BBC micro:bit: Nordic nRF51822, Cortex-M0.
namespace board {

using Counter = drivers::Nrf51Timer;

inline constexpr uint32_t kCountNumerator = 125,
                          kCountDenominator = 512;  // half ns a tick, half ns an instruction

inline void init() { Counter::start(); }
inline uint32_t ticks() { return Counter::ticks(); }

}  // namespace board
