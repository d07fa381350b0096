#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/avx2_vectors.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// x86 with AVX2 and FMA: bytes are widened to 16 bits, of which vpmaddwd multiplies 16 pairs and
/// adds them up by twos. (vpmaddubsw would take bytes, but saturates.)
struct Avx2 : Avx2Vectors {
  static constexpr TileLayout kLayout = kAvx2Layout;
  /// Pixels of a tile that is `panels` wide, so that accumulators stay in registers.
  static constexpr int rows_of(int panels) { return panels == 1 ? 8 : 5; }
  static constexpr int kMaxPanels = 2;
  static constexpr bool kSlides = false;

  // Never inlined: many kernels share them.
  template <int kRows>
  [[gnu::noinline]] static void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                        const int8_t* b, int step, int n) {
    Avx2Vectors::dots_s8<kRows>(acc, a, a_offset, b, step, n);
  }
  template <int kRows, class T>
  [[gnu::noinline]] static void dots_s16(int64_t* acc, const int16_t* a, const T* b, int step,
                                         int n) {
    Avx2Vectors::dots_s16<kRows>(acc, a, b, step, n);
  }
  template <int kRows>
  [[gnu::noinline]] static void dots_f32(float* acc, const float* a, const float* b, int step,
                                         int n) {
    Avx2Vectors::dots_f32<kRows>(acc, a, b, step, n);
  }

  static constexpr TileLayout kFloatLayout = kAvx2FloatLayout;
  static constexpr int kFloatRows = 6;  ///< pixels of a tile of floats, two panels wide

  /// Computes kRows pixels by kPanels panels.
  ///
  /// Never inlined: on its own it has all registers.
  template <int kRows, int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void tile(const TileArgs& a) {
    __m256i acc[kRows][kPanels], sum[kRows];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
      for (int p = 0; p < kPanels; ++p) acc[r][p] = load(a.by.bias + 8 * p);
      sum[r] = _mm256_setzero_si256();
    }
    const int8_t *w = a.filter, *ones = a.ones;
    for (int i = 0; i < a.run_count; ++i) {
      const int8_t* x = a.runs[i];
      for (int s = 0; s < a.steps; ++s, x += 2, w += 16, ones += 16) {
        __m256i weights[kPanels];
#pragma GCC unroll 2
        for (int p = 0; p < kPanels; ++p) weights[p] = widen(w + p * a.panel_bytes);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
          const __m256i inputs = broadcast_pair(x + r * a.pixel_stride);
#pragma GCC unroll 2
          for (int p = 0; p < kPanels; ++p)
            acc[r][p] = _mm256_add_epi32(acc[r][p], _mm256_madd_epi16(inputs, weights[p]));
          if constexpr (kFilterOffset)
            sum[r] = _mm256_add_epi32(sum[r], _mm256_madd_epi16(inputs, widen(ones)));
        }
      }
    }
#pragma GCC unroll 2
    for (int p = 0; p < kPanels; ++p) {
      const Requantizer<kSingle> requantizer(a.by, 8 * p, a.output_offset);
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        if constexpr (kFilterOffset) acc[r][p] = add_sum(acc[r][p], sum[r], a);
        store(requantizer(acc[r][p]), a.channels - 8 * p, a.out + r * a.out_stride + 8 * p, a);
      }
    }
  }

  static constexpr bool kAddsVectors = true;
  /// The front of out = act(requantize(align(a) + align(b))), elements of one shape.
  /// @returns how many were computed.
  template <class Attrs>
  [[gnu::noinline]] static int add_s8(const Attrs& attrs, const int8_t* a, const int8_t* b,
                                      int8_t* out, int n) {
    const Requantizer<false> align1(attrs.input1_multiplier, attrs.input1_shift, 0);
    const Requantizer<false> align2(attrs.input2_multiplier, attrs.input2_shift, 0);
    const Requantizer<false> result(attrs.output_multiplier, attrs.output_shift,
                                    attrs.output_offset);
    const __m256i offset1 = _mm256_set1_epi32(attrs.input1_offset);
    const __m256i offset2 = _mm256_set1_epi32(attrs.input2_offset);
    const __m128i left = _mm_cvtsi32_si128(attrs.left_shift);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const auto widen = [&](const int8_t* from, __m256i offset) {
        const __m256i x = _mm256_cvtepi8_epi32(load_half(from + i));
        return _mm256_sll_epi32(_mm256_add_epi32(x, offset), left);
      };
      const __m256i sum =
          _mm256_add_epi32(align1.exact(widen(a, offset1)), align2.exact(widen(b, offset2)));
      store(result.exact(sum), 8, out + i, attrs);
    }
    return i;
  }

  /// Depthwise: `pixels` pixels of 8 channels; each run is one tap, packed by twos.
  template <int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void depthwise(const TileArgs& a, int pixels) {
    static_assert(kPanels == 1);
    const Requantizer<kSingle> requantizer(a.by, 0, a.output_offset);
    for (int x = 0; x < pixels; ++x) {
      const int at = x * a.pixel_stride;
      __m256i acc = load(a.by.bias), sum = _mm256_setzero_si256();
      const int8_t *w = a.filter, *ones = a.ones;
      for (int t = 0; t < 2 * a.steps; t += 2, w += a.panel_bytes, ones += 16) {
        const __m128i pairs =
            _mm_unpacklo_epi8(load_half(a.runs[t] + at), load_half(a.runs[t + 1] + at));
        const __m256i inputs = _mm256_cvtepi8_epi16(pairs);
        acc = _mm256_add_epi32(acc, _mm256_madd_epi16(inputs, widen(w)));
        if constexpr (kFilterOffset)
          sum = _mm256_add_epi32(sum, _mm256_madd_epi16(inputs, widen(ones)));
      }
      if constexpr (kFilterOffset) acc = add_sum(acc, sum, a);
      store(requantizer(acc), a.channels, a.out + x * a.out_stride, a);
    }
  }

 private:
  static MOTE_INLINE __m256i load(const int32_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static MOTE_INLINE __m128i load_half(const int8_t* from) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
  }
  static MOTE_INLINE __m256i widen(const int8_t* from) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  /// Two int8 as 16-bit numbers, in every lane.
  static MOTE_INLINE __m256i broadcast_pair(const int8_t* from) {
    int16_t two;
    __builtin_memcpy(&two, from, sizeof two);
    return _mm256_cvtepi8_epi16(_mm_set1_epi16(two));
  }
  static MOTE_INLINE __m256i add_sum(__m256i acc, __m256i sum, const TileArgs& a) {
    return _mm256_add_epi32(acc, _mm256_mullo_epi32(sum, _mm256_set1_epi32(a.filter_offset)));
  }

  /// TileRescale of 8 channels.
  template <bool kSingle>
  struct Requantizer {
    __m256i multiplier, odd_multiplier, addend, shift, offset, nudge;
    __m256i shifts;  // all ones where there is something to round

    MOTE_INLINE Requantizer(const TileRescale& by, int channel, int output_offset)
        : multiplier(load(by.multiplier + channel)),
          odd_multiplier(_mm256_srli_epi64(multiplier, 32)),
          addend(load(by.addend + channel)),
          shift(load(by.shift + channel)),
          offset(_mm256_set1_epi32(output_offset)),
          nudge(_mm256_srli_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), shift), 1)),
          shifts(_mm256_cmpgt_epi32(shift, _mm256_setzero_si256())) {}

    /// The same for all lanes; shift as requantize() takes it, <= 0.
    MOTE_INLINE Requantizer(int32_t one_multiplier, int one_shift, int output_offset)
        : multiplier(_mm256_set1_epi32(one_multiplier)),
          odd_multiplier(multiplier),
          addend(_mm256_setzero_si256()),
          shift(_mm256_set1_epi32(-one_shift)),
          offset(_mm256_set1_epi32(output_offset)),
          nudge(_mm256_srli_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), shift), 1)),
          shifts(_mm256_cmpgt_epi32(shift, _mm256_setzero_si256())) {}

    MOTE_INLINE __m256i operator()(__m256i acc) const {
      if constexpr (kSingle) {
        const __m256i even = _mm256_mul_epi32(acc, multiplier);
        const __m256i odd = _mm256_mul_epi32(_mm256_srli_epi64(acc, 32), odd_multiplier);
        const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
        return _mm256_srav_epi32(_mm256_add_epi32(high, addend), shift);
      } else {
        return exact(_mm256_sllv_epi32(acc, addend));
      }
    }

    /// doubling_high_mul(), then rounding_shift_right().
    MOTE_INLINE __m256i exact(__m256i acc) const {
      const __m256i half = _mm256_set1_epi64x(int64_t{1} << 30);
      const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(acc, multiplier), half);
      const __m256i odd =
          _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(acc, 32), odd_multiplier), half);
      const __m256i high =
          _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_add_epi64(odd, odd), 0xAA);
      // Halves away from zero: below zero a little less than a half is added.
      const __m256i sign = _mm256_and_si256(_mm256_srai_epi32(high, 31), shifts);
      const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(high, sign), nudge);
      return _mm256_add_epi32(_mm256_srav_epi32(rounded, shift), offset);
    }
  };

  /// The first `channels` of 8 numbers as bytes, within a.act_min and a.act_max.
  template <class Bounds>
  static MOTE_INLINE void store(__m256i y, int channels, int8_t* out, const Bounds& a) {
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(y), _mm256_extracti128_si256(y, 1));
    __m128i bytes = _mm_packs_epi16(words, words);
    bytes = _mm_max_epi8(bytes, _mm_set1_epi8(static_cast<char>(a.act_min)));
    bytes = _mm_min_epi8(bytes, _mm_set1_epi8(static_cast<char>(a.act_max)));
    const int64_t eight = _mm_cvtsi128_si64(bytes);
    if (channels >= 8) {
      __builtin_memcpy(out, &eight, sizeof eight);
      return;
    }
    for (int c = 0; c < channels; ++c) out[c] = static_cast<int8_t>(eight >> (8 * c));
  }
};

}  // namespace mote::isa
