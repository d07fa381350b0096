#include "mote/core/signal/fft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

namespace mote::signal {
namespace {

/// The definition, in double precision.
std::vector<std::complex<double>> dft(const std::vector<float>& x) {
  const std::size_t n = x.size();
  std::vector<std::complex<double>> out(n / 2 + 1);
  for (std::size_t k = 0; k < out.size(); ++k)
    for (std::size_t i = 0; i < n; ++i)
      out[k] += std::polar<double>(x[i], -2 * std::numbers::pi * double(i * k % n) / double(n));
  return out;
}

class RealFft : public testing::TestWithParam<int> {};

TEST_P(RealFft, EqualsTheDefinition) {
  const int length = GetParam();
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> samples(length);
  for (float& s : samples) s = uniform(random);
  std::vector<Complex> twiddles(length / 2), spectrum(length / 2 + 1);
  make_twiddles(length, twiddles.data());
  real_fft(samples.data(), length, twiddles.data(), spectrum.data());
  const auto expected = dft(samples);
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_NEAR(spectrum[k].re, expected[k].real(), 1e-5 * length) << "bin " << k;
    EXPECT_NEAR(spectrum[k].im, expected[k].imag(), 1e-5 * length) << "bin " << k;
  }
}

INSTANTIATE_TEST_SUITE_P(PowersOfTwo, RealFft, testing::Values(4, 8, 16, 64, 512, 1024));

}  // namespace
}  // namespace mote::signal
