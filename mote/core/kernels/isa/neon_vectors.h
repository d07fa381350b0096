#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/neon_products.h"

namespace mote::isa {

/// Scalar's primitives with NEON as every 64-bit Arm has it, for all that has no tiles.
struct NeonVectors : NeonProducts {
  static MOTE_INLINE void multiply_add_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                          const int8_t* b, int n) {
    const int16x8_t offset = vdupq_n_s16(static_cast<int16_t>(a_offset));
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const int16x8_t x = vaddw_s8(offset, vld1_s8(a + i)), y = words(b + i);
      vst1q_s32(acc + i, vmlal_s16(vld1q_s32(acc + i), vget_low_s16(x), vget_low_s16(y)));
      vst1q_s32(acc + i + 4, vmlal_high_s16(vld1q_s32(acc + i + 4), x, y));
    }
    Scalar::multiply_add_s8(acc + i, a + i, a_offset, b + i, n - i);
  }

  static MOTE_INLINE void multiply_add_s16(int64_t* acc, const int16_t* a, const int8_t* b, int n) {
    Scalar::multiply_add_s16(acc, a, b, n);
  }
  static MOTE_INLINE void multiply_add_s16(int32_t* acc, const int16_t* a, const int8_t* b, int n) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const int16x8_t x = vld1q_s16(a + i), y = words(b + i);
      vst1q_s32(acc + i, vmlal_s16(vld1q_s32(acc + i), vget_low_s16(x), vget_low_s16(y)));
      vst1q_s32(acc + i + 4, vmlal_high_s16(vld1q_s32(acc + i + 4), x, y));
    }
    Scalar::multiply_add_s16(acc + i, a + i, b + i, n - i);
  }

  static MOTE_INLINE void multiply_add_f32(float* acc, const float* a, const float* b, int n) {
    int i = 0;
    for (; i + 4 <= n; i += 4)
      vst1q_f32(acc + i,
                vaddq_f32(vld1q_f32(acc + i), vmulq_f32(vld1q_f32(a + i), vld1q_f32(b + i))));
    Scalar::multiply_add_f32(acc + i, a + i, b + i, n - i);
  }
  static MOTE_INLINE void fused_multiply_add_f32(float* acc, const float* a, const float* b,
                                                 int n) {
    int i = 0;
    for (; i + 4 <= n; i += 4)
      vst1q_f32(acc + i, vfmaq_f32(vld1q_f32(acc + i), vld1q_f32(a + i), vld1q_f32(b + i)));
    Scalar::fused_multiply_add_f32(acc + i, a + i, b + i, n - i);
  }

 private:
  /// 8 numbers of 8 or 16 bits as 16-bit ones.
  static MOTE_INLINE int16x8_t words(const int8_t* from) { return vmovl_s8(vld1_s8(from)); }
  static MOTE_INLINE int16x8_t words(const int16_t* from) { return vld1q_s16(from); }
};

}  // namespace mote::isa
