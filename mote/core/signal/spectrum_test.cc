#include "mote/core/signal/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "mote/core/signal/window.h"

namespace mote::signal {
namespace {

TEST(OctaveBands, CoverEveryBinButTheMeansOnce) {
  for (const int length : {64, 1024, 8192}) {
    int next = 1;
    for (int b = 0; b < octave_bands(length); ++b) {
      EXPECT_EQ(octave_band_bins(b).low + 1, next);
      next = octave_band_bins(b).high + 1;
    }
    EXPECT_EQ(next, length / 2 + 1) << "windows of " << length;
  }
}

TEST(OctaveBandPowers, PutASineIntoTheBandOfItsFrequency) {
  constexpr int kLength = 256;
  std::vector<float> samples(kLength), hann(kLength);
  for (int i = 0; i < kLength; ++i)
    samples[i] = float(7 + std::cos(2 * std::numbers::pi * 40 * i / kLength));
  std::vector<Complex> twiddles(kLength / 2), spectrum(kLength / 2 + 1);
  make_hann(kLength, hann.data());
  make_twiddles(kLength, twiddles.data());
  windowed_spectrum(samples.data(), hann.data(), kLength, /*mean=*/7, twiddles.data(),
                    spectrum.data());
  float powers[7];
  ASSERT_EQ(octave_bands(kLength), 7);
  octave_band_powers(spectrum.data(), kLength, powers);
  // A sine of amplitude 1 at a bin: (n/4)^2 at the bin and (n/8)^2 at its two neighbours.
  EXPECT_NEAR(powers[5], 64.0 * 64 * 1.5, 1) << "bins 33 to 64";
  for (const int b : {0, 1, 2, 3, 4, 6}) EXPECT_LT(powers[b], 0.01) << "band " << b;
}

TEST(PowerAt, EqualsTheDefinitionBetweenBins) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> samples(4096);
  for (float& s : samples) s = uniform(random);
  for (const double cycles : {0.0, 1.7, 63.25, 2047.9}) {
    std::complex<double> sum = 0;
    for (std::size_t n = 0; n < samples.size(); ++n)
      sum += std::polar(double(samples[n]), -2 * std::numbers::pi * cycles * double(n) / 4096);
    EXPECT_NEAR(power_at(samples.data(), 4096, cycles), std::norm(sum),
                1e-4 * std::norm(sum) + 1e-3);
  }
}

}  // namespace
}  // namespace mote::signal
