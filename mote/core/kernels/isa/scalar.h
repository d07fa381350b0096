#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"
#include "mote/core/base/fixed_point.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/logistic.h"

namespace mote::isa {

/// Plain C++: the specification that every other instruction set is tested against.
///
/// 32-bit sums wrap around, as the reference's do on every machine it runs on. Sums of floats are
/// taken in the order of the elements here; other instruction sets may take them in another.
struct Scalar {
  /// How many rows dots_* take best at a time: they load `a` once, and add up their sums together.
  static constexpr int kDots = 1;

  /// acc[r] += sum_i (a[i] + a_offset) * b[r * step + i]
  template <int kRows>
  static MOTE_INLINE void dots_s8(int32_t* acc, const int8_t* a, int32_t a_offset, const int8_t* b,
                                  int step, int n) {
    for (int r = 0; r < kRows; ++r) {
      auto sum = static_cast<uint32_t>(acc[r]);
      for (int i = 0; i < n; ++i) sum += static_cast<uint32_t>((a[i] + a_offset) * b[r * step + i]);
      acc[r] = static_cast<int32_t>(sum);
    }
  }
  /// acc[r] += sum_i a[i] * b[r * step + i]; b has 8 or 16 bits
  template <int kRows, class T>
  static MOTE_INLINE void dots_s16(int64_t* acc, const int16_t* a, const T* b, int step, int n) {
    for (int r = 0; r < kRows; ++r) {
      int64_t sum = acc[r];
      for (int i = 0; i < n; ++i) sum += int32_t{a[i]} * b[r * step + i];
      acc[r] = sum;
    }
  }
  /// acc[r] += sum_i a[i] * b[r * step + i]; a row's sum is the same for every kRows
  template <int kRows>
  static MOTE_INLINE void dots_f32(float* acc, const float* a, const float* b, int step, int n) {
    for (int r = 0; r < kRows; ++r) {
      float sum = acc[r];
      for (int i = 0; i < n; ++i) sum += a[i] * b[r * step + i];
      acc[r] = sum;
    }
  }

  /// sum_i a[i]
  static MOTE_INLINE int32_t sum_s8(const int8_t* a, int n) {
    int32_t sum = 0;
    for (int i = 0; i < n; ++i) sum += a[i];
    return sum;
  }

  /// acc[i] += (a[i] + a_offset) * b[i]
  static MOTE_INLINE void multiply_add_s8(int32_t* acc, const int8_t* a, int32_t a_offset,
                                          const int8_t* b, int n) {
    for (int i = 0; i < n; ++i)
      acc[i] = static_cast<int32_t>(static_cast<uint32_t>(acc[i]) +
                                    static_cast<uint32_t>((a[i] + a_offset) * b[i]));
  }
  /// acc[i] += a[i] * b[i]; sums of 32 or 64 bits
  template <class Acc>
  static MOTE_INLINE void multiply_add_s16(Acc* acc, const int16_t* a, const int8_t* b, int n) {
    for (int i = 0; i < n; ++i) acc[i] += int32_t{a[i]} * b[i];
  }
  static MOTE_INLINE void multiply_add_f32(float* acc, const float* a, const float* b, int n) {
    for (int i = 0; i < n; ++i) acc[i] += a[i] * b[i];
  }
  /// The same, each product and sum rounded once.
  static MOTE_INLINE void fused_multiply_add_f32(float* acc, const float* a, const float* b,
                                                 int n) {
    for (int i = 0; i < n; ++i) acc[i] = fmaf(a[i], b[i], acc[i]);
  }

  /// Whether requantize_all() is quicker than requantize() one by one.
  static constexpr bool kRequantizesVectors = false;
  /// y[i] = requantize(x[i], multiplier, shift); sums of 32 or 64 bits. Here and in the next two,
  /// arrays have room for a multiple of eight.
  template <class Acc>
  static MOTE_INLINE void requantize_all(const Acc* x, int32_t multiplier, int shift, int32_t* y,
                                         int n) {
    for (int i = 0; i < n; ++i) y[i] = requantize(x[i], multiplier, shift);
  }
  /// y[i] = logistic_of_steps(table, steps[i])
  static MOTE_INLINE void logistic_of_steps(const int16_t* table, const int32_t* steps, int32_t* y,
                                            int n) {
    for (int i = 0; i < n; ++i) y[i] = kernels::logistic_of_steps(table, steps[i]);
  }
  /// y[i] = tanh_of_steps(table, steps[i])
  static MOTE_INLINE void tanh_of_steps(const int16_t* table, const int32_t* steps, int32_t* y,
                                        int n) {
    for (int i = 0; i < n; ++i) y[i] = kernels::tanh_of_steps(table, steps[i]);
  }

  /// The largest of n >= 1 numbers.
  template <class T>
  static MOTE_INLINE T largest_of(const T* x, int n) {
    T largest = x[0];
    for (int i = 1; i < n; ++i)
      if (largest < x[i]) largest = x[i];
    return largest;
  }

  // Functions of n floats; y may be x.

  /// y[i] = exp((x[i] - from) * factor); @returns their sum
  static MOTE_INLINE float exponentials_f32(const float* x, float from, float factor, float* y,
                                            int n) {
    float sum = 0;
    for (int i = 0; i < n; ++i) {
      y[i] = expf((x[i] - from) * factor);
      sum += y[i];
    }
    return sum;
  }
  static MOTE_INLINE void divide_f32(const float* x, float divisor, float* y, int n) {
    for (int i = 0; i < n; ++i) y[i] = x[i] / divisor;
  }
  static MOTE_INLINE void logistic_f32(const float* x, float* y, int n) {
    for (int i = 0; i < n; ++i) y[i] = kernels::logistic(x[i]);
  }
  static MOTE_INLINE void tanh_f32(const float* x, float* y, int n) {
    for (int i = 0; i < n; ++i) y[i] = tanhf(x[i]);
  }
};

}  // namespace mote::isa
