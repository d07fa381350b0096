#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/kernels/isa/packed_assembly.h"

/// The inner loops of packed layers with DSP instructions. They need every register that there is,
/// which GCC does not manage; so they are functions in assembly from beginning to end, and do not
/// depend on how the rest is compiled. What they compute is PackedTwin<kDspLayout>.
namespace mote::isa::dsp {

MOTE_INLINE uint32_t load(const int8_t* from) {
  uint32_t x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}
/// The bytes 0 and 2, and 1 and 3, as signed pairs.
MOTE_INLINE int32_t even_bytes(uint32_t x) {
  int32_t y;
  __asm__("sxtb16 %0, %1" : "=r"(y) : "r"(x));
  return y;
}
MOTE_INLINE int32_t odd_bytes(uint32_t x) {
  int32_t y;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(y) : "r"(x));
  return y;
}

// How a sum becomes an output: packed_rescale<true>() and <false>() without the last step. The
// registers: sum, multiplier, addend, shift.
#define MOTE_DSP_SINGLE(sum, multiplier, addend, shift) \
  "smmla " sum ", " sum ", " multiplier ", " addend     \
  "\n\t"                                                \
  "asr " sum ", " sum ", " shift                        \
  "\n\t"                                                \
  "ssat " sum ", #8, " sum "\n\t"
#define MOTE_DSP_SHORT(sum, multiplier, addend, shift) \
  "lsl " sum ", " sum                                  \
  ", #1\n\t"                                           \
  "smmulr " sum ", " sum ", " multiplier               \
  "\n\t"                                               \
  "add " sum ", " sum ", " sum                         \
  ", asr #31\n\t"                                      \
  "add " sum ", " sum ", " addend                      \
  "\n\t"                                               \
  "asr " sum ", " sum ", " shift                       \
  "\n\t"                                               \
  "ssat " sum ", #8, " sum "\n\t"

// Four inputs of four pixels times those of two channels: r0 leads through the columns, r1 through
// the stream; sums of channel 0 in r4 to r7, of channel 1 in r8 to r11.
#define MOTE_DSP_PAIR           \
  "ldr r2, [r1], #4\n\t"        \
  "ldrd r12, lr, [r0], #8\n\t"  \
  "sxtb16 r3, r2\n\t"           \
  "sxtb16 r2, r2, ror #8\n\t"   \
  "smlad r4, r3, r12, r4\n\t"   \
  "smlad r8, r2, r12, r8\n\t"   \
  "smlad r5, r3, lr, r5\n\t"    \
  "smlad r9, r2, lr, r9\n\t"    \
  "ldrd r12, lr, [r0], #8\n\t"  \
  "smlad r6, r3, r12, r6\n\t"   \
  "smlad r10, r2, r12, r10\n\t" \
  "smlad r7, r3, lr, r7\n\t"    \
  "smlad r11, r2, lr, r11\n\t"

// So many pixels (a register, one to four): where outputs of pixels 1, 2 and 3 lie from pixel 0's
// on; to its place go those of pixels that there are not.
#define MOTE_DSP_PIXELS(pixels, first, second, third) \
  "lsl " second ", " first                            \
  ", #1\n\t"                                          \
  "add " third ", " first ", " second                 \
  "\n\t"                                              \
  "cmp " pixels                                       \
  ", #4\n\t"                                          \
  "it lt\n\t"                                         \
  "movlt " third                                      \
  ", #0\n\t"                                          \
  "cmp " pixels                                       \
  ", #3\n\t"                                          \
  "it lt\n\t"                                         \
  "movlt " second                                     \
  ", #0\n\t"                                          \
  "cmp " pixels                                       \
  ", #2\n\t"                                          \
  "it lt\n\t"                                         \
  "movlt " first ", #0\n\t"

// Four pixels' sums of two channels begin with their biases.
#define MOTE_DSP_BIASES       \
  "ldrd r4, r8, [r1], #8\n\t" \
  "mov r5, r4\n\t"            \
  "mov r6, r4\n\t"            \
  "mov r7, r4\n\t"            \
  "mov r9, r8\n\t"            \
  "mov r10, r8\n\t"           \
  "mov r11, r8\n\t"

// Stores what they have become, pixel 0 last, and goes on with 1 where there are more channels,
// else with 9. In the frame: out and channels; from pixel 0 to 1; to 2 and 3.
#define MOTE_DSP_OUTPUTS(OUT, LEFT, FIRST, SECOND, RESCALE) \
  "ldm r1!, {r2, r3, r12}\n\t" \
  "ldrd lr, r0, [sp, " OUT "]\n\t" \
  "subs r0, #2\n\t" \
  "str r0, [sp, " LEFT "]\n\t" \
  "ldr r0, [sp, " FIRST "]\n\t" \
  RESCALE("r5", "r2", "r3", "r12") \
  "strb r5, [lr, r0]\n\t" \
  RESCALE("r6", "r2", "r3", "r12") \
  "ldrd r0, r5, [sp, " SECOND "]\n\t" \
  "strb r6, [lr, r0]\n\t" \
  RESCALE("r7", "r2", "r3", "r12") \
  "strb r7, [lr, r5]\n\t" \
  RESCALE("r4", "r2", "r3", "r12") \
  "strb r4, [lr], #1\n\t" \
  "ldr r4, [sp, " LEFT "]\n\t" \
  "cmp r4, #0\n\t" \
  "blt 9f\n\t" /* there was but one channel left */ \
  "ldm r1!, {r2, r3, r12}\n\t" \
  RESCALE("r11", "r2", "r3", "r12") \
  "strb r11, [lr, r5]\n\t" \
  RESCALE("r10", "r2", "r3", "r12") \
  "strb r10, [lr, r0]\n\t" \
  "ldr r0, [sp, " FIRST "]\n\t" \
  RESCALE("r9", "r2", "r3", "r12") \
  "strb r9, [lr, r0]\n\t" \
  RESCALE("r8", "r2", "r3", "r12") \
  "strb r8, [lr], #1\n\t" \
  "str lr, [sp, " OUT "]\n\t" \
  "cmp r4, #0\n\t" \
  "bne 1b\n"

#define MOTE_DSP_PRODUCTS(RESCALE) \
  "push {r4-r11, lr}\n\t" \
  "sub sp, #28\n\t" \
  "ldm r0, {r0-r6}\n\t" /* columns filter out inputs channels stride pixels */ \
  "add r3, r0, r3, lsl #3\n\t" \
  "strd r0, r3, [sp]\n\t"     /* columns, their end */ \
  "strd r2, r4, [sp, #8]\n\t" /* out, channels */ \
  MOTE_DSP_PIXELS("r6", "r5", "r7", "r8") \
  "strd r5, r7, [sp, #16]\n\t" /* from pixel 0 to 1, 2 */ \
  "str r8, [sp, #24]\n"        /* and 3 */ \
  "1:\n\t" \
  "ldr r0, [sp]\n\t" \
  MOTE_DSP_BIASES \
  "2:\n\t" MOTE_DSP_PAIR MOTE_DSP_PAIR MOTE_DSP_PAIR MOTE_DSP_PAIR \
  "ldr r3, [sp, #4]\n\t" \
  "cmp r0, r3\n\t" \
  "bne 2b\n\t" \
  MOTE_DSP_OUTPUTS("#8", "#12", "#16", "#20", RESCALE) \
  "9:\n\t" \
  "add sp, #28\n\t" \
  "pop {r4-r11, pc}\n\t"

/// One to four pixels by all channels.
MOTE_PACKED_FUNCTION(products, ProductArgs, MOTE_DSP_PRODUCTS, MOTE_DSP_SINGLE, MOTE_DSP_SHORT)

// Four inputs (r0) times those of four channels (r1): sums in r4 to r7.
#define MOTE_DSP_FOUR           \
  "ldr r2, [r0], #4\n\t"        \
  "ldm r1!, {r8-r11}\n\t"       \
  "sxtb16 r3, r2\n\t"           \
  "sxtb16 r2, r2, ror #8\n\t"   \
  "sxtb16 r12, r8\n\t"          \
  "sxtb16 r8, r8, ror #8\n\t"   \
  "smlad r4, r12, r3, r4\n\t"   \
  "smlad r5, r8, r3, r5\n\t"    \
  "sxtb16 r12, r9\n\t"          \
  "sxtb16 r9, r9, ror #8\n\t"   \
  "smlad r4, r12, r2, r4\n\t"   \
  "smlad r5, r9, r2, r5\n\t"    \
  "sxtb16 r12, r10\n\t"         \
  "sxtb16 r10, r10, ror #8\n\t" \
  "smlad r6, r12, r3, r6\n\t"   \
  "smlad r7, r10, r3, r7\n\t"   \
  "sxtb16 r12, r11\n\t"         \
  "sxtb16 r11, r11, ror #8\n\t" \
  "smlad r6, r12, r2, r6\n\t"   \
  "smlad r7, r11, r2, r7\n\t"

#define MOTE_DSP_VECTOR(RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                \
  "sub sp, #20\n\t"                                                                      \
  "ldm r0, {r0-r4}\n\t" /* in filter out inputs channels */                              \
  "add r3, r0\n\t"                                                                       \
  "strd r0, r3, [sp]\n\t"                                                                \
  "strd r2, r4, [sp, #8]\n\t"                                                            \
  "mov lr, r3\n"                                                                         \
  "1:\n\t"                                                                               \
  "ldr r0, [sp]\n\t"                                                                     \
  "ldm r1!, {r4-r7}\n\t"                                                                 \
  "sub r2, lr, r0\n\t"                                                                   \
  "tst r2, #8\n\t"                                                                       \
  "beq 2f\n\t" MOTE_DSP_FOUR MOTE_DSP_FOUR                                               \
  "cmp r0, lr\n\t"                                                                       \
  "beq 3f\n"                                                                             \
  "2:\n\t" MOTE_DSP_FOUR MOTE_DSP_FOUR MOTE_DSP_FOUR MOTE_DSP_FOUR                       \
  "cmp r0, lr\n\t"                                                                       \
  "bne 2b\n"                                                                             \
  "3:\n\t"                                                                               \
  "ldrd r0, r12, [sp, #8]\n\t" /* out, channels */                                       \
  "ldm r1!, {r8-r10}\n\t"                                                                \
  RESCALE("r4", "r8", "r9", "r10")                                                       \
  "strb r4, [r0], #1\n\t"                                                                \
  "ldm r1!, {r8-r10}\n\t"                                                                \
  "cmp r12, #2\n\t"                                                                      \
  "blt 4f\n\t"                                                                           \
  RESCALE("r5", "r8", "r9", "r10")                                                       \
  "strb r5, [r0], #1\n\t"                                                                \
  "ldm r1!, {r8-r10}\n\t"                                                                \
  "beq 4f\n\t"                                                                           \
  RESCALE("r6", "r8", "r9", "r10")                                                       \
  "strb r6, [r0], #1\n\t"                                                                \
  "ldm r1!, {r8-r10}\n\t"                                                                \
  "subs r12, #4\n\t"                                                                     \
  "blt 4f\n\t"                                                                           \
  RESCALE("r7", "r8", "r9", "r10")                                                       \
  "strb r7, [r0], #1\n\t"                                                                \
  "strd r0, r12, [sp, #8]\n\t"                                                           \
  "cmp r12, #0\n\t"                                                                      \
  "bne 1b\n"                                                                             \
  "4:\n\t"                                                                               \
  "add sp, #20\n\t"                                                                      \
  "pop {r4-r11, pc}\n\t"

/// One row of inputs, as they lie, by all channels.
MOTE_PACKED_FUNCTION(vector, VectorArgs, MOTE_DSP_VECTOR, MOTE_DSP_SINGLE, MOTE_DSP_SHORT)

// One tap of four channels, whose inputs r12 holds: sums in r4 to r7, the stream in r1.
#define MOTE_DSP_TAP            \
  "ldrd r2, r3, [r1], #8\n\t"   \
  "sxtb16 lr, r12\n\t"          \
  "sxtb16 r12, r12, ror #8\n\t" \
  "smlabb r4, lr, r2, r4\n\t"   \
  "smlatt r6, lr, r2, r6\n\t"   \
  "smlabb r5, r12, r3, r5\n\t"  \
  "smlatt r7, r12, r3, r7\n\t"

// Three neighbouring taps of a row; r11 is from one to the next.
#define MOTE_DSP_ROW(row)                                                          \
  "ldr r12, [" row "]\n\t" MOTE_DSP_TAP "ldr r12, [" row ", r11]\n\t" MOTE_DSP_TAP \
  "ldr r12, [" row ", r11, lsl #1]\n\t" MOTE_DSP_TAP

// A row of outputs, four channels at a time. BEGIN makes pointers of the table of taps (r2) and of
// the first channel (r3), PIXEL adds all taps up, STEP goes on by r2 bytes.
#define MOTE_DSP_DEPTHWISE_ROW(BEGIN, PIXEL, STEP, RESCALE) \
  "push {r4-r11, lr}\n\t"                                                                \
  "sub sp, #36\n\t"                                                                      \
  "ldm r0, {r2-r8}\n\t" /* taps filter out tap_count pixel_step pixels channels */       \
  "mov r1, r3\n\t"                                                                       \
  "mov r0, r4\n\t"                                                                       \
  "mul r7, r7, r8\n\t"           /* bytes of the row */                                  \
  "add r9, r2, r5, lsl #2\n\t"   /* the table's end */                                   \
  "strd r6, r8, [sp, #4]\n\t"    /* pixel_step, channels */                              \
  "strd r7, r8, [sp, #16]\n\t"   /* bytes, channels left */                              \
  "strd r2, r9, [sp, #24]\n\t"   /* taps, their end */                                   \
  "movs r3, #0\n"                                                                        \
  "1:\n\t"                                                                               \
  "str r1, [sp]\n\t"             /* the group's stream */                                \
  "str r3, [sp, #32]\n\t"        /* the first channel */                                 \
  "ldr r4, [sp, #16]\n\t"                                                                \
  "add r4, r0\n\t"                                                                       \
  "str r4, [sp, #12]\n\t"        /* the end of the outputs */                            \
  BEGIN                                                                                  \
  "2:\n\t"                                                                               \
  "ldm r1!, {r4-r7}\n\t"                                                                 \
  PIXEL                                                                                  \
  "ldr r2, [sp, #4]\n\t"                                                                 \
  STEP                                                                                   \
  "ldm r1!, {r2, r3, r12}\n\t"                                                           \
  RESCALE("r4", "r2", "r3", "r12")                                                       \
  "ldm r1!, {r2, r3, r12}\n\t"                                                           \
  RESCALE("r5", "r2", "r3", "r12")                                                       \
  "ldm r1!, {r2, r3, r12}\n\t"                                                           \
  RESCALE("r6", "r2", "r3", "r12")                                                       \
  "ldm r1!, {r2, r3, r12}\n\t"                                                           \
  "ldr lr, [sp, #20]\n\t"                                                                \
  "cmp lr, #4\n\t"                                                                       \
  "blt 4f\n\t"                                                                           \
  RESCALE("r7", "r2", "r3", "r12")                                                       \
  "bfi r4, r5, #8, #8\n\t"                                                               \
  "bfi r4, r6, #16, #8\n\t"                                                              \
  "bfi r4, r7, #24, #8\n\t"                                                              \
  "str r4, [r0]\n"                                                                       \
  "3:\n\t"                                                                               \
  "ldrd r2, r3, [sp, #8]\n\t" /* channels, the end of the outputs */                     \
  "add r0, r2\n\t"                                                                       \
  "cmp r0, r3\n\t"                                                                       \
  "itt ne\n\t"                                                                           \
  "ldrne r1, [sp]\n\t"                                                                   \
  "bne 2b\n\t"                                                                           \
  "subs lr, #4\n\t"                                                                      \
  "str lr, [sp, #20]\n\t"                                                                \
  "ble 5f\n\t"                                                                           \
  "ldr r4, [sp, #16]\n\t"                                                                \
  "sub r0, r4\n\t"                                                                       \
  "add r0, #4\n\t"                                                                       \
  "ldr r3, [sp, #32]\n\t"                                                                \
  "add r3, #4\n\t"                                                                       \
  "b 1b\n"                                                                               \
  "4:\n\t"                                                                               \
  "strb r4, [r0]\n\t"                                                                    \
  "cmp lr, #2\n\t"                                                                       \
  "it ge\n\t"                                                                            \
  "strbge r5, [r0, #1]\n\t"                                                              \
  "it gt\n\t"                                                                            \
  "strbgt r6, [r0, #2]\n\t"                                                              \
  "b 3b\n"                                                                               \
  "5:\n\t"                                                                               \
  "add sp, #36\n\t"                                                                      \
  "pop {r4-r11, pc}\n\t"

#define MOTE_DSP_BEGIN_3X3 \
  "ldr r2, [sp, #24]\n\t"  \
  "ldrd r8, r11, [r2]\n\t" \
  "ldr r9, [r2, #12]\n\t"  \
  "ldr r10, [r2, #24]\n\t" \
  "sub r11, r11, r8\n\t"   \
  "add r8, r3\n\t"         \
  "add r9, r3\n\t"         \
  "add r10, r3\n"
#define MOTE_DSP_STEP_3X3 \
  "add r8, r2\n\t"        \
  "add r9, r2\n\t"        \
  "add r10, r2\n\t"

#define MOTE_DSP_DEPTHWISE_3X3(RESCALE)                                             \
  MOTE_DSP_DEPTHWISE_ROW(MOTE_DSP_BEGIN_3X3,                                        \
                         MOTE_DSP_ROW("r8") MOTE_DSP_ROW("r9") MOTE_DSP_ROW("r10"), \
                         MOTE_DSP_STEP_3X3, RESCALE)
/// A row of a filter of 3 x 3.
MOTE_PACKED_FUNCTION(depthwise_3x3, DepthwiseArgs, MOTE_DSP_DEPTHWISE_3X3, MOTE_DSP_SINGLE,
                     MOTE_DSP_SHORT)

#define MOTE_DSP_BEGIN_TAPS \
  "mov r9, r3\n\t"          \
  "ldr r10, [sp, #28]\n"
#define MOTE_DSP_TAPS                   \
  "ldr r8, [sp, #24]\n"                 \
  "6:\n\t"                              \
  "ldr r12, [r8], #4\n\t"               \
  "ldr r12, [r12, r9]\n\t" MOTE_DSP_TAP \
  "cmp r8, r10\n\t"                     \
  "bne 6b\n\t"
#define MOTE_DSP_STEP_TAPS "add r9, r2\n\t"

#define MOTE_DSP_DEPTHWISE_ANY(RESCALE) \
  MOTE_DSP_DEPTHWISE_ROW(MOTE_DSP_BEGIN_TAPS, MOTE_DSP_TAPS, MOTE_DSP_STEP_TAPS, RESCALE)
/// A row of any filter.
MOTE_PACKED_FUNCTION(depthwise, DepthwiseArgs, MOTE_DSP_DEPTHWISE_ANY, MOTE_DSP_SINGLE,
                     MOTE_DSP_SHORT)

}  // namespace mote::isa::dsp
