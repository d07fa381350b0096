#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/neon_functions.h"
#include "mote/core/kernels/isa/neon_rescale.h"

namespace mote::isa {

/// Scalar's primitives with NEON as every 64-bit Arm has it, for all that has no tiles.
struct NeonVectors : NeonFunctions {
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

  static constexpr bool kRescalesWideSums = true;
  /// The front of rescale() with 64-bit biases, of which each channel has its own.
  /// @returns how many were computed.
  template <class Attrs, class Acc>
  static MOTE_INLINE int rescale_wide(const Attrs& attrs, const Acc* acc, const int64_t* bias,
                                      const int32_t* multiplier, const int32_t* shift, int16_t* out,
                                      int n) {
    const int32x4_t offset = vdupq_n_s32(attrs.output_offset);
    const int32x4_t least = vdupq_n_s32(attrs.act_min), most = vdupq_n_s32(attrs.act_max);
    const auto two = [&](int i) {
      return requantize_wide(vaddq_s64(qwords(acc + i), vld1q_s64(bias + i)),
                             vld1_s32(multiplier + i), vld1_s32(shift + i));
    };
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      const int32x4_t y = vaddq_s32(vcombine_s32(two(i), two(i + 2)), offset);
      vst1_s16(out + i, vmovn_s32(vminq_s32(vmaxq_s32(y, least), most)));
    }
    return i;
  }

  static constexpr bool kQuantizesVectors = true;
  /// The front of quantize_f32_s8(). @returns how many were computed.
  template <class Attrs>
  static MOTE_INLINE int quantize_s8(const Attrs& attrs, const float* x, int8_t* y, int n) {
    const float32x4_t scale = vdupq_n_f32(attrs.scale);
    const int32x4_t zero_point = vdupq_n_s32(attrs.zero_point);
    const auto four = [&](const float* from) {
      const float32x4_t steps = vrndaq_f32(vdivq_f32(vld1q_f32(from), scale));
      // Of NaN and a number, the number. Both are so far that they saturate.
      const float32x4_t above = vmaxnmq_f32(steps, vdupq_n_f32(-(1 << 20)));
      const float32x4_t bounded = vminq_f32(above, vdupq_n_f32(1 << 20));
      return vqmovn_s32(vaddq_s32(vcvtq_s32_f32(bounded), zero_point));
    };
    int i = 0;
    for (; i + 8 <= n; i += 8)
      vst1_s8(y + i, vqmovn_s16(vcombine_s16(four(x + i), four(x + i + 4))));
    return i;
  }

  static constexpr bool kRequantizesVectors = true;
  static MOTE_INLINE void requantize_all(const int32_t* x, int32_t multiplier, int shift,
                                         int32_t* y, int n) {
    const int32x4_t left = vdupq_n_s32(shift > 0 ? shift : 0);
    const neon::Requantizer<false> requantizer(multiplier, shift > 0 ? 0 : shift, 0);
    for (int i = 0; i < n; i += 4)
      vst1q_s32(y + i, requantizer.exact(vshlq_s32(vld1q_s32(x + i), left)));
  }
  static MOTE_INLINE void requantize_all(const int64_t* x, int32_t multiplier, int shift,
                                         int32_t* y, int n) {
    const int32x2_t multipliers = vdup_n_s32(multiplier), shifts = vdup_n_s32(shift);
    for (int i = 0; i < n; i += 2)
      vst1_s32(y + i, requantize_wide(vld1q_s64(x + i), multipliers, shifts));
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
  /// 2 numbers as 64-bit ones.
  static MOTE_INLINE int64x2_t qwords(const int64_t* from) { return vld1q_s64(from); }
  static MOTE_INLINE int64x2_t qwords(const int32_t* from) { return vmovl_s32(vld1_s32(from)); }

  /// requantize() of two 64-bit sums.
  static MOTE_INLINE int32x2_t requantize_wide(int64x2_t x, int32x2_t multiplier, int32x2_t shift) {
    // Without a sign, what rounds up to 2^15 is seen and made less by one.
    const uint32x2_t rounded = vrshr_n_u32(vreinterpret_u32_s32(multiplier), 16);
    const uint32x2_t reduced = vmin_u32(rounded, vdup_n_u32(0x7fff));
    const uint64x2_t low = vmull_u32(vmovn_u64(vreinterpretq_u64_s64(x)), reduced);
    const int64x2_t high = vmull_s32(vshrn_n_s64(x, 32), vreinterpret_s32_u32(reduced));
    const int64x2_t product = vaddq_s64(vreinterpretq_s64_u64(low), vshlq_n_s64(high, 32));
    const int64x2_t left = vsubl_s32(shift, vdup_n_s32(15));
    return vmovn_s64(vrshlq_s64(product, left));
  }

  /// 8 numbers of 8 or 16 bits as 16-bit ones.
  static MOTE_INLINE int16x8_t words(const int8_t* from) { return vmovl_s8(vld1_s8(from)); }
  static MOTE_INLINE int16x8_t words(const int16_t* from) { return vld1q_s16(from); }
};

}  // namespace mote::isa
