#pragma once

#include <immintrin.h>

#include "mote/core/base/compiler.h"

namespace mote::isa {

/// A register of floats, as ScalarTiles has it.
struct Avx512Floats {
  static constexpr int kLanes = 16;
  using Type = __m512;
  static MOTE_INLINE Type load(const float* from) { return _mm512_loadu_ps(from); }
  static MOTE_INLINE Type broadcast(float x) { return _mm512_set1_ps(x); }
  static MOTE_INLINE void store(float* to, Type x) { _mm512_storeu_ps(to, x); }
  static MOTE_INLINE void multiply_add(Type& acc, Type a, Type b) {
    acc = _mm512_fmadd_ps(a, b, acc);
  }
  static MOTE_INLINE Type add(Type a, Type b) { return _mm512_add_ps(a, b); }
  static MOTE_INLINE Type multiply(Type a, Type b) { return _mm512_mul_ps(a, b); }
  static MOTE_INLINE Type min_of(Type a, Type b) { return _mm512_min_ps(b, a); }
  static MOTE_INLINE Type max_of(Type a, Type b) { return _mm512_max_ps(b, a); }
  static MOTE_INLINE Type round(Type x) {
    const __m512 sign = _mm512_and_ps(x, _mm512_set1_ps(-0.0f));
    const __m512 half = _mm512_or_ps(sign, _mm512_set1_ps(0.49999997f));  // the largest below
    return _mm512_roundscale_ps(_mm512_add_ps(x, half), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
  }
};

}  // namespace mote::isa
