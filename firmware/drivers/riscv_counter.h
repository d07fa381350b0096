#pragma once

#include <stdint.h>

namespace drivers {

/// The lower bits of the processor's counter of instructions: 32 or 64.
inline uintptr_t retired_instructions() {
  uintptr_t count;
  asm volatile(
      ".option push\n .option arch, +zicsr\n"
      "csrr %0, minstret\n"
      ".option pop"
      : "=r"(count)::"memory");
  return count;
}

}  // namespace drivers
