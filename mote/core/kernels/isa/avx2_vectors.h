#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/scalar.h"

namespace mote::isa {

/// Scalar's primitives with AVX2 and FMA, for all that has no tiles. Sums of integers are the same
/// modulo 2^32 in any order; sums of floats are taken by sixteens.
struct Avx2Vectors : Scalar {
  static MOTE_INLINE int32_t dot_s8(const int8_t* a, int32_t a_offset, const int8_t* b, int n) {
    const __m256i offset = _mm256_set1_epi16(static_cast<int16_t>(a_offset));
    __m256i acc = _mm256_setzero_si256();
    int i = 0;
    for (; i + 16 <= n; i += 16)
      acc = _mm256_add_epi32(
          acc, _mm256_madd_epi16(_mm256_add_epi16(words(a + i), offset), words(b + i)));
    return static_cast<int32_t>(
        static_cast<uint32_t>(sum_of(acc)) +
        static_cast<uint32_t>(Scalar::dot_s8(a + i, a_offset, b + i, n - i)));
  }

  static constexpr bool kSumsLinearly = true;
  /// The front of add_linear_s8(). @returns how many elements were computed.
  template <class Attrs>
  static MOTE_INLINE int add_linear_s8(const Attrs& attrs, const int8_t* a, const int8_t* b,
                                       int8_t* out, int n) {
    const auto pair = [](int first, int second) {
      return _mm256_set1_epi32(
          static_cast<int32_t>(static_cast<uint32_t>(second) << 16 | (first & 0xffff)));
    };
    const __m256i low_factors = pair(attrs.low1, attrs.low2), low = _mm256_set1_epi32(attrs.low);
    const __m256i high_factors = pair(attrs.high1, attrs.high2);
    const __m256i high = _mm256_set1_epi32(attrs.high);
    const __m128i shift = _mm_cvtsi32_si128(attrs.shift);
    const auto line = [&](__m256i pairs) {
      __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(pairs, low_factors), low);
      sum = _mm256_add_epi32(_mm256_srai_epi32(sum, 15), _mm256_madd_epi16(pairs, high_factors));
      return _mm256_sra_epi32(_mm256_add_epi32(sum, high), shift);
    };
    const auto sixteen = [&](int i) {  // words, in order: packing undoes what unpacking does
      const __m256i x = words(a + i), y = words(b + i);
      return _mm256_packs_epi32(line(_mm256_unpacklo_epi16(x, y)),
                                line(_mm256_unpackhi_epi16(x, y)));
    };
    const __m256i least = _mm256_set1_epi8(static_cast<char>(attrs.act_min));
    const __m256i most = _mm256_set1_epi8(static_cast<char>(attrs.act_max));
    int i = 0;
    for (; i + 32 <= n; i += 32) {
      __m256i bytes = _mm256_packs_epi16(sixteen(i), sixteen(i + 16));
      bytes = _mm256_permute4x64_epi64(bytes, _MM_SHUFFLE(3, 1, 2, 0));
      bytes = _mm256_min_epi8(_mm256_max_epi8(bytes, least), most);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), bytes);
    }
    return i;
  }

  template <class T>
  static MOTE_INLINE int64_t dot_s16(const int16_t* a, const T* b, int n) {
    if constexpr (sizeof(T) == 2) {
      return Scalar::dot_s16(a, b, n);  // pairs of products may leave 32 bits
    } else {
      __m256i acc = _mm256_setzero_si256();
      int i = 0;
      for (; i + 16 <= n; i += 16) {
        const __m256i pairs = _mm256_madd_epi16(load(a + i), words(b + i));
        acc = _mm256_add_epi64(acc, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(pairs)));
        acc = _mm256_add_epi64(acc, _mm256_cvtepi32_epi64(_mm256_extracti128_si256(pairs, 1)));
      }
      int64_t lanes[4];
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), acc);
      return lanes[0] + lanes[1] + lanes[2] + lanes[3] + Scalar::dot_s16(a + i, b + i, n - i);
    }
  }

  static MOTE_INLINE float dot_f32(float sum, const float* a, const float* b, int n) {
    __m256 even = _mm256_setzero_ps(), odd = _mm256_setzero_ps();
    int i = 0;
    for (; i + 16 <= n; i += 16) {
      even = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), even);
      odd = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), odd);
    }
    float lanes[8];
    _mm256_storeu_ps(lanes, _mm256_add_ps(even, odd));
    for (float lane : lanes) sum += lane;
    return Scalar::dot_f32(sum, a + i, b + i, n - i);
  }

  static MOTE_INLINE void multiply_add_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                          const int8_t* b, int n) {
    const __m256i offset = _mm256_set1_epi32(a_offset);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const __m256i product =
          _mm256_mullo_epi32(_mm256_add_epi32(dwords(a + i), offset), dwords(b + i));
      store(acc + i, _mm256_add_epi32(load(acc + i), product));
    }
    Scalar::multiply_add_s8(acc + i, a + i, a_offset, b + i, n - i);
  }

  static MOTE_INLINE void multiply_add_f32(float* acc, const float* a, const float* b, int n) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const __m256 product = _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
      _mm256_storeu_ps(acc + i, _mm256_add_ps(_mm256_loadu_ps(acc + i), product));
    }
    Scalar::multiply_add_f32(acc + i, a + i, b + i, n - i);
  }
  static MOTE_INLINE void fused_multiply_add_f32(float* acc, const float* a, const float* b,
                                                 int n) {
    int i = 0;
    for (; i + 8 <= n; i += 8)
      _mm256_storeu_ps(acc + i, _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i),
                                                _mm256_loadu_ps(acc + i)));
    Scalar::fused_multiply_add_f32(acc + i, a + i, b + i, n - i);
  }

  /// A register of floats, as ScalarTiles has it.
  struct Floats {
    static constexpr int kLanes = 8;
    using Type = __m256;
    static MOTE_INLINE Type load(const float* from) { return _mm256_loadu_ps(from); }
    static MOTE_INLINE Type broadcast(float x) { return _mm256_set1_ps(x); }
    static MOTE_INLINE void store(float* to, Type x) { _mm256_storeu_ps(to, x); }
    static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) {
      acc = _mm256_fmadd_ps(a, b, acc);
    }
    static MOTE_INLINE Type add(Type a, Type b) { return _mm256_add_ps(a, b); }
    static MOTE_INLINE Type multiply(Type a, Type b) { return _mm256_mul_ps(a, b); }
    static MOTE_INLINE Type min_of(Type a, Type b) { return _mm256_min_ps(b, a); }
    static MOTE_INLINE Type max_of(Type a, Type b) { return _mm256_max_ps(b, a); }
    static MOTE_INLINE Type round(Type x) {
      const __m256 sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
      const __m256 half = _mm256_or_ps(sign, _mm256_set1_ps(0.49999997f));  // the largest below
      return _mm256_round_ps(_mm256_add_ps(x, half), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    }
  };

 private:
  static MOTE_INLINE __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
  }
  static MOTE_INLINE void store(int32_t* to, __m256i x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x);
  }
  /// 16 bytes as 16-bit numbers.
  static MOTE_INLINE __m256i words(const int8_t* from) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  /// 8 bytes as 32-bit numbers.
  static MOTE_INLINE __m256i dwords(const int8_t* from) {
    return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
  }
  static MOTE_INLINE int32_t sum_of(__m256i x) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
  }
};

}  // namespace mote::isa
