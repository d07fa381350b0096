#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/neon_rescale.h"
#include "mote/core/kernels/isa/neon_vectors.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// 64-bit Arm of the first version, without dot products: bytes are multiplied to 16 bits, products
/// of two steps summed there, and neighbours added to 32-bit sums: three instructions, 16 products.
///
/// Two products x w may leave 16 bits by one, when all four are -128. So that of the second step is
/// taken as -(~x w), which is (x + 1) w and lies in [-16384, 16256]: with one in [-16256, 16384]
/// the sum stays inside. What it has too much, the layout tells: in odd steps 1 is added to inputs.
struct Neon : NeonVectors {
  static constexpr TileLayout kLayout = kNeonLayout;
  /// Pixels of a tile that is `panels` wide, so that accumulators stay in registers.
  static constexpr int rows_of(int panels) { return panels == 1 ? 8 : 4; }
  static constexpr int kMaxPanels = 2;
  static constexpr bool kSlides = false;

  // Never inlined: many kernels share them.
  template <int kRows>
  [[gnu::noinline]] static void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                        const int8_t* b, int step, int n) {
    NeonVectors::dots_s8<kRows>(acc, a, a_offset, b, step, n);
  }
  template <int kRows, class T>
  [[gnu::noinline]] static void dots_s16(int64_t* acc, const int16_t* a, const T* b, int step,
                                         int n) {
    NeonVectors::dots_s16<kRows>(acc, a, b, step, n);
  }
  template <int kRows>
  [[gnu::noinline]] static void dots_f32(float* acc, const float* a, const float* b, int step,
                                         int n) {
    NeonVectors::dots_f32<kRows>(acc, a, b, step, n);
  }

  static constexpr TileLayout kFloatLayout = kNeonFloatLayout;
  static constexpr int kFloatRows = 6;  ///< pixels of a tile of floats, two panels wide

  /// Computes kRows pixels by kPanels panels.
  ///
  /// Never inlined: on its own it has all registers.
  template <int kRows, int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void tile(const TileArgs& a) {
    int32x4_t acc[kRows][2 * kPanels], sum[kRows];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
      for (int v = 0; v < 2 * kPanels; ++v) acc[r][v] = vld1q_s32(a.by.bias + 4 * v);
      sum[r] = vdupq_n_s32(0);
    }
    const int8_t *w = a.filter, *ones = a.ones;
    for (int i = 0; i < a.run_count; ++i) {
      const int8_t* x[kRows];
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) x[r] = a.runs[i] + r * a.pixel_stride;
      int s = 0;
      for (; s + 2 <= a.steps; s += 2, w += 32) {
        Two weights[kPanels];
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) weights[p] = load_weights(w + p * a.panel_bytes, 16);
        constexpr int kTogether = kPanels == 1 && kRows > 1 ? 2 : 1;
#pragma GCC unroll 8
        for (int r = 0; r < kRows; r += kTogether) {
          Two inputs[2];
#pragma GCC unroll 2
          for (int j = 0; j < kTogether; ++j) inputs[j] = take_two(x[r + j]);
          if constexpr (kPanels == 2)
            add_two(acc[r], inputs[0], weights[0], acc[r] + 2, inputs[0], weights[1]);
          else if constexpr (kTogether == 2)
            add_two(acc[r], inputs[0], weights[0], acc[r + 1], inputs[1], weights[0]);
          else
            add_two(acc[r], inputs[0], weights[0]);
          if constexpr (kFilterOffset)
#pragma GCC unroll 2
            for (int j = 0; j < kTogether; ++j)
              sum[r + j] = add_two_low(sum[r + j], inputs[j], load_weights(ones, 16));
        }
        if constexpr (kFilterOffset) ones += 32;
      }
      if (s == a.steps) continue;
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        const int8x16_t input = take_pair(x[r]);
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p)
          add_one(acc[r] + 2 * p, input, vld1q_s8(w + p * a.panel_bytes));
        if constexpr (kFilterOffset) sum[r] = add_one_low(sum[r], input, vld1q_s8(ones));
      }
      w += 16;
      if constexpr (kFilterOffset) ones += 16;
    }
    if constexpr (kFilterOffset) neon::add_sums(acc, sum, a);
    neon::finish<kSingle>(acc, a);
  }

  static constexpr bool kAddsVectors = true;
  /// The front of out = act(requantize(align(a) + align(b))), elements of one shape.
  /// @returns how many were computed.
  template <class Attrs>
  [[gnu::noinline]] static int add_s8(const Attrs& attrs, const int8_t* a, const int8_t* b,
                                      int8_t* out, int n) {
    return neon::add(attrs, a, b, out, n);
  }

  /// Depthwise: `pixels` pixels of 8 or 16 channels; each run is one tap, packed by twos.
  template <int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void depthwise(const TileArgs& a, int pixels) {
    int x = 0;
    if constexpr (!kFilterOffset)
      for (; x + 2 <= pixels; x += 2) depthwise_pixels<2, kPanels, kSingle, false>(a, x);
    for (; x < pixels; ++x) depthwise_pixels<1, kPanels, kSingle, kFilterOffset>(a, x);
  }

 private:
  /// What two steps multiply: inputs, those of the odd step as ~x, or weights.
  struct Two {
    int8x16_t even, odd;
  };

  /// Two int8 in every lane of 16 bits; goes on to the next two. (From the intrinsic GCC 12 makes a
  /// load to a general register.)
  static MOTE_INLINE int8x16_t take_pair(const int8_t*& from) {
    using Pair = const int8_t[2];
    int8x16_t pairs;
    asm("ld1r {%0.8h}, [%1], #2" : "=w"(pairs), "+r"(from) : "m"(*reinterpret_cast<Pair*>(from)));
    return pairs;
  }
  static MOTE_INLINE Two take_two(const int8_t*& from) {
    const int8x16_t even = take_pair(from);
    return {even, vmvnq_s8(take_pair(from))};
  }
  static MOTE_INLINE Two load_weights(const int8_t* from, int step_bytes) {
    return {vld1q_s8(from), vld1q_s8(from + step_bytes)};
  }

  /// acc += the products of two steps, neighbours of each pair added up; of the low halves.
  static MOTE_INLINE int32x4_t add_two_low(int32x4_t acc, const Two& x, const Two& w) {
    const int16x8_t even = vmull_s8(vget_low_s8(x.even), vget_low_s8(w.even));
    return vpadalq_s16(acc, vmlsl_s8(even, vget_low_s8(x.odd), vget_low_s8(w.odd)));
  }
  static MOTE_INLINE void add_two(int32x4_t* acc, const Two& x, const Two& w) {
    acc[0] = add_two_low(acc[0], x, w);
    acc[1] = vpadalq_s16(acc[1], vmlsl_high_s8(vmull_high_s8(x.even, w.even), x.odd, w.odd));
  }
  /// The same twice, one's instructions filling the other's waits. In loops, GCC 12 copies
  /// accumulators round the intrinsics, and runs out of registers.
  static MOTE_INLINE void add_two(int32x4_t* a, const Two& ax, const Two& aw, int32x4_t* b,
                                  const Two& bx, const Two& bw) {
    int16x8_t a0, a1, b0, b1;
    asm("smull %[a0].8h, %[ax0].8b, %[aw0].8b\n\t"
        "smull2 %[a1].8h, %[ax0].16b, %[aw0].16b\n\t"
        "smull %[b0].8h, %[bx0].8b, %[bw0].8b\n\t"
        "smull2 %[b1].8h, %[bx0].16b, %[bw0].16b\n\t"
        "smlsl %[a0].8h, %[ax1].8b, %[aw1].8b\n\t"
        "smlsl2 %[a1].8h, %[ax1].16b, %[aw1].16b\n\t"
        "smlsl %[b0].8h, %[bx1].8b, %[bw1].8b\n\t"
        "smlsl2 %[b1].8h, %[bx1].16b, %[bw1].16b\n\t"
        "sadalp %[acc0].4s, %[a0].8h\n\t"
        "sadalp %[acc1].4s, %[a1].8h\n\t"
        "sadalp %[acc2].4s, %[b0].8h\n\t"
        "sadalp %[acc3].4s, %[b1].8h"
        : [acc0] "+w"(a[0]), [acc1] "+w"(a[1]), [acc2] "+w"(b[0]), [acc3] "+w"(b[1]),
          [a0] "=&w"(a0), [a1] "=&w"(a1), [b0] "=&w"(b0), [b1] "=&w"(b1)
        : [ax0] "w"(ax.even), [ax1] "w"(ax.odd), [aw0] "w"(aw.even), [aw1] "w"(aw.odd),
          [bx0] "w"(bx.even), [bx1] "w"(bx.odd), [bw0] "w"(bw.even), [bw1] "w"(bw.odd));
  }
  static MOTE_INLINE int32x4_t add_one_low(int32x4_t acc, int8x16_t x, int8x16_t w) {
    return vpadalq_s16(acc, vmull_s8(vget_low_s8(x), vget_low_s8(w)));
  }
  static MOTE_INLINE void add_one(int32x4_t* acc, int8x16_t x, int8x16_t w) {
    acc[0] = add_one_low(acc[0], x, w);
    acc[1] = vpadalq_s16(acc[1], vmull_high_s8(x, w));
  }

  /// Two taps of 8 kPanels channels, each channel's side by side.
  template <int kPanels>
  static MOTE_INLINE void load_taps(const int8_t* const* runs, int at, int8x16_t* taps) {
    if constexpr (kPanels == 1) {
      taps[0] = vzip1q_s8(neon::load_twice(runs[0] + at), neon::load_twice(runs[1] + at));
    } else {
      const int8x16_t x0 = vld1q_s8(runs[0] + at), x1 = vld1q_s8(runs[1] + at);
      taps[0] = vzip1q_s8(x0, x1);
      taps[1] = vzip2q_s8(x0, x1);
    }
  }

  /// kPixels neighbours, whose weights are loaded once.
  template <int kPixels, int kPanels, bool kSingle, bool kFilterOffset>
  static MOTE_INLINE void depthwise_pixels(const TileArgs& first, int x) {
    TileArgs a = first;
    a.out += x * a.out_stride;
    int32x4_t acc[kPixels][2 * kPanels], sum[2 * kPanels];
#pragma GCC unroll 4
    for (int v = 0; v < 2 * kPanels; ++v) {
#pragma GCC unroll 2
      for (int r = 0; r < kPixels; ++r) acc[r][v] = vld1q_s32(a.by.bias + 4 * v);
      sum[v] = vdupq_n_s32(0);
    }
    const int8_t *w = a.filter, *ones = a.ones;
    int t = 0;
    for (; t + 4 <= 2 * a.steps; t += 4, w += 2 * a.panel_bytes, ones += 32)
#pragma GCC unroll 2
      for (int r = 0; r < kPixels; ++r) {
        int8x16_t even[kPanels], odd[kPanels];
        load_taps<kPanels>(a.runs + t, (x + r) * a.pixel_stride, even);
        load_taps<kPanels>(a.runs + t + 2, (x + r) * a.pixel_stride, odd);
        Two inputs[kPanels];
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) inputs[p] = {even[p], vmvnq_s8(odd[p])};
        const Two weights = load_weights(w, a.panel_bytes);
        if constexpr (kPanels == 2)
          add_two(acc[r], inputs[0], weights, acc[r] + 2, inputs[1],
                  load_weights(w + 16, a.panel_bytes));
        else
          add_two(acc[r], inputs[0], weights);
        if constexpr (kFilterOffset)
#pragma GCC unroll 2
          for (int p = 0; p < kPanels; ++p) add_two(sum + 2 * p, inputs[p], load_weights(ones, 16));
      }
    if (t < 2 * a.steps)
#pragma GCC unroll 2
      for (int r = 0; r < kPixels; ++r) {
        int8x16_t x0[kPanels];
        load_taps<kPanels>(a.runs + t, (x + r) * a.pixel_stride, x0);
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) {
          add_one(&acc[r][2 * p], x0[p], vld1q_s8(w + 16 * p));
          if constexpr (kFilterOffset) add_one(&sum[2 * p], x0[p], vld1q_s8(ones));
        }
      }
    if constexpr (kFilterOffset) neon::add_own_sums(acc[0], sum, a);
    neon::finish<kSingle>(acc, a);
  }
};

}  // namespace mote::isa
