#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/scalar.h"

namespace mote::isa {

/// Scalar's dot products with AVX2 and FMA. Those of integers are the same in any order; of floats,
/// the sums are taken by sixteens, and by fours in the end.
struct Avx2Products : Scalar {
  static constexpr int kDots = 4;

  template <int kRows>
  static MOTE_INLINE void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset, const int8_t* b,
                                  int step, int n) {
    __m256i sums[kRows] = {};
    const int done =
        add_products<kRows>(sums, a, _mm256_set1_epi16(static_cast<int16_t>(a_offset)), b, step, n);
    int32_t totals[4];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(totals), totals_of<kRows>(sums));
    for (int r = 0; r < kRows; ++r)
      acc[r] =
          static_cast<int32_t>(static_cast<uint32_t>(acc[r]) + static_cast<uint32_t>(totals[r]));
    if (done < n) Scalar::dots_s8<kRows>(acc, a + done, a_offset, b + done, step, n - done);
  }

  template <int kRows, class T>
  static MOTE_INLINE void dots_s16(int64_t* acc, const int16_t* a, const T* b, int step, int n) {
    if constexpr (sizeof(T) == 2) {
      dots_of_words<kRows>(acc, a, b, step, n);
    } else {
      // Two products are at most 2^23: a lane holds the sum of 255 such pairs, of which a block's
      // rest may need two.
      constexpr int kBlock = 254 * 16;
      for (int i = 0; i < n; i += kBlock) {
        const int count = n - i < kBlock ? n - i : kBlock;
        __m256i sums[kRows] = {};
        const int done =
            add_products<kRows>(sums, a + i, _mm256_setzero_si256(), b + i, step, count);
#pragma GCC unroll 4
        for (int r = 0; r < kRows; ++r) sums[r] = widened_sums(sums[r]);
        add_wide<kRows>(acc, sums);
        if (done < count)
          Scalar::dots_s16<kRows>(acc, a + i + done, b + i + done, step, count - done);
      }
    }
  }

  template <int kRows>
  static MOTE_INLINE void dots_f32(float* acc, const float* a, const float* b, int step, int n) {
    __m256 even[kRows] = {}, odd[kRows] = {};
    int i = 0;
    for (; i + 16 <= n; i += 16) {
      const __m256 x = _mm256_loadu_ps(a + i), y = _mm256_loadu_ps(a + i + 8);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) {
        even[r] = _mm256_fmadd_ps(x, _mm256_loadu_ps(b + r * step + i), even[r]);
        odd[r] = _mm256_fmadd_ps(y, _mm256_loadu_ps(b + r * step + i + 8), odd[r]);
      }
    }
    for (; i < n; i += 8) {
      const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
      const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(n - i), lanes);
      const __m256 x = _mm256_maskload_ps(a + i, mask);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r)
        even[r] = _mm256_fmadd_ps(x, _mm256_maskload_ps(b + r * step + i, mask), even[r]);
    }
#pragma GCC unroll 4
    for (int r = 0; r < kRows; ++r) even[r] = _mm256_add_ps(even[r], odd[r]);
    const __m256 pairs =
        _mm256_hadd_ps(_mm256_hadd_ps(even[0], even[kRows > 1 ? 1 : 0]),
                       _mm256_hadd_ps(even[kRows > 2 ? 2 : 0], even[kRows > 3 ? 3 : 0]));
    float totals[4];
    _mm_storeu_ps(totals,
                  _mm_add_ps(_mm256_castps256_ps128(pairs), _mm256_extractf128_ps(pairs, 1)));
    for (int r = 0; r < kRows; ++r) acc[r] += totals[r];
  }

 private:
  static MOTE_INLINE __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
  }
  /// 16 numbers as 16-bit ones.
  static MOTE_INLINE __m256i words(const int8_t* from) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static MOTE_INLINE __m256i words(const int16_t* from) { return load(from); }
  /// 8 numbers as 16-bit ones, and zeros.
  static MOTE_INLINE __m256i half_words(const int8_t* from) {
    return _mm256_zextsi128_si256(
        _mm_cvtepi8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
  }
  static MOTE_INLINE __m256i half_words(const int16_t* from) {
    return _mm256_zextsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }

  /// sums[r] += (a + offset) * row r of b, neighbouring products added up; modulo 2^32.
  ///
  /// What is left of sixteens are the first eight, and the last eight less what is already in.
  /// @returns how many elements were taken: 0 of fewer than eight, else all.
  template <int kRows, class A, class B>
  static MOTE_INLINE int add_products(__m256i* sums, const A* a, __m256i offset, const B* b,
                                      int step, int n) {
    if (n < 8) return 0;
    int i = 0;
    for (; i + 16 <= n; i += 16) {
      const __m256i x = _mm256_add_epi16(words(a + i), offset);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r)
        sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(x, words(b + r * step + i)));
    }
    const __m256i lanes = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (int next = i; i < n; i = next) {
      next = i + 8 <= n ? i + 8 : n;
      const int at = next - 8;
      const __m256i is_new =
          _mm256_cmpgt_epi16(lanes, _mm256_set1_epi16(static_cast<int16_t>(i - at - 1)));
      const __m256i x = _mm256_and_si256(_mm256_add_epi16(half_words(a + at), offset), is_new);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r)
        sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(x, half_words(b + r * step + at)));
    }
    return n;
  }

  /// Products of two words may reach 2^30, so pairs of them leave 32 bits, by one number only:
  /// 2^31, which vpmaddwd gives as -2^31, and which no other pairs give. One less always fits.
  template <int kRows>
  static MOTE_INLINE void dots_of_words(int64_t* acc, const int16_t* a, const int16_t* b, int step,
                                        int n) {
    const __m256i less_one = _mm256_set1_epi32(-1);
    __m256i sums[kRows] = {};
    int i = 0;
    for (; i + 16 <= n; i += 16) {
      const __m256i x = words(a + i);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r)
        sums[r] = _mm256_add_epi64(
            sums[r], widened_sums(_mm256_add_epi32(_mm256_madd_epi16(x, words(b + r * step + i)),
                                                   less_one)));
    }
    for (int r = 0; r < kRows; ++r) acc[r] += i / 2;
    add_wide<kRows>(acc, sums);
    if (i < n) Scalar::dots_s16<kRows>(acc, a + i, b + i, step, n - i);
  }

  /// The sums of eight 32-bit lanes, one a row.
  template <int kRows>
  static MOTE_INLINE __m128i totals_of(const __m256i* sums) {
    const __m256i pairs =
        _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[kRows > 1 ? 1 : 0]),
                          _mm256_hadd_epi32(sums[kRows > 2 ? 2 : 0], sums[kRows > 3 ? 3 : 0]));
    return _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
  }
  /// Eight 32-bit lanes as four of 64 bits.
  static MOTE_INLINE __m256i widened_sums(__m256i x) {
    return _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(x)),
                            _mm256_cvtepi32_epi64(_mm256_extracti128_si256(x, 1)));
  }
  /// acc[r] += the sum of row r's four lanes
  template <int kRows>
  static MOTE_INLINE void add_wide(int64_t* acc, const __m256i* sums) {
    const auto pairs = [](__m256i x, __m256i y) {
      return _mm256_add_epi64(_mm256_unpacklo_epi64(x, y), _mm256_unpackhi_epi64(x, y));
    };
    const __m256i low = pairs(sums[0], sums[kRows > 1 ? 1 : 0]);
    const __m256i high = pairs(sums[kRows > 2 ? 2 : 0], sums[kRows > 3 ? 3 : 0]);
    const __m256i totals = _mm256_add_epi64(_mm256_permute2x128_si256(low, high, 0x20),
                                            _mm256_permute2x128_si256(low, high, 0x31));
    int64_t lanes[4];
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), totals);
    for (int r = 0; r < kRows; ++r) acc[r] += lanes[r];
  }
};

}  // namespace mote::isa
