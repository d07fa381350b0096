#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/scalar.h"

namespace mote::isa {

/// Scalar's dot products with NEON as every 64-bit Arm has it. Those of integers are the same in
/// any order; of floats, the sums are taken by sixteens, and by fours in the end.
struct NeonProducts : Scalar {
  static constexpr int kDots = 4;

  template <int kRows>
  static MOTE_INLINE void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset, const int8_t* b,
                                  int step, int n) {
    int32x4_t sums[kRows] = {};
    const int done =
        add_products<kRows>(sums, a, vdupq_n_s16(static_cast<int16_t>(a_offset)), b, step, n);
    add_totals<kRows>(acc, sums);
    if (done < n) Scalar::dots_s8<kRows>(acc, a + done, a_offset, b + done, step, n - done);
  }

  template <int kRows, class T>
  static MOTE_INLINE void dots_s16(int64_t* acc, const int16_t* a, const T* b, int step, int n) {
    if constexpr (sizeof(T) == 2) {
      dots_of_words<kRows>(acc, a, b, step, n);
    } else {
      // A product is at most 2^22: a lane, to which eight elements add two, holds the sum of 511.
      constexpr int kBlock = 255 * 8;
      for (int i = 0; i < n; i += kBlock) {
        const int count = n - i < kBlock ? n - i : kBlock;
        int32x4_t sums[kRows] = {};
        const int done = add_products<kRows>(sums, a + i, vdupq_n_s16(0), b + i, step, count);
#pragma GCC unroll 4
        for (int r = 0; r < kRows; ++r) acc[r] += vaddlvq_s32(sums[r]);
        if (done < count)
          Scalar::dots_s16<kRows>(acc, a + i + done, b + i + done, step, count - done);
      }
    }
  }

  template <int kRows>
  static MOTE_INLINE void dots_f32(float* acc, const float* a, const float* b, int step, int n) {
    float32x4_t sums[kRows][4] = {};
    int i = 0;
    for (; i + 16 <= n; i += 16)
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const float32x4_t x = vld1q_f32(a + i + 4 * j);
#pragma GCC unroll 4
        for (int r = 0; r < kRows; ++r)
          sums[r][j] = vfmaq_f32(sums[r][j], x, vld1q_f32(b + r * step + i + 4 * j));
      }
    for (; i + 4 <= n; i += 4)
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r)
        sums[r][0] = vfmaq_f32(sums[r][0], vld1q_f32(a + i), vld1q_f32(b + r * step + i));
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r)
      acc[r] += vaddvq_f32(
          vaddq_f32(vaddq_f32(sums[r][0], sums[r][1]), vaddq_f32(sums[r][2], sums[r][3])));
    if (i < n) Scalar::dots_f32<kRows>(acc, a + i, b + i, step, n - i);
  }

 protected:
  /// acc[r] += the sum of row r's lanes; modulo 2^32
  template <int kRows>
  static MOTE_INLINE void add_totals(int32_t* acc, const int32x4_t* sums) {
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r)
      acc[r] = static_cast<int32_t>(static_cast<uint32_t>(acc[r]) +
                                    static_cast<uint32_t>(vaddvq_s32(sums[r])));
  }

 private:
  /// 8 numbers of 8 or 16 bits as 16-bit ones.
  static MOTE_INLINE int16x8_t words(const int8_t* from) { return vmovl_s8(vld1_s8(from)); }
  static MOTE_INLINE int16x8_t words(const int16_t* from) { return vld1q_s16(from); }

  static MOTE_INLINE int32x4_t multiply_add(int32x4_t sum, int16x8_t x, int16x8_t y) {
    return vmlal_high_s16(vmlal_s16(sum, vget_low_s16(x), vget_low_s16(y)), x, y);
  }

  /// sums[r] += (a + offset) * row r of b, modulo 2^32; two products a lane of every eight.
  ///
  /// What is left of eights is in the last eight, of which those that are already in are masked.
  /// @returns how many elements were taken: 0 of fewer than eight, else all.
  template <int kRows, class A, class B>
  static MOTE_INLINE int add_products(int32x4_t* sums, const A* a, int16x8_t offset, const B* b,
                                      int step, int n) {
    if (n < 8) return 0;
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const int16x8_t x = vaddq_s16(words(a + i), offset);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) sums[r] = multiply_add(sums[r], x, words(b + r * step + i));
    }
    if (i == n) return n;
    const int16x8_t lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint16x8_t is_new = vcgeq_s16(lanes, vdupq_n_s16(static_cast<int16_t>(8 - (n - i))));
    const int16x8_t x =
        vandq_s16(vaddq_s16(words(a + n - 8), offset), vreinterpretq_s16_u16(is_new));
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) sums[r] = multiply_add(sums[r], x, words(b + r * step + n - 8));
    return n;
  }

  template <int kRows>
  static MOTE_INLINE void dots_of_words(int64_t* acc, const int16_t* a, const int16_t* b, int step,
                                        int n) {
    int64x2_t sums[kRows] = {};
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const int16x8_t x = words(a + i);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) {  // two products may leave 32 bits
        const int16x8_t y = words(b + r * step + i);
        sums[r] = vpadalq_s32(sums[r], vmull_s16(vget_low_s16(x), vget_low_s16(y)));
        sums[r] = vpadalq_s32(sums[r], vmull_high_s16(x, y));
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) acc[r] += vaddvq_s64(sums[r]);
    if (i < n) Scalar::dots_s16<kRows>(acc, a + i, b + i, step, n - i);
  }
};

}  // namespace mote::isa
