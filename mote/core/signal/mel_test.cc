#include "mote/core/signal/mel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mote::signal {
namespace {

constexpr MelBank kKeywordBank = {
    .bands = 40, .bins = 257, .sample_rate_hz = 16000, .low_hz = 20, .high_hz = 4000};

double mel(double hz) { return 1127.0 * std::log(1.0 + hz / 700.0); }

/// tf.signal.linear_to_mel_weight_matrix in double precision: [bin][band].
std::vector<std::vector<double>> weights_by_definition(const MelBank& bank) {
  const double low = mel(bank.low_hz), high = mel(bank.high_hz);
  const auto edge = [&](int i) { return low + (high - low) * i / (bank.bands + 1); };
  std::vector<std::vector<double>> weights(bank.bins, std::vector<double>(bank.bands));
  for (int k = 1; k < bank.bins; ++k)
    for (int b = 0; b < bank.bands; ++b) {
      const double m = mel(bank.sample_rate_hz / 2 * k / (bank.bins - 1));
      const double rising = (m - edge(b)) / (edge(b + 1) - edge(b));
      const double falling = (edge(b + 2) - m) / (edge(b + 2) - edge(b + 1));
      weights[k][b] = std::max(0.0, std::min(rising, falling));
    }
  return weights;
}

TEST(MelEnergies, EqualTensorFlowsWeightMatrixBinByBin) {
  const MelBank bank = kKeywordBank;
  std::vector<MelPlace> places(bank.bins);
  make_mel_places(bank, places.data());
  const auto expected = weights_by_definition(bank);
  for (int k = 0; k < bank.bins; ++k) {
    std::vector<float> spectrum(bank.bins), energies(bank.bands);
    spectrum[k] = 1.0f;
    mel_energies(spectrum.data(), places.data(), bank.bins, bank.bands, energies.data());
    for (int b = 0; b < bank.bands; ++b)
      EXPECT_NEAR(energies[b], expected[k][b], 1e-6) << "bin " << k << ", band " << b;
  }
}

TEST(MelEnergies, IgnoreTheMeanOfTheSignalEvenWhenTheBandsStartAtZero) {
  MelBank bank = kKeywordBank;
  bank.low_hz = 0;
  std::vector<MelPlace> places(bank.bins);
  make_mel_places(bank, places.data());
  EXPECT_EQ(places[0].band, -1);
}

TEST(MelEnergies, IgnoreWhatLiesAboveTheHighestBand) {
  std::vector<MelPlace> places(kKeywordBank.bins);
  make_mel_places(kKeywordBank, places.data());
  EXPECT_EQ(places[128].band, -1) << "bin 128 is 4000 Hz, the upper edge itself";
  EXPECT_EQ(places[127].band, 40) << "bin 127 lies on the falling side of the last band";
}

}  // namespace
}  // namespace mote::signal
