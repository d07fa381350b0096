#pragma once

#include <stdint.h>

#include "firmware/drivers/semihosting.h"

/// What all boards under QEMU do alike; a board's own header has its counter.
namespace board {

/// What ticks are turned into: instructions, as QEMU counts time by them (docs/boards.md).
inline constexpr const char* kCounted = "instructions";

inline void write(const char* text) { drivers::semihosting::write(text); }
[[noreturn]] inline void exit(int code) { drivers::semihosting::exit(code); }
inline void idle() { asm volatile("wfi"); }

}  // namespace board
