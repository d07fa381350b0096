#pragma once

#include <stdint.h>

#include "firmware/drivers/riscv_counter.h"
#include "firmware/drivers/semihosting.h"

/// QEMU's virtual board with a 64-bit RISC-V processor.
namespace board {

/// What ticks() are turned into: instructions, as QEMU counts time by them (docs/boards.md).
inline constexpr const char* kCounted = "instructions";
inline constexpr uint32_t kCountNumerator = 1, kCountDenominator = 1;  // an instruction takes 1 ns

inline void init() {}
inline uintptr_t ticks() { return drivers::retired_instructions(); }
inline void write(const char* text) { drivers::semihosting::write(text); }
[[noreturn]] inline void exit(int code) { drivers::semihosting::exit(code); }
inline void idle() { asm volatile("wfi"); }

}  // namespace board
