#pragma once

#include <stdint.h>

/// Console and exit of a board whose host listens: a debugger, or QEMU.
///
/// Arm: Semihosting for AArch32 and AArch64, 2.0; RISC-V International: RISC-V Semihosting, 1.0.
namespace drivers::semihosting {

enum Operation : intptr_t { kWrite0 = 0x04, kExitExtended = 0x20 };

/// One request to the host. @returns what the operation returns.
inline intptr_t call(Operation operation, const void* argument) {
#if defined(__riscv)
  register intptr_t r asm("a0") = operation;
  register const void* p asm("a1") = argument;
  // Three uncompressed instructions that no page border may part.
  asm volatile(
      ".balign 16\n .option push\n .option norvc\n"
      "slli x0, x0, 0x1f\n ebreak\n srai x0, x0, 7\n"
      ".option pop"
      : "+r"(r)
      : "r"(p)
      : "memory");
#else
  register intptr_t r asm("r0") = operation;
  register const void* p asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r) : "r"(p) : "memory");
#endif
  return r;
}

inline void write(const char* text) { call(kWrite0, text); }

/// Ends the program with that code; 0 says that all is well.
[[noreturn]] inline void exit(int code) {
  constexpr uintptr_t kApplicationExit = 0x20026;
  const uintptr_t block[] = {kApplicationExit, static_cast<uintptr_t>(code)};
  call(kExitExtended, block);
  for (;;) {
  }
}

}  // namespace drivers::semihosting
