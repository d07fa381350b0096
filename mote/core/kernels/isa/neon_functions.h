#pragma once

#include <arm_neon.h>
#include <stdint.h>

#include "mote/core/kernels/isa/neon_products.h"

namespace mote::isa {

/// Scalar's functions of floats with NEON, to 2e-7 of the exact result.
///
/// What an element gives depends on nothing but its value: the last ones are computed like others.
struct NeonFunctions : NeonProducts {
  using NeonProducts::largest_of;
  static MOTE_INLINE float largest_of(const float* x, int n) {
    if (n < 4) return Scalar::largest_of(x, n);
    float32x4_t largest = vld1q_f32(x + n - 4);
    for (int i = 0; i + 4 <= n; i += 4) largest = vmaxq_f32(largest, vld1q_f32(x + i));
    return vmaxvq_f32(largest);
  }
  static MOTE_INLINE int8_t largest_of(const int8_t* x, int n) {
    if (n < 16) return Scalar::largest_of(x, n);
    int8x16_t largest = vld1q_s8(x + n - 16);
    for (int i = 0; i + 16 <= n; i += 16) largest = vmaxq_s8(largest, vld1q_s8(x + i));
    return vmaxvq_s8(largest);
  }

  static MOTE_INLINE float exponentials_f32(const float* x, float from, float factor, float* y,
                                            int n) {
    float32x4_t sums = vdupq_n_f32(0);
    map(x, y, n, [&](float32x4_t v, uint32x4_t is_there) {
      v = exponential(vmulq_n_f32(vsubq_f32(v, vdupq_n_f32(from)), factor));
      const uint32x4_t counted = vandq_u32(vreinterpretq_u32_f32(v), is_there);
      sums = vaddq_f32(sums, vreinterpretq_f32_u32(counted));
      return v;
    });
    return vaddvq_f32(sums);
  }
  static MOTE_INLINE void divide_f32(const float* x, float divisor, float* y, int n) {
    map(x, y, n, [&](float32x4_t v, uint32x4_t) { return vdivq_f32(v, vdupq_n_f32(divisor)); });
  }
  static MOTE_INLINE void logistic_f32(const float* x, float* y, int n) {
    map(x, y, n, [](float32x4_t v, uint32x4_t) {
      const float32x4_t one = vdupq_n_f32(1);
      return vdivq_f32(one, vaddq_f32(one, exponential(vnegq_f32(v))));
    });
  }
  static MOTE_INLINE void tanh_f32(const float* x, float* y, int n) {
    map(x, y, n, [](float32x4_t v, uint32x4_t) { return hyperbolic_tangent(v); });
  }

 private:
  /// y of higher coefficients than `next`, times x, plus `next`, and so on.
  template <class... Rest>
  static MOTE_INLINE float32x4_t polynomial(float32x4_t x, float32x4_t y, float next,
                                            Rest... rest) {
    y = vfmaq_f32(vdupq_n_f32(next), y, x);
    if constexpr (sizeof...(rest) > 0)
      return polynomial(x, y, rest...);
    else
      return y;
  }

  /// y = f(x, all ones), by fours; where there is no element, f gets zeros.
  template <class F>
  static MOTE_INLINE void map(const float* x, float* y, int n, F f) {
    int i = 0;
    for (; i + 4 <= n; i += 4) vst1q_f32(y + i, f(vld1q_f32(x + i), vdupq_n_u32(~0u)));
    if (i == n) return;
    float four[4] = {};
    for (int j = 0; j < n - i; ++j) four[j] = x[i + j];
    const uint32x4_t lanes = {0, 1, 2, 3};
    const uint32x4_t is_there = vcltq_u32(lanes, vdupq_n_u32(static_cast<uint32_t>(n - i)));
    vst1q_f32(four, f(vld1q_f32(four), is_there));
    for (int j = 0; j < n - i; ++j) y[i + j] = four[j];
  }

  /// exp(x) = 2^k exp(r), |r| <= log(2) / 2. Saturates at exp(-87.3) and exp(88.3); NaN stays.
  static MOTE_INLINE float32x4_t exponential(float32x4_t x) {
    x = vminq_f32(vmaxq_f32(x, vdupq_n_f32(-87.3f)), vdupq_n_f32(88.3f));
    const float32x4_t k = vrndnq_f32(vmulq_n_f32(x, 1.44269504088896341f));
    float32x4_t r = vfmsq_f32(x, k, vdupq_n_f32(0.693359375f));
    r = vfmsq_f32(r, k, vdupq_n_f32(-2.12194440e-4f));
    // Moshier: Cephes, expf.
    const float32x4_t p =
        polynomial(r, vdupq_n_f32(1.9875691500e-4f), 1.3981999507e-3f, 8.3334519073e-3f,
                   4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f, 1.0f, 1.0f);
    const int32x4_t exponent = vshlq_n_s32(vcvtq_s32_f32(k), 23);
    return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(p), exponent));
  }

  static MOTE_INLINE float32x4_t hyperbolic_tangent(float32x4_t x) {
    const float32x4_t one = vdupq_n_f32(1), magnitude = vabsq_f32(x);
    const float32x4_t e = exponential(vaddq_f32(magnitude, magnitude));
    const float32x4_t far = vsubq_f32(one, vdivq_f32(vdupq_n_f32(2), vaddq_f32(e, one)));
    // Near zero that would lose digits. Moshier: Cephes, tanhf.
    const float32x4_t z = vmulq_f32(x, x);
    const float32x4_t p = polynomial(z, vdupq_n_f32(-5.70498872745e-3f), 2.06390887954e-2f,
                                     -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
    const float32x4_t near = vfmaq_f32(magnitude, vmulq_f32(p, z), magnitude);
    const float32x4_t y = vbslq_f32(vcltq_f32(magnitude, vdupq_n_f32(0.625f)), near, far);
    return vbslq_f32(vdupq_n_u32(0x80000000), x, y);  // the sign of x
  }
};

}  // namespace mote::isa
