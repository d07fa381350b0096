#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/neon_rescale.h"
#include "mote/core/kernels/isa/neon_vectors.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// 64-bit Arm with dot products: sdot multiplies 16 pairs of signed bytes and adds them up by
/// fours.
struct NeonDot : NeonVectors {
  static constexpr TileLayout kLayout = kNeonDotLayout;
  /// Pixels of a tile that is `panels` wide, so that accumulators stay in registers.
  static constexpr int rows_of(int panels) { return panels == 1 ? 8 : 5; }
  static constexpr int kMaxPanels = 2;
  static constexpr bool kSlides = true;  ///< has depthwise_sliding

  static constexpr TileLayout kFloatLayout = kNeonFloatLayout;
  static constexpr int kFloatRows = 6;  ///< pixels of a tile of floats, two panels wide

  /// Two sums, so that the offset need not be added to each input.
  template <int kRows>
  [[gnu::noinline]] static void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                        const int8_t* b, int step, int n) {
    const int8x16_t one = vdupq_n_s8(1);
    int32x4_t sums[kRows] = {}, weights[kRows] = {};
    const int8x16_t lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    if (n < 16) return NeonVectors::dots_s8<kRows>(acc, a, a_offset, b, step, n);
    for (int i = 0; i < n; i += 16) {
      const int at = i + 16 <= n ? i : n - 16;  // the last sixteen, less what is already in
      const int8x16_t is_new =
          vreinterpretq_s8_u8(vcgeq_s8(lanes, vdupq_n_s8(static_cast<int8_t>(i - at))));
      const int8x16_t x = vandq_s8(vld1q_s8(a + at), is_new), ones = vandq_s8(one, is_new);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) {
        const int8x16_t y = vld1q_s8(b + r * step + at);
        sums[r] = vdotq_s32(sums[r], x, y);
        weights[r] = vdotq_s32(weights[r], ones, y);
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) sums[r] = vmlaq_n_s32(sums[r], weights[r], a_offset);
    add_totals<kRows>(acc, sums);
  }
  // Never inlined: many kernels share them.
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

  /// Computes kRows pixels by kPanels panels.
  ///
  /// Never inlined: on its own it has all registers.
  template <int kRows, int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void tile(const TileArgs& a) {
    Tile<kRows, kPanels, kFilterOffset> t;
    t.begin(a);
    for (int i = 0; i < a.run_count; ++i) {
      const int8_t* x = a.runs[i];
      int s = 0;
      for (; s + 4 <= a.steps; s += 4, x += 16) {
        int8x16_t inputs[kRows];
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) inputs[r] = vld1q_s8(x + r * a.pixel_stride);
        t.template step<0>(inputs, a);
        t.template step<1>(inputs, a);
        t.template step<2>(inputs, a);
        t.template step<3>(inputs, a);
      }
      for (; s < a.steps; ++s, x += 4) {
        int8x16_t inputs[kRows];
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) inputs[r] = broadcast_four(x + r * a.pixel_stride);
        t.template step<0>(inputs, a);
      }
    }
    if constexpr (kFilterOffset) neon::add_sums(t.acc, t.sum, a);
    neon::finish<kSingle>(t.acc, a);
  }

  static constexpr bool kAddsVectors = true;
  /// The front of out = act(requantize(align(a) + align(b))), elements of one shape.
  /// @returns how many were computed.
  template <class Attrs>
  [[gnu::noinline]] static int add_s8(const Attrs& attrs, const int8_t* a, const int8_t* b,
                                      int8_t* out, int n) {
    return neon::add(attrs, a, b, out, n);
  }

  /// Depthwise with 3 columns of up to 4 rows at stride 1: what is made of a column serves the
  /// three pixels that see it.
  template <int kPanels, bool kSingle>
  [[gnu::noinline]] static void depthwise_sliding(const TileArgs& a, int pixels) {
    int8x16_t left[2 * kPanels], middle[2 * kPanels], right[2 * kPanels];
    load_taps<kPanels>(a.runs, 0, left);
    load_taps<kPanels>(a.runs, a.pixel_stride, middle);
    for (int x = 0;;) {
      // Three pixels, after which the columns are where they were.
      if (x == pixels) return;
      slide<kPanels, kSingle>(left, middle, right, x++, a);
      if (x == pixels) return;
      slide<kPanels, kSingle>(middle, right, left, x++, a);
      if (x == pixels) return;
      slide<kPanels, kSingle>(right, left, middle, x++, a);
    }
  }

  /// Depthwise: `pixels` pixels of 8 or 16 channels; each run is one tap, packed by fours.
  template <int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void depthwise(const TileArgs& a, int pixels) {
    for (int x = 0; x < pixels; ++x) {
      int32x4_t acc[1][2 * kPanels], sum[2 * kPanels];
#pragma GCC unroll 4
      for (int v = 0; v < 2 * kPanels; ++v) {
        acc[0][v] = vld1q_s32(a.by.bias + 4 * v);
        sum[v] = vdupq_n_s32(0);
      }
      const int8_t *w = a.filter, *ones = a.ones;
      for (int t = 0; t < 4 * a.steps; t += 4, w += a.panel_bytes, ones += 32) {
        int8x16_t taps[2 * kPanels];
        load_taps<kPanels>(a.runs + t, x * a.pixel_stride, taps);
#pragma GCC unroll 4
        for (int v = 0; v < 2 * kPanels; ++v) {
          acc[0][v] = vdotq_s32(acc[0][v], taps[v], vld1q_s8(w + 16 * v));
          if constexpr (kFilterOffset) sum[v] = vdotq_s32(sum[v], taps[v], vld1q_s8(ones));
        }
      }
      if constexpr (kFilterOffset) neon::add_own_sums(acc[0], sum, a);
      TileArgs pixel = a;
      pixel.out += x * a.out_stride;
      neon::finish<kSingle>(acc, pixel);
    }
  }

 private:
  /// Four int8 in every lane of 32 bits.
  static MOTE_INLINE int8x16_t broadcast_four(const int8_t* from) {
    int32_t four;
    __builtin_memcpy(&four, from, sizeof four);
    return vreinterpretq_s8_s32(vdupq_n_s32(four));
  }

  /// acc += four products of each lane of weights and lane kLane of inputs. In loops, GCC 12 copies
  /// accumulators round the intrinsic.
  template <int kLane>
  static MOTE_INLINE void multiply_add(int32x4_t& acc, int8x16_t weights, int8x16_t inputs) {
    asm("sdot %0.4s, %1.16b, %2.4b[%3]" : "+w"(acc) : "w"(weights), "w"(inputs), "i"(kLane));
  }

  /// The sums of a tile, and where its filter is read.
  template <int kRows, int kPanels, bool kFilterOffset>
  struct Tile {
    int32x4_t acc[kRows][2 * kPanels], sum[kRows];
    const int8_t *w, *ones;

    MOTE_INLINE void begin(const TileArgs& a) {
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < 2 * kPanels; ++v) acc[r][v] = vld1q_s32(a.by.bias + 4 * v);
        sum[r] = vdupq_n_s32(0);
      }
      w = a.filter;
      ones = a.ones;
    }

    /// One step, whose inputs are in lane kLane.
    template <int kLane>
    MOTE_INLINE void step(const int8x16_t* inputs, const TileArgs& a) {
#pragma GCC unroll 4
      for (int v = 0; v < 2 * kPanels; ++v) {
        const int8x16_t weights = vld1q_s8(w + v / 2 * a.panel_bytes + v % 2 * 16);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) multiply_add<kLane>(acc[r][v], weights, inputs[r]);
      }
      w += 32;
      if constexpr (kFilterOffset) {
        const int8x16_t one = vld1q_s8(ones);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) multiply_add<kLane>(sum[r], one, inputs[r]);
        ones += 32;
      }
    }
  };

  /// taps[v]: four bytes a channel, one of each of four taps.
  template <int kPanels>
  static MOTE_INLINE void load_taps(const int8_t* const* runs, int at, int8x16_t* taps) {
    int8x16_t x[4];
#pragma GCC unroll 4
    for (int t = 0; t < 4; ++t)
      x[t] = kPanels == 1 ? neon::load_twice(runs[t] + at) : vld1q_s8(runs[t] + at);
    zip_taps(vzip1q_s8(x[0], x[1]), vzip1q_s8(x[2], x[3]), taps);
    if constexpr (kPanels == 2) zip_taps(vzip2q_s8(x[0], x[1]), vzip2q_s8(x[2], x[3]), taps + 2);
  }
  static MOTE_INLINE void zip_taps(int8x16_t x01, int8x16_t x23, int8x16_t* taps) {
    const int16x8_t a = vreinterpretq_s16_s8(x01), b = vreinterpretq_s16_s8(x23);
    taps[0] = vreinterpretq_s8_s16(vzip1q_s16(a, b));
    taps[1] = vreinterpretq_s8_s16(vzip2q_s16(a, b));
  }

  /// Pixel x of depthwise_sliding(); loads its last column.
  template <int kPanels, bool kSingle>
  static MOTE_INLINE void slide(const int8x16_t* left, const int8x16_t* middle, int8x16_t* right,
                                int x, const TileArgs& a) {
    load_taps<kPanels>(a.runs, (x + 2) * a.pixel_stride, right);
    int32x4_t acc[1][2 * kPanels];
#pragma GCC unroll 4
    for (int v = 0; v < 2 * kPanels; ++v) {
      const int8_t* w = a.filter + 16 * v;
      acc[0][v] = vld1q_s32(a.by.bias + 4 * v);
      acc[0][v] = vdotq_s32(acc[0][v], left[v], vld1q_s8(w));
      acc[0][v] = vdotq_s32(acc[0][v], middle[v], vld1q_s8(w + a.panel_bytes));
      acc[0][v] = vdotq_s32(acc[0][v], right[v], vld1q_s8(w + 2 * a.panel_bytes));
    }
    TileArgs pixel = a;
    pixel.out += x * a.out_stride;
    neon::finish<kSingle>(acc, pixel);
  }
};

}  // namespace mote::isa
