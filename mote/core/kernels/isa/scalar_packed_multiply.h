#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

/// ScalarPacked's inner loop.
namespace mote::isa::packed {

/// Outputs whose inputs share words, and channels of a group.
inline constexpr int kPairs = 2, kGroup = 4;

/// What each step's sum of two products begins with.
inline constexpr uint32_t kStart = 0x7fff - 0x10000;

MOTE_INLINE uint32_t widened(int8_t x) { return static_cast<uint32_t>(int32_t{x}); }

/// The upper half, with its sign.
MOTE_INLINE uint32_t upper(uint32_t x) {
  return static_cast<uint32_t>(static_cast<int32_t>(x) >> 16);
}

/// f(0), f(1), and so on, written out: GCC rolls such loops up, and keeps arrays in memory.
template <int kTimes, class F>
MOTE_INLINE void repeat(const F& f) {
  if constexpr (kTimes > 1) repeat<kTimes - 1>(f);
  f(kTimes - 1);
}

/// sums[c][pair] = t and u (see ScalarPacked) of kTile channels of a group.
///
///   x     a step's four words after the other: pairs 0 and 1 of one input, and of the next
///   end   behind the last
///   w     a step's weights: two inputs of a channel, of all channels of the group
template <int kTile>
MOTE_INLINE void multiply_plain(const uint32_t* x, const uint32_t* end, const int8_t* w,
                                uint32_t* sums) {
  uint32_t t[kTile][kPairs] = {}, u[kTile][kPairs] = {};
  do {
    const uint32_t a0 = x[0], b0 = x[1], a1 = x[2], b1 = x[3];
    repeat<kTile>([&](int c) __attribute__((always_inline)) {
      const uint32_t w0 = widened(w[2 * c]), w1 = widened(w[2 * c + 1]);
      const uint32_t p = kStart + w0 * a0 + w1 * a1, q = kStart + w0 * b0 + w1 * b1;
      t[c][0] += p;
      u[c][0] += upper(p);
      t[c][1] += q;
      u[c][1] += upper(q);
    });
    x += 2 * kPairs;
    w += 2 * kGroup;
  } while (x != end);
  repeat<kTile * kPairs>([&](int i) __attribute__((always_inline)) {
    sums[2 * i] = t[i / kPairs][i % kPairs];
    sums[2 * i + 1] = u[i / kPairs][i % kPairs];
  });
}

#if defined(__riscv)

// All registers but the stack and frame pointers: GCC 12 keeps two to six sums in memory.

#if __riscv_xlen == 64
#define MOTE_LOAD_POINTER "ld "
#else
#define MOTE_LOAD_POINTER "lw "
#endif
// One channel's weights, by four words of inputs, to its two t and u.
#define MOTE_CHANNEL(at0, at1, t0, u0, t1, u1) \
  "lb a4, " at0                                \
  "(%[w])\n\t"                                 \
  "lb a5, " at1                                \
  "(%[w])\n\t"                                 \
  "mul a6, a4, a0\n\t"                         \
  "mul a7, a4, a1\n\t"                         \
  "mul a4, a5, a2\n\t"                         \
  "mul a5, a5, a3\n\t"                         \
  "add a6, a6, a4\n\t"                         \
  "add a7, a7, a5\n\t"                         \
  "add a6, a6, ra\n\t"                         \
  "add a7, a7, ra\n\t"                         \
  "add " t0 ", " t0                            \
  ", a6\n\t"                                   \
  "add " t1 ", " t1                            \
  ", a7\n\t"                                   \
  "srai a6, a6, 16\n\t"                        \
  "srai a7, a7, 16\n\t"                        \
  "add " u0 ", " u0                            \
  ", a6\n\t"                                   \
  "add " u1 ", " u1 ", a7\n\t"

/// multiply_plain() of all channels of a group.
MOTE_INLINE void multiply(const uint32_t* x, const uint32_t* end, const int8_t* w, uint32_t* sums) {
  asm volatile(
      "li ra, -32769\n\t"
      "li t1, 0\n\tli t2, 0\n\tli t3, 0\n\tli t4, 0\n\t"
      "li t5, 0\n\tli t6, 0\n\tli s1, 0\n\tli s2, 0\n\t"
      "li s3, 0\n\tli s4, 0\n\tli s5, 0\n\tli s6, 0\n\t"
      "li s7, 0\n\tli s8, 0\n\tli s9, 0\n\tli s10, 0\n"
      "1:\n\t"
      "lw a0, 0(%[x])\n\t"
      "lw a1, 4(%[x])\n\t"
      "lw a2, 8(%[x])\n\t"
      "lw a3, 12(%[x])\n\t"
      "addi %[x], %[x], 16\n\t"
      // clang-format off
      MOTE_CHANNEL("0", "1", "t1", "t2", "t3", "t4")
      MOTE_CHANNEL("2", "3", "t5", "t6", "s1", "s2")
      MOTE_CHANNEL("4", "5", "s3", "s4", "s5", "s6")
      MOTE_CHANNEL("6", "7", "s7", "s8", "s9", "s10")
      // clang-format on
      MOTE_LOAD_POINTER
      "a4, %[end]\n\t"
      "addi %[w], %[w], 8\n\t"
      "bne %[x], a4, 1b\n\t" MOTE_LOAD_POINTER
      "a4, %[sums]\n\t"
      "sw t1, 0(a4)\n\tsw t2, 4(a4)\n\tsw t3, 8(a4)\n\tsw t4, 12(a4)\n\t"
      "sw t5, 16(a4)\n\tsw t6, 20(a4)\n\tsw s1, 24(a4)\n\tsw s2, 28(a4)\n\t"
      "sw s3, 32(a4)\n\tsw s4, 36(a4)\n\tsw s5, 40(a4)\n\tsw s6, 44(a4)\n\t"
      "sw s7, 48(a4)\n\tsw s8, 52(a4)\n\tsw s9, 56(a4)\n\tsw s10, 60(a4)"
      : [x] "+r"(x), [w] "+r"(w)
      : [end] "m"(end), [sums] "m"(sums)
      : "memory", "ra", "t1", "t2", "t3", "t4", "t5", "t6", "s1", "s2", "s3", "s4", "s5", "s6",
        "s7", "s8", "s9", "s10", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7");
}

#undef MOTE_CHANNEL
#undef MOTE_LOAD_POINTER

#else

#if defined(__thumb2__)

/// multiply_plain() of one channel.
MOTE_INLINE void multiply_one(const uint32_t* x, const uint32_t* end, const int8_t* w,
                              uint32_t* sums) {
  uint32_t t0 = 0, u0 = 0, t1 = 0, u1 = 0, weight;
  asm volatile(
      "1:\n\t"
      "ldrsb %[weight], [%[w]]\n\t"
      "ldmia %[x]!, {r2, r3, r4, r5}\n\t"
      "mla r2, r2, %[weight], %[start]\n\t"
      "mla r3, r3, %[weight], %[start]\n\t"
      "ldrsb %[weight], [%[w], #1]\n\t"
      "adds %[w], %[w], #8\n\t"
      "mla r2, r4, %[weight], r2\n\t"
      "mla r3, r5, %[weight], r3\n\t"
      "cmp %[x], %[end]\n\t"
      "add %[t0], %[t0], r2\n\t"
      "add %[u0], %[u0], r2, asr #16\n\t"
      "add %[t1], %[t1], r3\n\t"
      "add %[u1], %[u1], r3, asr #16\n\t"
      "bne 1b"
      : [x] "+r"(x), [w] "+r"(w), [t0] "+r"(t0), [u0] "+r"(u0), [t1] "+r"(t1), [u1] "+r"(u1),
        [weight] "=&r"(weight)
      : [start] "r"(kStart), [end] "r"(end)
      : "memory", "cc", "r2", "r3", "r4", "r5");
  sums[0] = t0, sums[1] = u0, sums[2] = t1, sums[3] = u1;
}

#elif defined(__thumb__)

/// multiply_plain() of one channel: sums in high registers, to which can be added. GCC does not
/// keep these for its callers where it optimises for size: that is done here.
MOTE_INLINE void multiply_one(const uint32_t* x, const uint32_t* end, const int8_t* w,
                              uint32_t* sums) {
  register auto r0 asm("r0") = x;
  register auto r1 asm("r1") = w;
  register auto r2 asm("r2") = end;
  register auto r3 asm("r3") = sums;
  register auto r4 asm("r4") = kStart;
  asm volatile(
      ".syntax unified\n\t"
      "mov r12, r4\n\t"
      "mov lr, r2\n\t"
      "mov r4, r8\n\tmov r5, r9\n\tmov r6, r10\n\t"
      "push {r3, r4, r5, r6}\n\t"
      "mov r4, r11\n\t"
      "push {r4}\n\t"
      "movs r6, #0\n\t"
      "mov r8, r6\n\tmov r9, r6\n\tmov r10, r6\n\tmov r11, r6\n"
      "1:\n\t"
      "ldrsb r5, [r1, r6]\n\t"
      "ldr r3, [r0, #0]\n\t"
      "muls r3, r5, r3\n\t"
      "add r3, r12\n\t"
      "ldr r4, [r0, #4]\n\t"
      "muls r4, r5, r4\n\t"
      "add r4, r12\n\t"
      "adds r1, #1\n\t"
      "ldrsb r5, [r1, r6]\n\t"
      "ldr r2, [r0, #8]\n\t"
      "muls r2, r5, r2\n\t"
      "adds r3, r3, r2\n\t"
      "ldr r2, [r0, #12]\n\t"
      "muls r2, r5, r2\n\t"
      "adds r4, r4, r2\n\t"
      "add r8, r3\n\t"
      "asrs r3, r3, #16\n\t"
      "add r9, r3\n\t"
      "add r10, r4\n\t"
      "asrs r4, r4, #16\n\t"
      "add r11, r4\n\t"
      "adds r1, #7\n\t"
      "adds r0, #16\n\t"
      "cmp r0, lr\n\t"
      "bne 1b\n\t"
      "ldr r3, [sp, #4]\n\t"
      "mov r0, r8\n\tmov r1, r9\n\tmov r2, r10\n\tmov r4, r11\n\t"
      "stmia r3!, {r0, r1, r2, r4}\n\t"
      "pop {r4}\n\t"
      "mov r11, r4\n\t"
      "pop {r3, r4, r5, r6}\n\t"
      "mov r8, r4\n\tmov r9, r5\n\tmov r10, r6"
      : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4)
      :
      : "memory", "cc", "r5", "r6", "r12", "lr");
}

#endif

/// multiply_plain() of all channels of a group, of as many at a time as registers hold.
MOTE_INLINE void multiply(const uint32_t* x, const uint32_t* end, const int8_t* w, uint32_t* sums) {
#if defined(__thumb__)
  for (int c = 0; c < kGroup; ++c, w += 2, sums += 2 * kPairs) multiply_one(x, end, w, sums);
#else
  multiply_plain<kGroup>(x, end, w, sums);
#endif
}

#endif

}  // namespace mote::isa::packed
