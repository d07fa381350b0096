#pragma once

#include <stdint.h>

#include "mote/core/kernels/isa/dsp_loops.h"

/// The inner loop of convolutions whose rows are expanded (row_products()) with DSP instructions,
/// in assembly as those of dsp_loops.h.
namespace mote::isa::dsp {

MOTE_INLINE void store(int16_t* to, int32_t x) { __builtin_memcpy(to, &x, sizeof x); }
/// The lower halves of two, and the upper ones, side by side.
MOTE_INLINE int32_t lower_halves(int32_t x, int32_t y) {
  int32_t z;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(z) : "r"(x), "r"(y));
  return z;
}
MOTE_INLINE int32_t upper_halves(int32_t x, int32_t y) {
  int32_t z;
  __asm__("pkhtb %0, %2, %1, asr #16" : "=r"(z) : "r"(x), "r"(y));
  return z;
}

// Two inputs of four pixels times those of two channels: r0 leads through a row, r1 through the
// stream; sums of channel 0 in r4 to r7, of channel 1 in r8 to r11. FIRST and SECOND load two
// pixels into r12 and lr. All instructions take four bytes, since the loop is entered anywhere.
#define MOTE_DSP_ROW_PAIR(FIRST, SECOND) \
  "ldr r2, [r1], #4\n\t" FIRST           \
  "sxtb16 r3, r2\n\t"                    \
  "sxtb16 r2, r2, ror #8\n\t"            \
  "smlad r4, r3, r12, r4\n\t"            \
  "smlad r8, r2, r12, r8\n\t"            \
  "smlad r5, r3, lr, r5\n\t"             \
  "smlad r9, r2, lr, r9\n\t" SECOND      \
  "smlad r6, r3, r12, r6\n\t"            \
  "smlad r10, r2, r12, r10\n\t"          \
  "smlad r7, r3, lr, r7\n\t"             \
  "smlad r11, r2, lr, r11\n\t"

// PAIR eight times, of which the last `words` are run for each row: SIZE is its bytes. After the
// ring's last row comes its first.
#define MOTE_DSP_ROW_PRODUCTS(PAIR, SIZE, RESCALE) \
  "push {r4-r11, lr}\n\t"                                                              \
  "sub sp, #44\n\t"                                                                    \
  "ldm r0, {r0-r8}\n\t" /* rows filter out channels pixels words row_bytes ring end */ \
  "sub r6, r6, r5, lsl #2\n\t"                                                         \
  "str r6, [sp]\n\t" /* from the end of a row's words to the next row, then the end */ \
  "adr r9, 2f\n\t"                                                                     \
  "rsb r5, r5, #8\n\t"                                                                 \
  "mov r10, #" SIZE                                                                    \
  "\n\t"                                                                               \
  "mla r9, r5, r10, r9\n\t"                                                            \
  "str r9, [sp, #8]\n\t"      /* where a row's code begins */                          \
  "strd r0, r8, [sp, #12]\n\t" /* rows, end */                                         \
  "strd r7, r2, [sp, #20]\n\t" /* ring, out */                                         \
  "str r3, [sp, #28]\n\t"      /* channels */                                          \
  MOTE_DSP_PIXELS("r4", "r3", "r7", "r8")                                              \
  "strd r3, r7, [sp, #32]\n\t" /* from pixel 0 to 1, 2 */                              \
  "str r8, [sp, #40]\n"        /* and 3 */                                             \
  "1:\n\t"                                                                             \
  "ldrd r0, r2, [sp, #12]\n\t"                                                         \
  "str r2, [sp, #4]\n\t"                                                               \
  "ldr r12, [sp, #8]\n\t"                                                              \
  MOTE_DSP_BIASES                                                                      \
  "mov pc, r12\n\t"                                                                    \
  ".balign 4\n"                                                                        \
  "2:\n\t" PAIR PAIR PAIR PAIR PAIR PAIR PAIR PAIR                                     \
  "ldm sp, {r2, r3, r12}\n\t"                                                          \
  "add r0, r2\n\t"                                                                     \
  "cmp r0, r3\n\t"                                                                     \
  "beq 3f\n\t"                                                                         \
  "mov pc, r12\n"                                                                      \
  "3:\n\t"                                                                             \
  "ldr r2, [sp, #12]\n\t"                                                              \
  "cmp r3, r2\n\t"                                                                     \
  "beq 4f\n\t" /* once round */                                                        \
  "str r2, [sp, #4]\n\t"                                                               \
  "ldr r3, [sp, #20]\n\t"                                                              \
  "sub r0, r3\n\t"                                                                     \
  "cmp r0, r2\n\t"                                                                     \
  "beq 4f\n\t"                                                                         \
  "mov pc, r12\n"                                                                      \
  "4:\n\t"                                                                             \
  MOTE_DSP_OUTPUTS("#24", "#28", "#32", "#36", RESCALE)                                \
  "bne 1b\n"                                                                           \
  "9:\n\t"                                                                             \
  "add sp, #44\n\t"                                                                    \
  "pop {r4-r11, pc}\n\t"

#define MOTE_DSP_PAIR_STEP_1 \
  MOTE_DSP_ROW_PAIR("ldrd r12, lr, [r0], #4\n\t", "ldrd r12, lr, [r0, #4]\n\t")
#define MOTE_DSP_ROWS_STEP_1(RESCALE) MOTE_DSP_ROW_PRODUCTS(MOTE_DSP_PAIR_STEP_1, "52", RESCALE)
/// One to four pixels by all channels, windows one word apart.
MOTE_PACKED_FUNCTION(row_products_1, RowProductArgs, MOTE_DSP_ROWS_STEP_1, MOTE_DSP_SINGLE,
                     MOTE_DSP_SHORT)

#define MOTE_DSP_PAIR_STEP_3                                     \
  MOTE_DSP_ROW_PAIR("ldr r12, [r0], #4\n\tldr lr, [r0, #8]\n\t", \
                    "ldr r12, [r0, #20]\n\tldr lr, [r0, #32]\n\t")
#define MOTE_DSP_ROWS_STEP_3(RESCALE) MOTE_DSP_ROW_PRODUCTS(MOTE_DSP_PAIR_STEP_3, "60", RESCALE)
/// The same, windows three words apart.
MOTE_PACKED_FUNCTION(row_products_3, RowProductArgs, MOTE_DSP_ROWS_STEP_3, MOTE_DSP_SINGLE,
                     MOTE_DSP_SHORT)

}  // namespace mote::isa::dsp
