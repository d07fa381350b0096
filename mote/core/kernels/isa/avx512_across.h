#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/avx512_rescale.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// Convolutions with few channels of input and TileLayout::across_channels of output, for AVX-512
/// with VNNI: 16 neighbouring pixels lie across a register, and each of the eight channels has one
/// of its own. (A tile would leave half of every register empty.)
///
/// A template so that its code belongs to the instruction set, as objects for one must have it.
template <class Isa>
class Avx512Across {
 public:
  /// Single rounding; args.filter is packed as one panel of eight channels, args.pixel_stride is as
  /// across_fits() wants it.
  [[gnu::noinline]] static void row(const TileArgs& args, int pixels) {
    if (args.pixel_stride % 2 != 0)
      row_of<Gather<4, false>>(args, pixels);
    else if (args.pixel_stride <= 4)
      row_of<Gather<2, false>>(args, pixels);
    else
      row_of<Gather<2, true>>(args, pixels);
  }

 private:
  static constexpr int kChannels = 8, kPixels = 16;

  /// Neighbouring pixels begin `stride` bytes apart. Of every kGroups, each begins whole words
  /// behind the one so many before it: so a group's four bytes of each pixel are gathered as words,
  /// of a register or, if kFar, of two. Lanes hold the pixels group by group: with two groups 0, 2,
  /// ... 14, 1, 3, ... 15.
  template <int kGroups, bool kFar>
  struct Gather {
    static constexpr int kEach = kPixels / kGroups;
    int stride;
    __m512i words, order[2];

    MOTE_INLINE explicit Gather(int pixel_stride) : stride(pixel_stride) {
      alignas(64) int32_t index[kPixels];
      for (int lane = 0; lane < kPixels; ++lane) index[lane] = lane % kEach * kGroups * stride / 4;
      words = _mm512_load_si512(index);
      for (int half = 0; half < 2; ++half) order[half] = order_of(half);
    }

    /// Four bytes of each of 16 pixels, the first pixel's at x.
    MOTE_INLINE __m512i operator()(const int8_t* x) const {
      __m512i all = words_at(x);
#pragma GCC unroll 4
      for (int g = 1; g < kGroups; ++g)
        all = _mm512_mask_mov_epi32(all, static_cast<__mmask16>(((1u << kEach) - 1) << (g * kEach)),
                                    words_at(x + g * stride));
      return all;
    }

   private:
    MOTE_INLINE __m512i words_at(const int8_t* x) const {
      const __m512i near = _mm512_loadu_si512(x);
      if constexpr (kFar) return _mm512_permutex2var_epi32(near, words, _mm512_loadu_si512(x + 64));
      return _mm512_permutexvar_epi32(words, near);
    }

    /// Which of 16 quadwords, two of each quarter of four lanes, are the pixels of a half: those of
    /// the lanes 4q and 4q + 1 are 2q and 2q + 1, those of 4q + 2 and 4q + 3 the same plus 8.
    static MOTE_INLINE __m512i order_of(int half) {
      alignas(64) int64_t index[8];
      for (int i = 0; i < 8; ++i) {
        const int pixel = 8 * half + i, lane = pixel % kGroups * kEach + pixel / kGroups;
        index[i] = lane / 4 * 2 + lane % 2 + (lane % 4 >= 2 ? 8 : 0);
      }
      return _mm512_load_si512(index);
    }
  };

  template <class Gather>
  static MOTE_INLINE void row_of(const TileArgs& a, int pixels) {
    const Gather gather(a.pixel_stride);
    for (int x = 0;; x = min_of(x + kPixels, pixels - kPixels)) {
      __m512i acc[kChannels];
      accumulate(a, gather, x * a.pixel_stride, acc);
      store(a, acc, gather.order, a.out + x * a.out_stride);
      if (x + kPixels == pixels) return;
    }
  }

  template <class Gather>
  static MOTE_INLINE void accumulate(const TileArgs& a, const Gather& gather, int at,
                                     __m512i* acc) {
#pragma GCC unroll 8
    for (int c = 0; c < kChannels; ++c) acc[c] = _mm512_set1_epi32(a.by.bias[c]);
    const int8_t* w = a.filter;
    for (int i = 0; i < a.run_count; ++i) {
      const int8_t* x = a.runs[i] + at;
      for (int s = 0; s < a.steps; ++s, x += 4, w += 4 * kChannels) {
        const __m512i inputs = gather(x);
#pragma GCC unroll 8
        for (int c = 0; c < kChannels; ++c)
          asm("vpdpbusd %2%{1to16%}, %1, %0"
              : "+v"(acc[c])
              : "v"(inputs), "m"(*reinterpret_cast<const int32_t(*)[1]>(w + 4 * c)));
      }
    }
  }

  /// TileRescale's `single` of one channel's pixels.
  static MOTE_INLINE Avx512Rescale<Isa, true> rescale_of(const TileArgs& a, int c) {
    return {.multiplier = _mm512_set1_epi32(a.by.multiplier[c]),
            .addend = _mm512_set1_epi32(a.by.addend[c]),
            .rest = _mm512_set1_epi32(a.by.shift[c]),
            .offset = _mm512_set1_epi32(a.output_offset)};
  }

  /// 16 pixels of four channels as bytes, the channels of a pixel side by side.
  static MOTE_INLINE __m512i pixels_of(const __m512i* y) {
    const __m512i bytes =
        _mm512_packs_epi16(_mm512_packs_epi32(y[0], y[1]), _mm512_packs_epi32(y[2], y[3]));
    return _mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(_mm_setr_epi8(
                                          0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)));
  }

  static MOTE_INLINE void store(const TileArgs& a, const __m512i* acc, const __m512i* order,
                                int8_t* out) {
    __m512i y[kChannels];
    with_rounding<Isa, true>(
        a, [&]<Rounding kRounding>() __attribute__((always_inline)) {
#pragma GCC unroll 8
          for (int c = 0; c < kChannels; ++c)
            y[c] = rescale_of(a, c).template apply<kRounding>(acc[c]);
        });
    const auto clamp = [&](__m512i bytes) {
      bytes = _mm512_max_epi8(bytes, _mm512_set1_epi8(static_cast<char>(a.act_min)));
      return _mm512_min_epi8(bytes, _mm512_set1_epi8(static_cast<char>(a.act_max)));
    };
    const __m512i first = clamp(pixels_of(y)), second = clamp(pixels_of(y + 4));
    const __m512i low = _mm512_unpacklo_epi32(first, second);
    const __m512i high = _mm512_unpackhi_epi32(first, second);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(low, order[0], high));
    _mm512_storeu_si512(out + 64, _mm512_permutex2var_epi64(low, order[1], high));
  }
};

}  // namespace mote::isa
