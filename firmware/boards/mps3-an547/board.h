#pragma once

#include <stdint.h>

#include "firmware/drivers/fpgaio.h"
#include "firmware/drivers/semihosting.h"

/// Arm MPS3, image AN547: Cortex-M55.
namespace board {

using Counter = drivers::Fpgaio<0x59302000, 20'000'000>;

/// What ticks() are turned into: instructions, as QEMU counts time by them (docs/boards.md).
inline constexpr const char* kCounted = "instructions";
inline constexpr uint32_t kCountNumerator = 50,
                          kCountDenominator = 128;  // ns a tick, ns an instruction

inline void init() {}
inline uint64_t ticks() { return Counter::ticks(); }
inline void write(const char* text) { drivers::semihosting::write(text); }
[[noreturn]] inline void exit(int code) { drivers::semihosting::exit(code); }
inline void idle() { asm volatile("wfi"); }

}  // namespace board
