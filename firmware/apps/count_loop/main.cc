// Holds the board's counter and the painted stack against code of which both are known.

#include "board.h"
#include "firmware/apps/measure.h"
#include "firmware/drivers/print.h"

namespace {

/// `rounds` times two instructions, and the return.
[[gnu::naked]] void loop(void* rounds) {
#if defined(__riscv)
  asm volatile(
      "1: addi a0, a0, -1\n"
      "bnez a0, 1b\n"
      "ret\n");
#else
  asm volatile(
      ".syntax unified\n"
      "1: subs r0, r0, #1\n"
      "bne 1b\n"
      "bx lr\n");
#endif
}

constexpr uint32_t kStackBytes = 256;

/// Four instructions, which use the last word of kStackBytes of stack.
[[gnu::naked]] void use_stack(void*) {
#if defined(__riscv)
  asm volatile(
      "addi sp, sp, -256\n"
      "sw a0, 0(sp)\n"
      "addi sp, sp, 256\n"
      "ret\n");
#else
  asm volatile(
      "sub sp, #256\n"
      "str r0, [sp]\n"
      "add sp, #256\n"
      "bx lr\n");
#endif
}

/// Three instructions: four registers to the stack and back, where one instruction can.
[[gnu::naked]] void move_registers(void*) {
#if defined(__riscv)
  asm volatile(
      "nop\n"
      "nop\n"
      "ret\n");
#else
  asm volatile(
      "push {r4-r7}\n"
      "pop {r4-r7}\n"
      "bx lr\n");
#endif
}

bool is_as_expected(const char* what, uint64_t measured, uint64_t expected) {
  board::write(what);
  board::write("=");
  drivers::print_decimal(measured);
  board::write(" expected=");
  drivers::print_decimal(expected);
  board::write("\n");
  return measured == expected;
}

}  // namespace

int main() {
  bool is_well = true;
  constexpr uintptr_t kRounds[] = {1'000'003, 1000, 7, 6, 5, 4, 3, 2, 1};
  for (uintptr_t rounds : kRounds)
    is_well &= is_as_expected("loop", measure::take(loop, reinterpret_cast<void*>(rounds)).count,
                              2 * uint64_t{rounds} + 1);
  const measure::Taken taken = measure::take(use_stack, nullptr);
  is_well &= is_as_expected("instructions", taken.count, 4);
  is_well &= is_as_expected("instructions", measure::take(move_registers, nullptr).count, 3);
  is_well &= is_as_expected("stack", taken.stack_bytes, kStackBytes);
  return is_well ? 0 : 1;
}
