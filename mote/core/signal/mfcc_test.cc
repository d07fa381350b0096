#include "mote/core/signal/mfcc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

namespace mote::signal {
namespace {

struct Settings {
  static constexpr int frame = 480, fft = 512, bands = 40, kept = 10;
  static constexpr double sample_rate_hz = 16000, low_hz = 20, high_hz = 4000;
  static constexpr float floor = 1e-6f;
};

double mel(double hz) { return 1127.0 * std::log(1.0 + hz / 700.0); }

/// Magnitude spectrum of the windowed frame, straight from the definition.
std::vector<double> magnitudes(const std::vector<float>& samples) {
  std::vector<double> out(257);
  for (int k = 0; k < 257; ++k) {
    std::complex<double> sum;
    for (int n = 0; n < 480; ++n) {
      const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * n / 480);
      sum += std::polar(samples[n] * hann, -2 * std::numbers::pi * (n * k % 512) / 512.0);
    }
    out[k] = std::abs(sum);
  }
  return out;
}

/// TensorFlow's stft, linear_to_mel_weight_matrix, log and mfccs_from_log_mel_spectrograms.
std::vector<double> mfcc_by_definition(const std::vector<float>& samples, double gain) {
  const auto spectrum = magnitudes(samples);
  const double low = mel(20), step = (mel(4000) - low) / 41;
  std::vector<double> logs(40), out(10);
  for (int b = 0; b < 40; ++b) {
    double energy = 0;
    for (int k = 1; k < 257; ++k) {
      const double position = (mel(8000.0 * k / 256) - low) / step;
      energy += spectrum[k] * std::max(0.0, std::min(position - b, b + 2 - position));
    }
    logs[b] = std::log(gain * energy + 1e-6);
  }
  for (int c = 0; c < 10; ++c)
    for (int b = 0; b < 40; ++b)
      out[c] += std::sqrt(2.0 / 40) * logs[b] * std::cos(std::numbers::pi * c * (b + 0.5) / 40);
  return out;
}

TEST(Mfcc, OfNoiseEqualsTheDefinition) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0, 0.1f);
  std::vector<float> samples(480), energies(40), out(10);
  for (float& s : samples) s = normal(random);
  const auto mfcc = std::make_unique<Mfcc<Settings>>();
  mfcc->mel(samples.data(), energies.data());
  mfcc->cepstrum(energies.data(), /*gain=*/2.5f, out.data());
  const auto expected = mfcc_by_definition(samples, 2.5);
  for (int c = 0; c < 10; ++c) EXPECT_NEAR(out[c], expected[c], 2e-4) << "coefficient " << c;
}

TEST(Mfcc, OfSilenceIsTheFloorInTheFirstCoefficientAlone) {
  const std::vector<float> samples(480);
  std::vector<float> energies(40), out(10);
  const auto mfcc = std::make_unique<Mfcc<Settings>>();
  mfcc->mel(samples.data(), energies.data());
  mfcc->cepstrum(energies.data(), 1.0f, out.data());
  EXPECT_NEAR(out[0], 40 * std::sqrt(2.0 / 40) * std::log(1e-6), 1e-3);
  for (int c = 1; c < 10; ++c) EXPECT_NEAR(out[c], 0.0, 1e-4) << "coefficient " << c;
}

TEST(Mfcc, GainIsTheSameAsLouderSamples) {
  std::vector<float> soft(480), loud(480), energies(40), from_gain(10), from_samples(10);
  for (int n = 0; n < 480; ++n)
    soft[n] = 0.01f * std::sin(0.2f * static_cast<float>(n)), loud[n] = 8 * soft[n];
  const auto mfcc = std::make_unique<Mfcc<Settings>>();
  mfcc->mel(soft.data(), energies.data());
  mfcc->cepstrum(energies.data(), 8.0f, from_gain.data());
  mfcc->mel(loud.data(), energies.data());
  mfcc->cepstrum(energies.data(), 1.0f, from_samples.data());
  for (int c = 0; c < 10; ++c) EXPECT_NEAR(from_gain[c], from_samples[c], 1e-4);
}

}  // namespace
}  // namespace mote::signal
