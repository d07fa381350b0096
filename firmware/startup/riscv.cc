// Start-up of all RISC-V boards, in machine mode: traps, memory; then main(), whose result is the
// exit code. A trap reports itself and exits.

#include "board.h"
#include "firmware/drivers/print.h"
#include "firmware/startup/start.h"

int main();

namespace {

constexpr int kFaultExitCode = 99;

extern "C" [[noreturn]] void start() {
  startup::prepare_memory();
  board::init();
  board::exit(main());
}

/// The program counter of what failed, and why: mcause.
extern "C" [[noreturn]] void report_fault(uintptr_t pc, uintptr_t cause) {
  board::write("fault: trap ");
  drivers::print_decimal(cause);
  board::write(" at pc ");
  drivers::print_hex(static_cast<uint32_t>(pc));
  board::write("\n");
  board::exit(kFaultExitCode);
}

/// Nothing comes back: the stack begins anew.
extern "C" [[noreturn, gnu::naked, gnu::aligned(4)]] void fault() {
  asm volatile(
      ".option push\n .option arch, +zicsr\n"
      "csrr a0, mepc\n"
      "csrr a1, mcause\n"
      ".option pop\n"
      "la sp, _stack_top\n"
      "tail report_fault\n");
}

extern "C" [[noreturn, gnu::naked, gnu::section(".vectors"), gnu::used]] void reset() {
  asm volatile(
      ".option push\n .option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, _stack_top\n"
      "la t0, fault\n"
      ".option push\n .option arch, +zicsr\n"
      "csrw mtvec, t0\n"
      ".option pop\n"
      "tail start\n");
}

}  // namespace
