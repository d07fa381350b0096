#pragma once

#include <immintrin.h>

#include "mote/core/base/compiler.h"

namespace mote::isa {

/// Registers of 1, 2 or 4 lanes of 16 bytes, under the same names: for blocks of so many panels.
template <int kLanes>
struct Avx512Lanes;

template <>
struct Avx512Lanes<4> {
  using Type = __m512i;
  static MOTE_INLINE Type load(const void* p) { return _mm512_loadu_si512(p); }
  static MOTE_INLINE Type zero() { return _mm512_setzero_si512(); }
  static MOTE_INLINE Type unpack_low8(Type a, Type b) { return _mm512_unpacklo_epi8(a, b); }
  static MOTE_INLINE Type unpack_high8(Type a, Type b) { return _mm512_unpackhi_epi8(a, b); }
  static MOTE_INLINE Type unpack_low16(Type a, Type b) { return _mm512_unpacklo_epi16(a, b); }
  static MOTE_INLINE Type unpack_high16(Type a, Type b) { return _mm512_unpackhi_epi16(a, b); }
  static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) {
    acc = _mm512_dpbusd_epi32(acc, a, b);
  }
  static MOTE_INLINE void join(const Type* parts, __m512i* whole) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) whole[i] = parts[i];
  }
};

template <>
struct Avx512Lanes<2> {
  using Type = __m256i;
  static MOTE_INLINE Type load(const void* p) {
    return _mm256_loadu_si256(static_cast<const Type*>(p));
  }
  static MOTE_INLINE Type zero() { return _mm256_setzero_si256(); }
  static MOTE_INLINE Type unpack_low8(Type a, Type b) { return _mm256_unpacklo_epi8(a, b); }
  static MOTE_INLINE Type unpack_high8(Type a, Type b) { return _mm256_unpackhi_epi8(a, b); }
  static MOTE_INLINE Type unpack_low16(Type a, Type b) { return _mm256_unpacklo_epi16(a, b); }
  static MOTE_INLINE Type unpack_high16(Type a, Type b) { return _mm256_unpackhi_epi16(a, b); }
  static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) {
    acc = _mm256_dpbusd_epi32(acc, a, b);
  }
  static MOTE_INLINE void join(const Type* parts, __m512i* whole) {
    for (int i = 0; i < 2; ++i)
      whole[i] = _mm512_inserti64x4(_mm512_castsi256_si512(parts[2 * i]), parts[2 * i + 1], 1);
  }
};

template <>
struct Avx512Lanes<1> {
  using Type = __m128i;
  static MOTE_INLINE Type load(const void* p) {
    return _mm_loadu_si128(static_cast<const Type*>(p));
  }
  static MOTE_INLINE Type zero() { return _mm_setzero_si128(); }
  static MOTE_INLINE Type unpack_low8(Type a, Type b) { return _mm_unpacklo_epi8(a, b); }
  static MOTE_INLINE Type unpack_high8(Type a, Type b) { return _mm_unpackhi_epi8(a, b); }
  static MOTE_INLINE Type unpack_low16(Type a, Type b) { return _mm_unpacklo_epi16(a, b); }
  static MOTE_INLINE Type unpack_high16(Type a, Type b) { return _mm_unpackhi_epi16(a, b); }
  static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) {
    acc = _mm_dpbusd_epi32(acc, a, b);
  }
  static MOTE_INLINE void join(const Type* parts, __m512i* whole) {
    whole[0] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set_m128i(parts[1], parts[0])),
                                  _mm256_set_m128i(parts[3], parts[2]), 1);
  }
};

}  // namespace mote::isa
