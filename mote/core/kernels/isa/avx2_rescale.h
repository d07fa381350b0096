#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/avx2_functions.h"

namespace mote::isa {

/// How Scalar rescales sums and looks functions of integers up, with AVX2.
struct Avx2Rescale : Avx2Functions {
  static constexpr bool kRescalesWideSums = true;
  /// The front of rescale() with 64-bit biases, of which each channel has its own.
  /// @returns how many were computed.
  template <class Attrs, class Acc>
  static MOTE_INLINE int rescale_wide(const Attrs& attrs, const Acc* acc, const int64_t* bias,
                                      const int32_t* multiplier, const int32_t* shift, int16_t* out,
                                      int n) {
    const __m128i offset = _mm_set1_epi32(attrs.output_offset);
    const __m128i least = _mm_set1_epi32(attrs.act_min), most = _mm_set1_epi32(attrs.act_max);
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      const __m256i x = _mm256_add_epi64(qwords(acc + i), load(bias + i));
      const __m128i y = requantize_wide(x, load_four(multiplier + i), load_four(shift + i));
      const __m128i bounded = _mm_min_epi32(_mm_max_epi32(_mm_add_epi32(y, offset), least), most);
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i), _mm_packs_epi32(bounded, bounded));
    }
    return i;
  }

  static constexpr bool kQuantizesVectors = true;
  /// The front of quantize_f32_s8(). @returns how many were computed.
  template <class Attrs>
  static MOTE_INLINE int quantize_s8(const Attrs& attrs, const float* x, int8_t* y, int n) {
    const __m256 scale = _mm256_set1_ps(attrs.scale);
    const __m256i zero_point = _mm256_set1_epi32(attrs.zero_point);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const __m256 steps = rounded(_mm256_div_ps(_mm256_loadu_ps(x + i), scale));
      // NaN gives the second operand. Both are so far that they saturate.
      const __m256 above = _mm256_max_ps(steps, _mm256_set1_ps(-(1 << 20)));
      const __m256 bounded = _mm256_min_ps(above, _mm256_set1_ps(1 << 20));
      const __m256i q = _mm256_add_epi32(_mm256_cvttps_epi32(bounded), zero_point);
      const __m128i words =
          _mm_packs_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(y + i), _mm_packs_epi16(words, words));
    }
    return i;
  }

  static constexpr bool kRequantizesVectors = true;
  static MOTE_INLINE void requantize_all(const int32_t* x, int32_t multiplier, int shift,
                                         int32_t* y, int n) {
    const __m256i factor = _mm256_set1_epi32(multiplier);
    const __m128i left = _mm_cvtsi32_si128(shift > 0 ? shift : 0);
    const int right = shift > 0 ? 0 : -shift;
    for (int i = 0; i < n; i += 8) {
      const __m256i shifted = _mm256_sll_epi32(load(x + i), left);
      store(y + i, rounding_shift_right(doubling_high_mul(shifted, factor), right));
    }
  }
  static MOTE_INLINE void requantize_all(const int64_t* x, int32_t multiplier, int shift,
                                         int32_t* y, int n) {
    const __m128i multipliers = _mm_set1_epi32(multiplier), shifts = _mm_set1_epi32(shift);
    for (int i = 0; i < n; i += 4)
      _mm_storeu_si128(reinterpret_cast<__m128i*>(y + i),
                       requantize_wide(load(x + i), multipliers, shifts));
  }

  static MOTE_INLINE void logistic_of_steps(const int16_t* table, const int32_t* steps, int32_t* y,
                                            int n) {
    for (int i = 0; i < n; i += 8) {
      const __m256i x = load(steps + i), magnitude = _mm256_abs_epi32(x);
      const __m256i above = interpolate<9>(table, magnitude, 0x7fff << 10);
      const __m256i below =
          _mm256_sub_epi32(_mm256_set1_epi32((1 << 25) - 1), above);  // 511 is one less than 512
      const __m256i value = _mm256_blendv_epi8(above, below, _mm256_srai_epi32(x, 31));
      store(y + i,
            low_words(_mm256_srai_epi32(_mm256_add_epi32(value, _mm256_set1_epi32(512)), 10)));
    }
  }
  static MOTE_INLINE void tanh_of_steps(const int16_t* table, const int32_t* steps, int32_t* y,
                                        int n) {
    for (int i = 0; i < n; i += 8) {
      const __m256i x = load(steps + i), magnitude = _mm256_abs_epi32(x);
      const __m256i centered = _mm256_sub_epi32(interpolate<8>(table, magnitude, 0xffff << 8),
                                                _mm256_set1_epi32(1 << 23));
      // Below zero -1 - centered, which are its bits turned round: 127 is one less than 128.
      const __m256i value = _mm256_xor_si256(centered, _mm256_srai_epi32(x, 31));
      store(y + i,
            low_words(_mm256_srai_epi32(_mm256_add_epi32(value, _mm256_set1_epi32(128)), 8)));
    }
  }

 private:
  static MOTE_INLINE __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
  }
  static MOTE_INLINE void store(int32_t* to, __m256i x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x);
  }

  /// roundf(): halves away from zero. What is cut off is exact, so that the half is found.
  static MOTE_INLINE __m256 rounded(__m256 x) {
    const __m256 whole = _mm256_round_ps(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    const __m256 sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
    const __m256 rest = _mm256_xor_ps(_mm256_sub_ps(x, whole), sign);
    const __m256 is_half = _mm256_cmp_ps(rest, _mm256_set1_ps(0.5f), _CMP_GE_OQ);
    const __m256 one = _mm256_or_ps(_mm256_set1_ps(1), sign);
    return _mm256_add_ps(whole, _mm256_and_ps(is_half, one));
  }
  static MOTE_INLINE __m256i doubling_high_mul(__m256i x, __m256i multiplier) {
    const __m256i half = _mm256_set1_epi64x(int64_t{1} << 30);
    const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, multiplier), half);
    const __m256i odd =
        _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), multiplier), half);
    return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_add_epi64(odd, odd), 0xAA);
  }
  static MOTE_INLINE __m256i rounding_shift_right(__m256i x, int exponent) {
    const __m256i mask = _mm256_set1_epi32(static_cast<int32_t>((int64_t{1} << exponent) - 1));
    const __m256i threshold =
        _mm256_add_epi32(_mm256_srli_epi32(mask, 1), _mm256_srli_epi32(x, 31));
    const __m256i rounds_up = _mm256_cmpgt_epi32(_mm256_and_si256(x, mask), threshold);
    return _mm256_sub_epi32(_mm256_sra_epi32(x, _mm_cvtsi32_si128(exponent)), rounds_up);
  }

  /// Between neighbours of the 256 entries, 2^kBits steps apart, with as many more bits; `beyond`
  /// from the last entry on.
  template <int kBits>
  static MOTE_INLINE __m256i interpolate(const int16_t* table, __m256i steps, int32_t beyond) {
    const __m256i entry = _mm256_srli_epi32(steps, kBits), last = _mm256_set1_epi32(254);
    const __m256i index = _mm256_min_epu32(entry, last);
    const __m256i pair = _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), index, 2);
    const __m256i low = low_words(pair), high = _mm256_srai_epi32(pair, 16);
    const __m256i rest = _mm256_and_si256(steps, _mm256_set1_epi32((1 << kBits) - 1));
    const __m256i base = _mm256_slli_epi32(_mm256_add_epi32(low, _mm256_set1_epi32(32768)), kBits);
    const __m256i y = _mm256_add_epi32(base, _mm256_mullo_epi32(rest, _mm256_sub_epi32(high, low)));
    return _mm256_blendv_epi8(_mm256_set1_epi32(beyond), y, _mm256_cmpeq_epi32(entry, index));
  }
  /// The lower 16 bits of each lane, with their sign.
  static MOTE_INLINE __m256i low_words(__m256i x) {
    return _mm256_srai_epi32(_mm256_slli_epi32(x, 16), 16);
  }

  static MOTE_INLINE __m128i load_four(const int32_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
  /// 4 numbers as 64-bit ones.
  static MOTE_INLINE __m256i qwords(const int64_t* from) { return load(from); }
  static MOTE_INLINE __m256i qwords(const int32_t* from) {
    return _mm256_cvtepi32_epi64(load_four(from));
  }

  /// requantize() of four 64-bit sums.
  static MOTE_INLINE __m128i requantize_wide(__m256i x, __m128i multiplier, __m128i shift) {
    // In 32 bits without a sign, what rounds up to 2^15 is seen and made less by one.
    const __m128i rounded = _mm_srli_epi32(_mm_add_epi32(multiplier, _mm_set1_epi32(1 << 15)), 16);
    const __m256i reduced = _mm256_cvtepu32_epi64(_mm_min_epi32(rounded, _mm_set1_epi32(0x7fff)));
    const __m256i right = _mm256_cvtepi32_epi64(_mm_sub_epi32(_mm_set1_epi32(15), shift));
    const __m256i low = _mm256_mul_epu32(x, reduced);
    const __m256i high = _mm256_mul_epi32(_mm256_srli_epi64(x, 32), reduced);
    const __m256i half = _mm256_srli_epi64(_mm256_sllv_epi64(_mm256_set1_epi64x(1), right), 1);
    const __m256i sum = _mm256_add_epi64(_mm256_add_epi64(low, _mm256_slli_epi64(high, 32)), half);
    // There is no arithmetic shift of 64 bits: what is made positive for it comes off afterwards.
    const __m256i far = _mm256_set1_epi64x(INT64_MIN);
    const __m256i shifted = _mm256_sub_epi64(_mm256_srlv_epi64(_mm256_xor_si256(sum, far), right),
                                             _mm256_srlv_epi64(far, right));
    const __m256i evens = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    return _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(shifted, evens));
  }
};

}  // namespace mote::isa
