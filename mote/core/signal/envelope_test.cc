#include "mote/core/signal/envelope.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace mote::signal {
namespace {

constexpr int kLength = 1024;

std::vector<float> envelope_of(const std::vector<float>& samples) {
  std::vector<Complex> twiddles(kLength / 2), spectrum(kLength / 2 + 1);
  make_twiddles(kLength, twiddles.data());
  real_fft(samples.data(), kLength, twiddles.data(), spectrum.data());
  std::vector<float> envelope(kLength / 2);
  envelope_from_spectrum(spectrum.data(), kLength, twiddles.data(), envelope.data());
  return envelope;
}

TEST(Envelope, OfAModulatedCarrierIsTheModulation) {
  std::vector<float> samples(kLength);
  const auto modulation = [](double n) {
    return 1 + 0.5 * std::cos(2 * std::numbers::pi * 4 * n / kLength);
  };
  for (int n = 0; n < kLength; ++n)
    samples[n] = float(modulation(n) * std::sin(2 * std::numbers::pi * 300 * n / kLength));
  const std::vector<float> envelope = envelope_of(samples);
  for (int n = 0; n < kLength / 2; ++n)
    EXPECT_NEAR(envelope[n], modulation(2 * n), 1e-4) << "sample " << 2 * n;
}

TEST(Envelope, IsBlindToWhatIsBelowItsBand) {
  std::vector<float> samples(kLength);
  for (int n = 0; n < kLength; ++n)
    samples[n] = float(100 * std::sin(2 * std::numbers::pi * 50 * n / kLength));
  for (const float e : envelope_of(samples)) EXPECT_NEAR(e, 0, 1e-3);
}

}  // namespace
}  // namespace mote::signal
