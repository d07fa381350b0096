#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/avx2_rescale.h"

namespace mote::isa {

/// Scalar's primitives with AVX2 and FMA, for all that has no tiles.
struct Avx2Vectors : Avx2Rescale {
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

  static MOTE_INLINE void multiply_add_s16(int64_t* acc, const int16_t* a, const int8_t* b, int n) {
    Scalar::multiply_add_s16(acc, a, b, n);
  }
  static MOTE_INLINE void multiply_add_s16(int32_t* acc, const int16_t* a, const int8_t* b, int n) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i));
      const __m128i y = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(b + i));
      // Beside y lies 0, by which the upper half of x is multiplied.
      const __m256i product =
          _mm256_madd_epi16(_mm256_cvtepi16_epi32(x), _mm256_cvtepu16_epi32(_mm_cvtepi8_epi16(y)));
      store(acc + i, _mm256_add_epi32(load(acc + i), product));
    }
    Scalar::multiply_add_s16(acc + i, a + i, b + i, n - i);
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
};

}  // namespace mote::isa
