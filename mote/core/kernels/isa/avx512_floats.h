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
  static MOTE_INLINE Type clamp(Type x, Type low, Type high) {
    return _mm512_min_ps(high, _mm512_max_ps(low, x));
  }
};

}  // namespace mote::isa
