#pragma once

#include "firmware/drivers/qemu_board.h"
#include "firmware/drivers/riscv_counter.h"

/// QEMU's virtual board with a RISC-V processor, of 32 or 64 bits.
namespace board {

inline constexpr uint32_t kCountNumerator = 1, kCountDenominator = 1;  // an instruction takes 1 ns

inline void init() {}
inline uintptr_t ticks() { return drivers::retired_instructions(); }

}  // namespace board
