#pragma once

#include <stdint.h>

#include "mote/core/kernels/isa/packed_assembly.h"

/// The inner loops of packed layers with Helium's vectors. They need every register that there is,
/// and loads that step on, which GCC does not manage; so they are functions in assembly from
/// beginning to end, and do not depend on how the rest is compiled. What they compute is
/// PackedTwin<kMveLayout>.
namespace mote::isa::mve {

// Four sums, biases included, times their multipliers: packed_rescale<true>() and <false>() up to
// the addend. `spare` may be overwritten.
#define MOTE_MVE_SINGLE(sums, multipliers, spare) \
  "vmulh.s32 " sums ", " sums ", " multipliers "\n\t"
#define MOTE_MVE_SHORT(sums, multipliers, spare)  \
  "vqrdmulh.s32 " sums ", " sums ", " multipliers \
  "\n\t"                                          \
  "vshr.s32 " spare ", " sums                     \
  ", #31\n\t"                                     \
  "vadd.i32 " sums ", " sums ", " spare "\n\t"

// Sixteen inputs of two pixels (r9, r5) times those of four channels (r1): sums of the first pixel
// in r0, r2, r4, r6, of the second in r8, r10, r12, lr. `MULTIPLY` is vmladav, or vmladava to go
// on. 56 bytes.
#define MOTE_MVE_STEP(MULTIPLY)                                        \
  "vldrb.u8 q0, [r9], #16\n\t"                                         \
  "vldrb.u8 q2, [r1], #16\n\t"                                         \
  "vldrb.u8 q1, [r5], #16\n\t" MULTIPLY                                \
  ".s8 r0, q2, q0\n\t"                                                 \
  "vldrb.u8 q3, [r1], #16\n\t" MULTIPLY ".s8 r8, q2, q1\n\t" MULTIPLY  \
  ".s8 r2, q3, q0\n\t"                                                 \
  "vldrb.u8 q2, [r1], #16\n\t" MULTIPLY ".s8 r10, q3, q1\n\t" MULTIPLY \
  ".s8 r4, q2, q0\n\t"                                                 \
  "vldrb.u8 q3, [r1], #16\n\t" MULTIPLY ".s8 r12, q2, q1\n\t" MULTIPLY \
  ".s8 r6, q3, q0\n\t" MULTIPLY ".s8 lr, q3, q1\n\t"

// The first sixteen inputs, then four times sixteen at a time; the first such round is entered
// where as many are left as there are. On the stack: the second pixel's inputs, rounds, the first
// one's inputs, where to enter the first round, bytes between the pixels' outputs, pixels left,
// filter, out, channels, column step.
#define MOTE_MVE_PRODUCTS(RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                     \
  "vpush {d8-d11}\n\t"                                                                        \
  "sub sp, #40\n\t"                                                                           \
  "ldm r0, {r3-r8, r10, r11}\n\t" /* columns filter out inputs channels stride pixels step */ \
  "strd r4, r5, [sp, #24]\n\t"                                                                \
  "strd r7, r11, [sp, #32]\n\t"                                                               \
  "lsr r6, r6, #4\n\t"                                                                        \
  "sub r6, r6, #1\n\t"    /* steps after the first */                                         \
  "adds r7, r6, #3\n\t"                                                                       \
  "lsr r7, r7, #2\n\t"    /* rounds */                                                        \
  "rsb r0, r6, #0\n\t"                                                                        \
  "and r0, r0, #3\n\t"    /* steps of the first that are left out */                          \
  "movs r4, #56\n\t"                                                                          \
  "adr.w r2, 2f\n\t"                                                                          \
  "mla r2, r0, r4, r2\n\t"                                                                    \
  "cmp r7, #0\n\t"                                                                            \
  "it eq\n\t"                                                                                 \
  "adreq.w r2, 3f\n\t"                                                                        \
  "orr r2, r2, #1\n\t"                                                                        \
  "str r7, [sp, #4]\n\t"                                                                      \
  "str r2, [sp, #12]\n"                                                                        \
  "6:\n\t"                                                                                    \
  "cmp r10, #1\n\t"                                                                           \
  "itt eq\n\t" /* one pixel: twice the same */                                                \
  "moveq r8, #0\n\t"                                                                          \
  "moveq r11, #0\n\t"                                                                         \
  "add r5, r3, r11\n\t"                                                                       \
  "str r5, [sp]\n\t"                                                                          \
  "str r3, [sp, #8]\n\t"                                                                      \
  "strd r8, r10, [sp, #16]\n\t"                                                               \
  "ldrd r1, r3, [sp, #24]\n\t"                                                                \
  "ldr r11, [sp, #32]\n"                                                                      \
  "1:\n\t"                                                                                    \
  "ldm sp, {r5, r7, r9}\n\t"                                                                  \
  "vldrw.u32 q5, [r1], #16\n\t"                                                               \
  MOTE_MVE_STEP("vmladav")                                                                    \
  "ldr.w pc, [sp, #12]\n\t"                                                                   \
  ".balign 4\n"                                                                               \
  "2:\n\t"                                                                                    \
  MOTE_MVE_STEP("vmladava") MOTE_MVE_STEP("vmladava")                                         \
  MOTE_MVE_STEP("vmladava") MOTE_MVE_STEP("vmladava")                                         \
  "subs.w r7, r7, #1\n\t"                                                                     \
  "bne.w 2b\n\t"                                                                              \
  ".balign 4\n"                                                                               \
  "3:\n\t"                                                                                    \
  "vmov q0[2], q0[0], r0, r4\n\t"                                                             \
  "vmov q0[3], q0[1], r2, r6\n\t"                                                             \
  "vmov q1[2], q1[0], r8, r12\n\t"                                                            \
  "vmov q1[3], q1[1], r10, lr\n\t"                                                            \
  "vldrw.u32 q2, [r1], #16\n\t"                                                               \
  "vadd.i32 q0, q0, q5\n\t"                                                                   \
  "vldrw.u32 q3, [r1], #16\n\t"                                                               \
  "vadd.i32 q1, q1, q5\n\t"                                                                   \
  RESCALE("q0", "q2", "q4")                                                                   \
  RESCALE("q1", "q2", "q4")                                                                   \
  "vldrw.u32 q2, [r1], #16\n\t"                                                               \
  "vadd.i32 q0, q0, q3\n\t"                                                                   \
  "vadd.i32 q1, q1, q3\n\t"                                                                   \
  "vshl.s32 q0, q0, q2\n\t"                                                                   \
  "vshl.s32 q1, q1, q2\n\t"                                                                   \
  "vqmovnb.s32 q0, q0\n\t"                                                                    \
  "vqmovnb.s32 q1, q1\n\t"                                                                    \
  "vqmovnb.s16 q0, q0\n\t"                                                                    \
  "vqmovnb.s16 q1, q1\n\t"                                                                    \
  "ldr r0, [sp, #16]\n\t"                                                                     \
  "subs.w r11, r11, #4\n\t"                                                                   \
  "add.w r0, r3, r0\n\t"                                                                      \
  "blt 4f\n\t"                                                                                \
  "vstrb.32 q1, [r0]\n\t"                                                                     \
  "vstrb.32 q0, [r3], #4\n\t"                                                                 \
  "bne.w 1b\n\t"                                                                              \
  "b 5f\n"                                                                                    \
  "4:\n\t"                                                                                    \
  "add r11, r11, #4\n\t"                                                                      \
  "vctp.32 r11\n\t"                                                                           \
  "vpstt\n\t"                                                                                 \
  "vstrbt.32 q1, [r0]\n\t"                                                                    \
  "vstrbt.32 q0, [r3]\n"                                                                      \
  "5:\n\t"                                                                                    \
  "ldrd r8, r10, [sp, #16]\n\t"                                                               \
  "subs.w r10, r10, #2\n\t"                                                                   \
  "ble 7f\n\t"                                                                                \
  "ldr r3, [sp, #8]\n\t"                                                                       \
  "ldr r11, [sp, #36]\n\t"                                                                    \
  "ldr r9, [sp, #28]\n\t"                                                                     \
  "add r3, r3, r11, lsl #1\n\t"                                                               \
  "add r9, r9, r8, lsl #1\n\t"                                                                \
  "str r9, [sp, #28]\n\t"                                                                     \
  "b.w 6b\n"                                                                                  \
  "7:\n\t"                                                                                    \
  "add sp, #40\n\t"                                                                           \
  "vpop {d8-d11}\n\t"                                                                         \
  "pop {r4-r11, pc}\n\t"

/// Pixels two by two, by all channels.
MOTE_PACKED_FUNCTION(products, ProductArgs, MOTE_MVE_PRODUCTS, MOTE_MVE_SINGLE, MOTE_MVE_SHORT)

#define MOTE_MVE_VECTOR(RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                     \
  "ldm r0, {r5-r9}\n\t" /* in filter out inputs channels */                                   \
  "mov r1, r6\n\t"                                                                            \
  "mov r3, r7\n\t"                                                                           \
  "lsr r7, r8, #4\n"                                                                          \
  "1:\n\t"                                                                                    \
  "mov r11, r5\n\t"                                                                            \
  "movs r0, #0\n\t"                                                                           \
  "movs r2, #0\n\t"                                                                           \
  "movs r4, #0\n\t"                                                                           \
  "movs r6, #0\n\t"                                                                           \
  "vldrw.u32 q3, [r1], #16\n\t"                                                               \
  "dls lr, r7\n"                                                                              \
  "2:\n\t"                                                                                    \
  "vldrb.u8 q0, [r11], #16\n\t"                                                                \
  "vldrb.u8 q1, [r1], #16\n\t"                                                                \
  "vmladava.s8 r0, q1, q0\n\t"                                                                \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                \
  "vmladava.s8 r2, q2, q0\n\t"                                                                \
  "vldrb.u8 q1, [r1], #16\n\t"                                                                \
  "vmladava.s8 r4, q1, q0\n\t"                                                                \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                \
  "vmladava.s8 r6, q2, q0\n\t"                                                                \
  "le lr, 2b\n\t"                                                                             \
  "vmov q0[2], q0[0], r0, r4\n\t"                                                             \
  "vmov q0[3], q0[1], r2, r6\n\t"                                                             \
  "vldrw.u32 q2, [r1], #16\n\t"                                                               \
  "vadd.i32 q0, q0, q3\n\t"                                                                   \
  "vldrw.u32 q3, [r1], #16\n\t"                                                               \
  RESCALE("q0", "q2", "q1")                                                                   \
  "vldrw.u32 q2, [r1], #16\n\t"                                                               \
  "vadd.i32 q0, q0, q3\n\t"                                                                   \
  "vshl.s32 q0, q0, q2\n\t"                                                                   \
  "vqmovnb.s32 q0, q0\n\t"                                                                    \
  "vqmovnb.s16 q0, q0\n\t"                                                                    \
  "vctp.32 r9\n\t"                                                                            \
  "subs.w r9, r9, #4\n\t"                                                                     \
  "vpst\n\t"                                                                                  \
  "vstrbt.32 q0, [r3], #4\n\t"                                                               \
  "bgt.w 1b\n\t"                                                                              \
  "pop {r4-r11, pc}\n\t"

/// One row of inputs, a multiple of sixteen, by all channels.
MOTE_PACKED_FUNCTION(vector, VectorArgs, MOTE_MVE_VECTOR, MOTE_MVE_SINGLE, MOTE_MVE_SHORT)

}  // namespace mote::isa::mve
