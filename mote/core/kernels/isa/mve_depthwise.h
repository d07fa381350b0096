#pragma once

#include <stdint.h>

#include "mote/core/kernels/isa/mve_products.h"
#include "mote/core/kernels/isa/packed_assembly.h"

/// Depthwise convolutions with Helium's vectors, as mve_products.h has the others: eight channels
/// of two neighbouring pixels at a time.
namespace mote::isa::mve {

// A tap of eight channels: sums of the even ones in `even`, of the odd ones in `odd`.
#define MOTE_MVE_TAP(even, odd, inputs) \
  "vmullb.s16 q6, q4, " inputs          \
  "\n\t"                                \
  "vmullt.s16 q7, q4, " inputs          \
  "\n\t"                                \
  "vadd.i32 " even ", " even            \
  ", q6\n\t"                            \
  "vadd.i32 " odd ", " odd ", q7\n\t"

// A group's begin and end, of two pixels with their sums in q0 to q3; the first one's output at r7,
// the second one's r8 behind it, r9 channels.
#define MOTE_MVE_BIASES_OF_TWO  \
  "vldrw.u32 q0, [r1], #16\n\t" \
  "vldrw.u32 q1, [r1], #16\n\t" \
  "vmov q2, q0\n\t"             \
  "vmov q3, q1\n\t"
#define MOTE_MVE_RESCALE_TWO(RESCALE) \
  "vldrw.u32 q4, [r1], #16\n\t"                                   \
  "vldrw.u32 q5, [r1], #16\n\t"                                   \
  RESCALE("q0", "q4", "q6") RESCALE("q1", "q5", "q7")             \
  RESCALE("q2", "q4", "q6") RESCALE("q3", "q5", "q7")             \
  "vldrw.u32 q4, [r1], #16\n\t"                                   \
  "vldrw.u32 q5, [r1], #16\n\t"                                   \
  "vadd.i32 q0, q0, q4\n\t"                                       \
  "vadd.i32 q2, q2, q4\n\t"                                       \
  "vldrw.u32 q4, [r1], #16\n\t"                                   \
  "vadd.i32 q1, q1, q5\n\t"                                       \
  "vadd.i32 q3, q3, q5\n\t"                                       \
  "vldrw.u32 q5, [r1], #16\n\t"                                   \
  "vshl.s32 q0, q0, q4\n\t"                                       \
  "vshl.s32 q2, q2, q4\n\t"                                       \
  "vshl.s32 q1, q1, q5\n\t"                                       \
  "vshl.s32 q3, q3, q5\n\t"                                       \
  "vqmovnb.s32 q0, q0\n\t"                                        \
  "vqmovnb.s32 q2, q2\n\t"                                        \
  "vqmovnt.s32 q0, q1\n\t"                                        \
  "vqmovnt.s32 q2, q3\n\t"                                        \
  "vqmovnb.s16 q0, q0\n\t"                                        \
  "vqmovnb.s16 q2, q2\n\t"                                        \
  "add r3, r7, r8\n\t"                                            \
  "vctp.16 r9\n\t"                                                \
  "vpstt\n\t"                                                     \
  "vstrbt.16 q2, [r3]\n\t"                                        \
  "vstrbt.16 q0, [r7], #8\n\t"

// All pairs of pixels by all groups. r0: taps, r1: stream, r5: bytes from a tap's begin to the
// first pixel's channel, r6: bytes between the pixels, r10: `LOOPS`. On the stack: the stream's
// begin, pairs, r5 and r7 of the pair.
#define MOTE_MVE_PAIRS(LOOPS, TAPS, RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                     \
  "vpush {d8-d15}\n\t"                                                                        \
  "sub sp, #20\n\t"                                                                           \
  "ldm r0, {r3, r4, r7, r10}\n\t" /* taps filter out count */                                 \
  "ldrd r6, r2, [r0, #16]\n\t"    /* pixel_step pixels */                                     \
  "ldr r8, [r0, #24]\n\t"         /* channels */                                              \
  "mov r0, r3\n\t"                                                                            \
  LOOPS                                                                                       \
  "lsrs r2, r2, #1\n\t"                                                                       \
  "movs r5, #0\n\t"                                                                           \
  "strd r4, r2, [sp]\n"                                                                       \
  "1:\n\t"                                                                                    \
  "strd r5, r7, [sp, #8]\n\t"                                                                 \
  "ldr r1, [sp]\n\t"                                                                          \
  "mov r9, r8\n"                                                                              \
  "2:\n\t"                                                                                    \
  MOTE_MVE_BIASES_OF_TWO                                                                      \
  "mov r4, r0\n\t"                                                                            \
  "dls lr, r10\n"                                                                             \
  "3:\n\t"                                                                                    \
  TAPS                                                                                        \
  "le lr, 3b\n\t"                                                                             \
  MOTE_MVE_RESCALE_TWO(RESCALE)                                                               \
  "adds r5, #8\n\t"                                                                           \
  "subs.w r9, r9, #8\n\t"                                                                     \
  "bgt.w 2b\n\t"                                                                              \
  "ldrd r5, r7, [sp, #8]\n\t"                                                                 \
  "ldr r2, [sp, #4]\n\t"                                                                      \
  "add r5, r5, r6, lsl #1\n\t"                                                                \
  "add r7, r7, r8, lsl #1\n\t"                                                                \
  "subs r2, #1\n\t"                                                                           \
  "str r2, [sp, #4]\n\t"                                                                      \
  "bne.w 1b\n\t"                                                                              \
  "add sp, #20\n\t"                                                                           \
  "vpop {d8-d15}\n\t"                                                                         \
  "pop {r4-r11, pc}\n\t"

// One tap a turn.
#define MOTE_MVE_ANY_LOOPS ""
#define MOTE_MVE_ANY_TAPS                                                                        \
  "ldr r2, [r4], #4\n\t"                                                                         \
  "add r2, r5\n\t"                                                                               \
  "add r3, r2, r6\n\t"                                                                           \
  "vldrb.s16 q4, [r1], #8\n\t"                                                                   \
  "vldrb.s16 q5, [r2]\n\t" MOTE_MVE_TAP("q0", "q1", "q5") "vldrb.s16 q5, [r3]\n\t" MOTE_MVE_TAP( \
      "q2", "q3", "q5")

// A row of three taps a turn, where the second pixel's taps are the first one's next.
#define MOTE_MVE_ROW_LOOPS \
  "movs r5, #3\n\t"        \
  "udiv r10, r10, r5\n\t"
#define MOTE_MVE_ROW_TAPS \
  "ldr r2, [r4], #12\n\t"             \
  "vldrb.s16 q4, [r1], #8\n\t"        \
  "add r2, r5\n\t"                    \
  "vldrb.s16 q5, [r2]\n\t"            \
  "add r2, r6\n\t"                    \
  MOTE_MVE_TAP("q0", "q1", "q5")      \
  "vldrb.s16 q5, [r2]\n\t"            \
  "add r2, r6\n\t"                    \
  MOTE_MVE_TAP("q2", "q3", "q5")      \
  "vldrb.s16 q4, [r1], #8\n\t"        \
  MOTE_MVE_TAP("q0", "q1", "q5")      \
  "vldrb.s16 q5, [r2]\n\t"            \
  "add r2, r6\n\t"                    \
  MOTE_MVE_TAP("q2", "q3", "q5")      \
  "vldrb.s16 q4, [r1], #8\n\t"        \
  MOTE_MVE_TAP("q0", "q1", "q5")      \
  "vldrb.s16 q5, [r2]\n\t"            \
  MOTE_MVE_TAP("q2", "q3", "q5")

#define MOTE_MVE_DEPTHWISE_PAIRS(RESCALE) \
  MOTE_MVE_PAIRS(MOTE_MVE_ANY_LOOPS, MOTE_MVE_ANY_TAPS, RESCALE)
/// All pairs of neighbouring pixels; there is one.
MOTE_PACKED_FUNCTION(depthwise_pairs, DepthwiseArgs, MOTE_MVE_DEPTHWISE_PAIRS, MOTE_MVE_SINGLE,
                     MOTE_MVE_SHORT)
#define MOTE_MVE_DEPTHWISE_PAIRS_BY_ROWS(RESCALE) \
  MOTE_MVE_PAIRS(MOTE_MVE_ROW_LOOPS, MOTE_MVE_ROW_TAPS, RESCALE)
/// The same for filters of rows of three taps that are as far apart as pixels.
MOTE_PACKED_FUNCTION(depthwise_pairs_by_rows, DepthwiseArgs, MOTE_MVE_DEPTHWISE_PAIRS_BY_ROWS,
                     MOTE_MVE_SINGLE, MOTE_MVE_SHORT)

#define MOTE_MVE_ONE(RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                     \
  "vpush {d8-d15}\n\t"                                                                        \
  "ldm r0, {r3, r4, r7, r10}\n\t" /* taps filter out count */                                 \
  "ldrd r6, r2, [r0, #16]\n\t"    /* pixel_step pixels */                                     \
  "ldr r9, [r0, #24]\n\t"         /* channels */                                              \
  "mov r0, r3\n\t"                                                                            \
  "mov r1, r4\n\t"                                                                            \
  "subs r2, #1\n\t"                                                                           \
  "mul r5, r6, r2\n\t"                                                                        \
  "mla r7, r9, r2, r7\n"                                                                      \
  "2:\n\t"                                                                                    \
  "vldrw.u32 q0, [r1], #16\n\t"                                                               \
  "vldrw.u32 q1, [r1], #16\n\t"                                                               \
  "mov r4, r0\n\t"                                                                            \
  "dls lr, r10\n"                                                                             \
  "3:\n\t"                                                                                    \
  "ldr r2, [r4], #4\n\t"                                                                      \
  "vldrb.s16 q4, [r1], #8\n\t"                                                                \
  "add r2, r5\n\t"                                                                            \
  "vldrb.s16 q5, [r2]\n\t"                                                                    \
  MOTE_MVE_TAP("q0", "q1", "q5")                                                              \
  "le lr, 3b\n\t"                                                                             \
  "vldrw.u32 q4, [r1], #16\n\t"                                                               \
  "vldrw.u32 q5, [r1], #16\n\t"                                                               \
  RESCALE("q0", "q4", "q6") RESCALE("q1", "q5", "q7")                                         \
  "vldrw.u32 q4, [r1], #16\n\t"                                                               \
  "vldrw.u32 q5, [r1], #16\n\t"                                                               \
  "vadd.i32 q0, q0, q4\n\t"                                                                   \
  "vadd.i32 q1, q1, q5\n\t"                                                                   \
  "vldrw.u32 q4, [r1], #16\n\t"                                                               \
  "vldrw.u32 q5, [r1], #16\n\t"                                                               \
  "vshl.s32 q0, q0, q4\n\t"                                                                   \
  "vshl.s32 q1, q1, q5\n\t"                                                                   \
  "vqmovnb.s32 q0, q0\n\t"                                                                    \
  "vqmovnt.s32 q0, q1\n\t"                                                                    \
  "vqmovnb.s16 q0, q0\n\t"                                                                    \
  "vctp.16 r9\n\t"                                                                            \
  "vpst\n\t"                                                                                  \
  "vstrbt.16 q0, [r7], #8\n\t"                                                                \
  "adds r5, #8\n\t"                                                                           \
  "subs.w r9, r9, #8\n\t"                                                                     \
  "bgt.w 2b\n\t"                                                                              \
  "vpop {d8-d15}\n\t"                                                                         \
  "pop {r4-r11, pc}\n\t"

/// The row's last pixel.
MOTE_PACKED_FUNCTION(depthwise_last, DepthwiseArgs, MOTE_MVE_ONE, MOTE_MVE_SINGLE, MOTE_MVE_SHORT)

}  // namespace mote::isa::mve
