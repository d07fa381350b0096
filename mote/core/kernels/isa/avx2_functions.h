#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/kernels/isa/avx2_products.h"

namespace mote::isa {

/// Scalar's functions of floats with AVX2 and FMA, to 2e-7 of the exact result.
///
/// What an element gives depends on nothing but its value: the last ones are computed like others.
struct Avx2Functions : Avx2Products {
  using Avx2Products::largest_of;
  static MOTE_INLINE float largest_of(const float* x, int n) {
    if (n < 8) return Scalar::largest_of(x, n);
    __m256 largest = _mm256_loadu_ps(x + n - 8);
    for (int i = 0; i + 8 <= n; i += 8) largest = _mm256_max_ps(largest, _mm256_loadu_ps(x + i));
    float lanes[8];
    _mm256_storeu_ps(lanes, largest);
    return Scalar::largest_of(lanes, 8);
  }
  static MOTE_INLINE int8_t largest_of(const int8_t* x, int n) {
    if (n < 16) return Scalar::largest_of(x, n);
    __m128i largest = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + n - 16));
    for (int i = 0; i + 16 <= n; i += 16)
      largest = _mm_max_epi8(largest, _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i)));
    int8_t lanes[16];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lanes), largest);
    return Scalar::largest_of(lanes, 16);
  }

  static MOTE_INLINE float exponentials_f32(const float* x, float from, float factor, float* y,
                                            int n) {
    __m256 sums = _mm256_setzero_ps();
    map(x, y, n, [&](__m256 v, __m256 is_there) {
      v = _mm256_mul_ps(_mm256_sub_ps(v, _mm256_set1_ps(from)), _mm256_set1_ps(factor));
      v = exponential(v);
      sums = _mm256_add_ps(sums, _mm256_and_ps(v, is_there));
      return v;
    });
    float lanes[8], sum = 0;
    _mm256_storeu_ps(lanes, sums);
    for (float lane : lanes) sum += lane;
    return sum;
  }
  static MOTE_INLINE void divide_f32(const float* x, float divisor, float* y, int n) {
    map(x, y, n, [&](__m256 v, __m256) { return _mm256_div_ps(v, _mm256_set1_ps(divisor)); });
  }
  static MOTE_INLINE void logistic_f32(const float* x, float* y, int n) {
    map(x, y, n, [](__m256 v, __m256) {
      const __m256 one = _mm256_set1_ps(1);
      const __m256 e = exponential(_mm256_xor_ps(v, _mm256_set1_ps(-0.0f)));
      return _mm256_div_ps(one, _mm256_add_ps(one, e));
    });
  }
  static MOTE_INLINE void tanh_f32(const float* x, float* y, int n) {
    map(x, y, n, [](__m256 v, __m256) { return hyperbolic_tangent(v); });
  }

 private:
  /// y of higher coefficients than `next`, times x, plus `next`, and so on.
  template <class... Rest>
  static MOTE_INLINE __m256 polynomial(__m256 x, __m256 y, float next, Rest... rest) {
    y = _mm256_fmadd_ps(y, x, _mm256_set1_ps(next));
    if constexpr (sizeof...(rest) > 0)
      return polynomial(x, y, rest...);
    else
      return y;
  }

  /// y = f(x, all ones), by eights; where there is no element, f gets zeros.
  template <class F>
  static MOTE_INLINE void map(const float* x, float* y, int n, F f) {
    const __m256 all = _mm256_castsi256_ps(_mm256_set1_epi32(-1));
    int i = 0;
    for (; i + 8 <= n; i += 8) _mm256_storeu_ps(y + i, f(_mm256_loadu_ps(x + i), all));
    if (i == n) return;
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(n - i), lanes);
    _mm256_maskstore_ps(y + i, mask, f(_mm256_maskload_ps(x + i, mask), _mm256_castsi256_ps(mask)));
  }

  /// exp(x) = 2^k exp(r), |r| <= log(2) / 2. Saturates at exp(-87.3) and exp(88.3); NaN stays.
  static MOTE_INLINE __m256 exponential(__m256 x) {
    x = _mm256_max_ps(_mm256_set1_ps(-87.3f), x);
    x = _mm256_min_ps(_mm256_set1_ps(88.3f), x);
    const __m256 k = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(1.44269504088896341f)),
                                     _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(k, _mm256_set1_ps(0.693359375f), x);
    r = _mm256_fnmadd_ps(k, _mm256_set1_ps(-2.12194440e-4f), r);
    // Moshier: Cephes, expf.
    const __m256 p =
        polynomial(r, _mm256_set1_ps(1.9875691500e-4f), 1.3981999507e-3f, 8.3334519073e-3f,
                   4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f, 1.0f, 1.0f);
    const __m256i exponent = _mm256_slli_epi32(_mm256_cvtps_epi32(k), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), exponent));
  }

  static MOTE_INLINE __m256 hyperbolic_tangent(__m256 x) {
    const __m256 one = _mm256_set1_ps(1), sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
    const __m256 magnitude = _mm256_xor_ps(x, sign);
    const __m256 e = exponential(_mm256_add_ps(magnitude, magnitude));
    const __m256 far = _mm256_sub_ps(one, _mm256_div_ps(_mm256_set1_ps(2), _mm256_add_ps(e, one)));
    // Near zero that would lose digits. Moshier: Cephes, tanhf.
    const __m256 z = _mm256_mul_ps(x, x);
    const __m256 p = polynomial(z, _mm256_set1_ps(-5.70498872745e-3f), 2.06390887954e-2f,
                                -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
    const __m256 near = _mm256_fmadd_ps(_mm256_mul_ps(p, z), magnitude, magnitude);
    const __m256 is_near = _mm256_cmp_ps(magnitude, _mm256_set1_ps(0.625f), _CMP_LT_OQ);
    return _mm256_or_ps(_mm256_blendv_ps(far, near, is_near), sign);
  }
};

}  // namespace mote::isa
