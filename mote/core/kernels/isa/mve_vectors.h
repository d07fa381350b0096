#pragma once

#include <stdint.h>

#include "mote/core/kernels/isa/packed_assembly.h"

/// Copies and sums with Helium's vectors.
namespace mote::isa::mve {

// Rows of up to sixteen bytes are one vector each.
[[gnu::naked, gnu::noinline]] inline void copy_rows(int8_t*, const int8_t*, const RowsShape*) {
  __asm__ volatile(
      "push {r4-r6, lr}\n\t"
      "ldm r2, {r2, r3, r4, r5}\n\t" /* rows bytes to_step from_step */
      "cmp r3, #16\n\t"
      "bgt 3f\n\t"
      "vctp.8 r3\n\t"
      "dls lr, r2\n"
      "1:\n\t"
      "vpstt\n\t"
      "vldrbt.u8 q0, [r1]\n\t"
      "vstrbt.8 q0, [r0]\n\t"
      "add r1, r5\n\t"
      "add r0, r4\n\t"
      "le lr, 1b\n\t"
      "pop {r4-r6, pc}\n"
      "3:\n\t"
      "mov r6, r0\n\t"
      "mov r12, r1\n\t"
      "wlstp.8 lr, r3, 5f\n"
      "4:\n\t"
      "vldrb.u8 q0, [r12], #16\n\t"
      "vstrb.8 q0, [r6], #16\n\t"
      "letp lr, 4b\n"
      "5:\n\t"
      "add r1, r5\n\t"
      "add r0, r4\n\t"
      "subs r2, #1\n\t"
      "bne 3b\n\t"
      "pop {r4-r6, pc}\n\t");
}

/// LinearSumAttrs.
struct LinearSum {
  int low1, low2, low, high1, high2, high, shift, act_min, act_max;
};

/// Sums of `fours` times four elements.
[[gnu::noinline]] inline void add_linear(const LinearSum& sum, const int8_t* a, const int8_t* b,
                                         int8_t* out, int fours) {
  __asm__ volatile(
      "vdup.32 q3, %[act_min]\n\t"
      "vdup.32 q4, %[act_max]\n\t"
      "dls lr, %[fours]\n"
      "1:\n\t"
      "vldrb.s32 q0, [%[a]], #4\n\t"
      "vldrb.s32 q1, [%[b]], #4\n\t"
      "vmul.i32 q2, q0, %[low1]\n\t"
      "vmla.s32 q2, q1, %[low2]\n\t"
      "vadd.i32 q2, q2, %[low]\n\t"
      "vshr.s32 q2, q2, #15\n\t"
      "vmla.s32 q2, q0, %[high1]\n\t"
      "vmla.s32 q2, q1, %[high2]\n\t"
      "vadd.i32 q2, q2, %[high]\n\t"
      "vshl.s32 q2, %[shift]\n\t"
      "vmax.s32 q2, q2, q3\n\t"
      "vmin.s32 q2, q2, q4\n\t"
      "vstrb.32 q2, [%[out]], #4\n\t"
      "le lr, 1b\n\t"
      : [a] "+l"(a), [b] "+l"(b), [out] "+l"(out), [fours] "+r"(fours)
      : [low1] "r"(sum.low1), [low2] "r"(sum.low2), [low] "r"(sum.low), [high1] "r"(sum.high1),
        [high2] "r"(sum.high2), [high] "r"(sum.high), [shift] "r"(-sum.shift),
        [act_min] "r"(sum.act_min), [act_max] "r"(sum.act_max)
      : "lr", "q0", "q1", "q2", "q3", "q4", "memory");
}

}  // namespace mote::isa::mve
