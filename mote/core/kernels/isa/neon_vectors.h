#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/scalar.h"

namespace mote::isa {

/// Scalar's primitives with NEON as every 64-bit Arm has it, for all that has no tiles. Sums of
/// integers are the same modulo 2^32 in any order; sums of floats are taken by sixteens.
struct NeonVectors : Scalar {
  static MOTE_INLINE int32_t dot_s8(const int8_t* a, int32_t a_offset, const int8_t* b, int n) {
    const int16x8_t offset = vdupq_n_s16(static_cast<int16_t>(a_offset));
    int32x4_t even = vdupq_n_s32(0), odd = even;
    int i = 0;
    for (; i + 16 <= n; i += 16) {
      const int8x16_t x = vld1q_s8(a + i), y = vld1q_s8(b + i);
      const int16x8_t x0 = vaddw_s8(offset, vget_low_s8(x)), x1 = vaddw_high_s8(offset, x);
      const int16x8_t y0 = vmovl_s8(vget_low_s8(y)), y1 = vmovl_high_s8(y);
      even = vmlal_high_s16(vmlal_s16(even, vget_low_s16(x0), vget_low_s16(y0)), x0, y0);
      odd = vmlal_high_s16(vmlal_s16(odd, vget_low_s16(x1), vget_low_s16(y1)), x1, y1);
    }
    return static_cast<int32_t>(
        static_cast<uint32_t>(vaddvq_s32(vaddq_s32(even, odd))) +
        static_cast<uint32_t>(Scalar::dot_s8(a + i, a_offset, b + i, n - i)));
  }

  template <class T>
  static MOTE_INLINE int64_t dot_s16(const int16_t* a, const T* b, int n) {
    int64x2_t acc = vdupq_n_s64(0);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const int16x8_t x = vld1q_s16(a + i), y = words(b + i);
      const int32x4_t low = vmull_s16(vget_low_s16(x), vget_low_s16(y));
      if constexpr (sizeof(T) == 1)
        acc = vpadalq_s32(acc, vmlal_high_s16(low, x, y));
      else  // two products may leave 32 bits
        acc = vpadalq_s32(vpadalq_s32(acc, low), vmull_high_s16(x, y));
    }
    return vaddvq_s64(acc) + Scalar::dot_s16(a + i, b + i, n - i);
  }

  static MOTE_INLINE float dot_f32(float sum, const float* a, const float* b, int n) {
    float32x4_t acc[4] = {};
    int i = 0;
    for (; i + 16 <= n; i += 16)
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j)
        acc[j] = vfmaq_f32(acc[j], vld1q_f32(a + i + 4 * j), vld1q_f32(b + i + 4 * j));
    sum += vaddvq_f32(vaddq_f32(vaddq_f32(acc[0], acc[1]), vaddq_f32(acc[2], acc[3])));
    return Scalar::dot_f32(sum, a + i, b + i, n - i);
  }

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

  /// A register of floats, as ScalarTiles has it.
  struct Floats {
    static constexpr int kLanes = 4;
    using Type = float32x4_t;
    static MOTE_INLINE Type load(const float* from) { return vld1q_f32(from); }
    static MOTE_INLINE Type broadcast(float x) { return vdupq_n_f32(x); }
    static MOTE_INLINE void store(float* to, Type x) { vst1q_f32(to, x); }
    static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) { acc = vfmaq_f32(acc, a, b); }
    static MOTE_INLINE Type add(Type a, Type b) { return vaddq_f32(a, b); }
    static MOTE_INLINE Type multiply(Type a, Type b) { return vmulq_f32(a, b); }
    static MOTE_INLINE Type min_of(Type a, Type b) { return vbslq_f32(vcltq_f32(b, a), b, a); }
    static MOTE_INLINE Type max_of(Type a, Type b) { return vbslq_f32(vcltq_f32(a, b), b, a); }
    static MOTE_INLINE Type round(Type x) { return vrndaq_f32(x); }
  };

 private:
  /// 8 numbers of 8 or 16 bits as 16-bit ones.
  static MOTE_INLINE int16x8_t words(const int8_t* from) { return vmovl_s8(vld1_s8(from)); }
  static MOTE_INLINE int16x8_t words(const int16_t* from) { return vld1q_s16(from); }
};

}  // namespace mote::isa
