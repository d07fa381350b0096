#pragma once

#include "mote/core/base/compiler.h"
#include "mote/core/base/math.h"

namespace mote::signal {

/// A complex number; std::complex needs headers that bare-metal compilers lack.
struct Complex {
  float re, im;
};

constexpr Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
constexpr Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
constexpr Complex operator*(Complex a, Complex b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/// Fills `twiddles[k] = exp(-2*pi*i*k/length)` for k < length/2, which real_fft wants.
///
///   length    a power of two >= 4
///   twiddles  length/2 entries
inline void make_twiddles(int length, Complex* twiddles) {
  const double step = -2.0 * 3.14159265358979323846 / length;
  for (int k = 0; k < length / 2; ++k)
    twiddles[k] = {static_cast<float>(cos(step * k)), static_cast<float>(sin(step * k))};
}

/// Reorders `data` so that element i goes to the place with i's bits reversed.
///
///   data    length entries
///   length  a power of two
inline void reverse_bits(Complex* data, int length) {
  for (int i = 1, j = 0; i < length; ++i) {
    int bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const Complex t = data[i];
      data[i] = data[j];
      data[j] = t;
    }
  }
}

/// In-place forward FFT by decimation in time (Cooley and Tukey 1965), radix 2.
///
///   data            length entries
///   length          a power of two
///   twiddles        from make_twiddles(length * twiddle_stride)
///   twiddle_stride  a power of two: take every n-th twiddle
inline void complex_fft(Complex* data, int length, const Complex* twiddles, int twiddle_stride) {
  reverse_bits(data, length);
  for (int half = 1; half < length; half *= 2) {
    const int step = twiddle_stride * (length / (2 * half));
    for (int start = 0; start < length; start += 2 * half)
      for (int k = 0; k < half; ++k) {
        const Complex even = data[start + k];
        const Complex odd = data[start + k + half] * twiddles[k * step];
        data[start + k] = even + odd;
        data[start + k + half] = even - odd;
      }
  }
}

/// spectrum[k] = sum_n samples[n] * exp(-2*pi*i*k*n/length) for k = 0..length/2.
///
/// The samples are transformed as length/2 complex numbers, then even and odd parts are told apart
/// (Press et al., Numerical Recipes, section 12.3). Time O(length log length).
///
///   samples   length real values; not changed
///   length    a power of two >= 4
///   twiddles  from make_twiddles(length)
///   spectrum  length/2 + 1 entries; must not overlap `samples`
inline void real_fft(const float* samples, int length, const Complex* twiddles, Complex* spectrum) {
  const int half = length / 2;
  for (int k = 0; k < half; ++k) spectrum[k] = {samples[2 * k], samples[2 * k + 1]};
  complex_fft(spectrum, half, twiddles, /*twiddle_stride=*/2);
  const Complex first = spectrum[0];
  spectrum[half] = {first.re - first.im, 0.0f};
  spectrum[0] = {first.re + first.im, 0.0f};
  for (int k = 1; 2 * k <= half; ++k) {
    const Complex a = spectrum[k], b = spectrum[half - k];
    const Complex even = {0.5f * (a.re + b.re), 0.5f * (a.im - b.im)};
    const Complex odd = {0.5f * (a.im + b.im), 0.5f * (b.re - a.re)};
    const Complex turned = twiddles[k] * odd;
    spectrum[k] = even + turned;
    spectrum[half - k] = {even.re - turned.re, turned.im - even.im};
  }
}

/// Squared magnitude.
constexpr float norm(Complex c) { return c.re * c.re + c.im * c.im; }

}  // namespace mote::signal
