#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// TileRescale of 16 channels with AVX-512. Templates so that their code belongs to the instruction
/// set, as objects for one must have it.
template <class Isa, bool kSingle>
struct Avx512Rescale;

/// In floating point: registers of 512 bits round as each instruction says.
template <class Isa>
struct Avx512Rescale<Isa, true> {
  __m512i multiplier, addend, rest, offset;

  static MOTE_INLINE Avx512Rescale of(const TileRescale& by, int channel, int output_offset) {
    return {.multiplier = _mm512_loadu_si512(by.multiplier + channel),
            .addend = _mm512_loadu_si512(by.addend + channel),
            .rest = _mm512_loadu_si512(by.shift + channel),
            .offset = _mm512_set1_epi32(output_offset)};
  }

  template <Rounding kRounding>
  MOTE_INLINE __m512i apply(__m512i acc) const {
    const __m512 a = _mm512_cvtepi32_ps(acc), by = _mm512_castsi512_ps(multiplier);
    if constexpr (kRounding == Rounding::kDown) {
      constexpr int kDown = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
      const __m512 x = _mm512_fmadd_round_ps(a, by, _mm512_castsi512_ps(addend), kDown);
      return _mm512_cvt_roundps_epi32(x, kDown);
    } else {
      constexpr int kToZero = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;
      constexpr int kWithSign = 0xF8;  // addend | (acc & sign bit)
      const __m512 term = _mm512_castsi512_ps(
          _mm512_ternarylogic_epi32(addend, acc, _mm512_set1_epi32(INT32_MIN), kWithSign));
      const __m512 rests = _mm512_fmadd_round_ps(a, _mm512_castsi512_ps(rest), term, kToZero);
      const __m512 x = _mm512_fmadd_round_ps(a, by, rests, kToZero);
      return _mm512_add_epi32(_mm512_cvttps_epi32(x), offset);
    }
  }
};

/// In integers, by both roundings.
template <class Isa>
struct Avx512Rescale<Isa, false> {
  __m512i multiplier, odd_multiplier, addend, shift, offset, nudge;
  __mmask16 shifts;  // where there is something to round

  static MOTE_INLINE Avx512Rescale of(const TileRescale& by, int channel, int output_offset) {
    const __m512i multiplier = _mm512_loadu_si512(by.multiplier + channel);
    const __m512i shift = _mm512_loadu_si512(by.shift + channel);
    return {.multiplier = multiplier,
            .odd_multiplier = _mm512_srli_epi64(multiplier, 32),
            .addend = _mm512_loadu_si512(by.addend + channel),
            .shift = shift,
            .offset = _mm512_set1_epi32(output_offset),
            .nudge = _mm512_srli_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), shift), 1),
            .shifts = _mm512_test_epi32_mask(shift, shift)};
  }

  /// doubling_high_mul(), then rounding_shift_right().
  template <Rounding>
  MOTE_INLINE __m512i apply(__m512i acc) const {
    acc = _mm512_sllv_epi32(acc, addend);
    const __m512i half = _mm512_set1_epi64(int64_t{1} << 30);
    const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(acc, multiplier), half);
    const __m512i odd =
        _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(acc, 32), odd_multiplier), half);
    const __m512i high =
        _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 31), _mm512_add_epi64(odd, odd));
    // Halves away from zero: below zero a little less than a half is added.
    const __m512i sign = _mm512_maskz_srai_epi32(shifts, high, 31);
    const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(high, sign), nudge);
    return _mm512_add_epi32(_mm512_srav_epi32(rounded, shift), offset);
  }
};

/// Calls apply.template operator()<kRounding>() with args' rounding.
template <class Isa, bool kSingle, class Apply>
MOTE_INLINE void with_rounding(const TileArgs& args, Apply apply) {
  if (kSingle && args.rounding == Rounding::kToZero)
    apply.template operator()<Rounding::kToZero>();
  else
    apply.template operator()<Rounding::kDown>();
}

}  // namespace mote::isa
