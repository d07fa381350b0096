#pragma once

#include <stdint.h>

#include "firmware/drivers/fpgaio.h"
#include "firmware/drivers/semihosting.h"

/// Arm MPS2, image AN386: Cortex-M4.
namespace board {

using Counter = drivers::Fpgaio<0x40028000, 25'000'000>;

/// What ticks() are turned into: instructions, as QEMU counts time by them (docs/boards.md).
inline constexpr const char* kCounted = "instructions";
inline constexpr uint32_t kCountNumerator = 40,
                          kCountDenominator = 128;  // ns a tick, ns an instruction

inline void init() {}
inline uint64_t ticks() { return Counter::ticks(); }
inline void write(const char* text) { drivers::semihosting::write(text); }
[[noreturn]] inline void exit(int code) { drivers::semihosting::exit(code); }
inline void idle() { asm volatile("wfi"); }

}  // namespace board
