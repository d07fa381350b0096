// Start-up of all Cortex-M boards: vectors, extensions, memory; then main(), whose result is the
// exit code. A fault reports itself and exits.

#include "board.h"
#include "firmware/drivers/print.h"
#include "firmware/startup/start.h"

int main();

namespace {

constexpr int kFaultExitCode = 99;

/// Lets code use what its compiler was told of.
inline void enable_extensions() {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  *reinterpret_cast<volatile uint32_t*>(0xE000ED88) |= 0xFu << 20;  // CPACR: CP10 and CP11
  asm volatile("dsb\n isb" ::: "memory");
#endif
#if defined(__ARM_FEATURE_MVE)
  *reinterpret_cast<volatile uint32_t*>(0xE000ED14) |= 1u << 19;  // CCR.LOB: loops without branches
  asm volatile("dsb\n isb\n vmsr fpscr, %0" ::"r"(4u << 16) : "memory");  // LTPSIZE: no predication
#endif
}

extern "C" [[noreturn]] void start() {
  enable_extensions();
  startup::prepare_memory();
  board::init();
  board::exit(main());
}

/// `pc` and `lr` of what failed, and the number of the exception.
extern "C" [[noreturn]] void report_fault(uint32_t pc, uint32_t lr, uint32_t number) {
  board::write("fault: exception ");
  drivers::print_decimal(number & 0x1FF);
  board::write(" at pc ");
  drivers::print_hex(pc);
  board::write(", lr ");
  drivers::print_hex(lr);
  board::write("\n");
  board::exit(kFaultExitCode);
}

extern "C" [[noreturn, gnu::naked]] void reset() {
  asm volatile(
      "ldr r0, =_stack_top\n"
      "mov sp, r0\n"
      "bl start\n");
}

/// What the processor has pushed may lie anywhere: the stack begins anew, for nothing comes back.
extern "C" [[noreturn, gnu::naked]] void fault() {
  asm volatile(
      "mov r3, sp\n"
      "ldr r0, [r3, #24]\n"
      "ldr r1, [r3, #20]\n"
      "mrs r2, ipsr\n"
      "ldr r3, =_stack_top\n"
      "mov sp, r3\n"
      "bl report_fault\n");
}

extern "C" uint32_t _stack_top[];

using Handler = void (*)();
struct Vectors {
  const void* stack;
  Handler reset;
  Handler exceptions[14];
};

[[gnu::section(".vectors"), gnu::used]] const Vectors kVectors = {
    _stack_top,
    reset,
    {fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault,
     fault},
};

}  // namespace
