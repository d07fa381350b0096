#include "mote/core/signal/mel_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "tests/support/wiped.h"

namespace mote::signal {
namespace {

struct Settings {
  static constexpr int frame = 512, fft = 512, bands = 40;
  static constexpr double sample_rate_hz = 16000, low_hz = 60, high_hz = 7600;
};

std::vector<float> tone(double hz, float amplitude) {
  std::vector<float> samples(512);
  for (int n = 0; n < 512; ++n)
    samples[n] = amplitude * static_cast<float>(std::sin(2 * 3.14159265358979 * hz * n / 16000));
  return samples;
}

int loudest_band(const std::vector<float>& energies) {
  return static_cast<int>(std::max_element(energies.begin(), energies.end()) - energies.begin());
}

TEST(MelSpectrum, HasATonesEnergyInTheBandWhoseMiddleIsNearest) {
  const auto spectrum = std::make_unique<MelSpectrum<Settings>>();
  const double low = mel_of_hz(60), step = (mel_of_hz(7600) - low) / 41;
  for (double hz : {500.0, 1000.0, 2500.0, 6000.0}) {
    std::vector<float> energies(40);
    spectrum->push(tone(hz, 0.5f).data(), energies.data());
    EXPECT_EQ(loudest_band(energies), std::lround((mel_of_hz(hz) - low) / step) - 1) << hz;
  }
}

TEST(MelSpectrum, IsLinearInTheGain) {
  const auto spectrum = std::make_unique<MelSpectrum<Settings>>();
  std::vector<float> soft(40), loud(40);
  spectrum->push(tone(900, 0.01f).data(), soft.data());
  spectrum->push(tone(900, 0.08f).data(), loud.data());
  for (int b = 0; b < 40; ++b) EXPECT_NEAR(loud[b], 8 * soft[b], 1e-4f * loud[b] + 1e-5f);
}

TEST(MelSpectrum, KeepsNothingOfTheSoundAfterWipe) {
  tests::expect_wiped_clean<MelSpectrum<Settings>>([](auto& spectrum) {
    std::vector<float> energies(40);
    spectrum.push(tone(700, 0.3f).data(), energies.data());
  });
}

}  // namespace
}  // namespace mote::signal
