#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/kernels/isa/tile.h"

/// How NEON's 32-bit sums become bytes, for tiles and additions.
namespace mote::isa::neon {

/// TileRescale of 4 channels.
template <bool kSingle>
struct Requantizer {
  int32x4_t multiplier, addend, offset;
  int32x4_t shift;  // to the left, <= 0

  MOTE_INLINE Requantizer(const TileRescale& by, int channel, int output_offset)
      : multiplier(vld1q_s32(by.multiplier + channel)),
        addend(vld1q_s32(by.addend + channel)),
        offset(vdupq_n_s32(output_offset)),
        shift(vnegq_s32(vld1q_s32(by.shift + channel))) {}

  /// The same for all lanes; shift as requantize() takes it, <= 0.
  MOTE_INLINE Requantizer(int32_t one_multiplier, int one_shift, int output_offset)
      : multiplier(vdupq_n_s32(one_multiplier)),
        addend(vdupq_n_s32(0)),
        offset(vdupq_n_s32(output_offset)),
        shift(vdupq_n_s32(one_shift)) {}

  MOTE_INLINE int32x4_t operator()(int32x4_t acc) const {
    if constexpr (kSingle) {
      // sqdmulh is acc * multiplier >> 31. It saturates -2^31 by itself, which no multiplier is.
      return vshlq_s32(vsraq_n_s32(addend, vqdmulhq_s32(acc, multiplier), 1), shift);
    } else {
      return exact(vshlq_s32(acc, addend));
    }
  }

  /// doubling_high_mul(), then rounding_shift_right().
  ///
  /// sqrdmulh is (2 a b + 2^31) >> 32 without overflow on the way, -2^31 by itself saturated:
  /// doubling_high_mul() to the bit. srshl rounds halves upwards, so what is below zero is first
  /// made less by one, where there is something to round; of -2^31, of which no shift leaves a
  /// half, nothing is taken.
  MOTE_INLINE int32x4_t exact(int32x4_t acc) const {
    const int32x4_t high = vqrdmulhq_s32(acc, multiplier);
    const int32x4_t below_zero = vshrq_n_s32(vandq_s32(high, shift), 31);
    return vaddq_s32(vrshlq_s32(vqaddq_s32(high, below_zero), shift), offset);
  }
};

/// 8 or 16 numbers as bytes, within a.act_min and a.act_max.
template <int kVectors, class Bounds>
MOTE_INLINE void store(const int32x4_t* y, int8_t* out, const Bounds& a) {
  static_assert(kVectors == 2 || kVectors == 4);
  const auto least = static_cast<int8_t>(a.act_min), most = static_cast<int8_t>(a.act_max);
  const int8x8_t first = vqmovn_s16(vqmovn_high_s32(vqmovn_s32(y[0]), y[1]));
  if constexpr (kVectors == 2) {
    vst1_s8(out, vmin_s8(vmax_s8(first, vdup_n_s8(least)), vdup_n_s8(most)));
  } else {
    const int8x16_t all = vqmovn_high_s16(first, vqmovn_high_s32(vqmovn_s32(y[2]), y[3]));
    vst1q_s8(out, vminq_s8(vmaxq_s8(all, vdupq_n_s8(least)), vdupq_n_s8(most)));
  }
}

/// Makes outputs of the sums of a tile or block: kRows pixels by 4 kVectors channels.
template <bool kSingle, int kRows, int kVectors>
MOTE_INLINE void finish(int32x4_t (&acc)[kRows][kVectors], const TileArgs& a) {
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const Requantizer<kSingle> requantizer(a.by, 4 * v, a.output_offset);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) acc[r][v] = requantizer(acc[r][v]);
  }
  constexpr int kChannels = 4 * kVectors;
  if (a.channels >= kChannels) {
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) store<kVectors>(acc[r], a.out + r * a.out_stride, a);
    return;
  }
  int8_t bytes[kRows * kChannels];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) store<kVectors>(acc[r], bytes + r * kChannels, a);
  for (int r = 0; r < kRows; ++r)
    for (int c = 0; c < a.channels; ++c) a.out[r * a.out_stride + c] = bytes[r * kChannels + c];
}

/// Adds sums of inputs, which each channel of a row has in common, times a.filter_offset.
template <int kRows, int kVectors>
MOTE_INLINE void add_sums(int32x4_t (&acc)[kRows][kVectors], const int32x4_t* sum,
                          const TileArgs& a) {
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) acc[r][v] = vmlaq_n_s32(acc[r][v], sum[r], a.filter_offset);
}

/// The same for one pixel of a depthwise layer, where each channel has its own sum.
template <int kVectors>
MOTE_INLINE void add_own_sums(int32x4_t (&acc)[kVectors], const int32x4_t* sum, const TileArgs& a) {
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) acc[v] = vmlaq_n_s32(acc[v], sum[v], a.filter_offset);
}

/// 8 bytes, in both halves.
MOTE_INLINE int8x16_t load_twice(const int8_t* from) {
  int64_t eight;
  __builtin_memcpy(&eight, from, sizeof eight);
  return vreinterpretq_s8_s64(vdupq_n_s64(eight));
}

/// The front of out = act(requantize(align(a) + align(b))), elements of one shape.
/// @returns how many were computed.
template <class Attrs>
MOTE_INLINE int add(const Attrs& attrs, const int8_t* a, const int8_t* b, int8_t* out, int n) {
  const Requantizer<false> align1(attrs.input1_multiplier, attrs.input1_shift, 0);
  const Requantizer<false> align2(attrs.input2_multiplier, attrs.input2_shift, 0);
  const Requantizer<false> result(attrs.output_multiplier, attrs.output_shift, attrs.output_offset);
  const int16x8_t offset1 = vdupq_n_s16(static_cast<int16_t>(attrs.input1_offset));
  const int16x8_t offset2 = vdupq_n_s16(static_cast<int16_t>(attrs.input2_offset));
  const int32x4_t left = vdupq_n_s32(attrs.left_shift);
  const auto sum = [&](int16x4_t x, int16x4_t y) {
    return result.exact(vaddq_s32(align1.exact(vshlq_s32(vmovl_s16(x), left)),
                                  align2.exact(vshlq_s32(vmovl_s16(y), left))));
  };
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    const int16x8_t x = vaddw_s8(offset1, vld1_s8(a + i)), y = vaddw_s8(offset2, vld1_s8(b + i));
    const int32x4_t sums[] = {sum(vget_low_s16(x), vget_low_s16(y)),
                              sum(vget_high_s16(x), vget_high_s16(y))};
    store<2>(sums, out + i, attrs);
  }
  return i;
}

}  // namespace mote::isa::neon
