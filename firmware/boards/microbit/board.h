#pragma once

#include <stdint.h>

#include "firmware/drivers/nrf51_timer.h"
#include "firmware/drivers/semihosting.h"

/// BBC micro:bit: Nordic nRF51822, Cortex-M0.
namespace board {

using Counter = drivers::Nrf51Timer;

/// What ticks() are turned into: instructions, as QEMU counts time by them (docs/boards.md).
inline constexpr const char* kCounted = "instructions";
inline constexpr uint32_t kCountNumerator = 125,
                          kCountDenominator = 512;  // half ns a tick, half ns an instruction

inline void init() { Counter::start(); }
inline uint32_t ticks() { return Counter::ticks(); }
inline void write(const char* text) { drivers::semihosting::write(text); }
[[noreturn]] inline void exit(int code) { drivers::semihosting::exit(code); }
inline void idle() { asm volatile("wfi"); }

}  // namespace board
