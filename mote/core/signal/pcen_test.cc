#include "mote/core/signal/pcen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace mote::signal {
namespace {

constexpr PcenSettings kSettings = {
    .smoothing = 0.1f, .gain = 0.95f, .bias = 1.5f, .root = 0.5f, .floor = 1e-3f};

TEST(Pcen, OfRandomEnergiesEqualsTheDefinition) {
  std::mt19937 random(4);
  std::uniform_real_distribution<float> uniform(0, 3);
  Pcen<3> pcen(kSettings);
  double mean[3];
  for (int frame = 0; frame < 50; ++frame) {
    float energies[3], features[3];
    for (float& e : energies) e = uniform(random);
    pcen.push(energies, features);
    for (int b = 0; b < 3; ++b) {
      const double energy = energies[b];
      mean[b] = frame == 0 ? energy : 0.9 * mean[b] + 0.1 * energy;
      const double expected =
          std::pow(energy / std::pow(1e-3 + mean[b], 0.95) + 1.5, 0.5) - std::pow(1.5, 0.5);
      EXPECT_NEAR(features[b], expected, 1e-5) << "frame " << frame << ", band " << b;
    }
  }
}

TEST(Pcen, OfSilenceIsZero) {
  Pcen<2> pcen(kSettings);
  const float silence[2] = {};
  float features[2] = {9, 9};
  pcen.push(silence, features);
  EXPECT_EQ(features[0], 0.0f);
  EXPECT_EQ(features[1], 0.0f);
}

TEST(Pcen, MakesLoudAndSoftNoiseNearlyTheSame) {
  Pcen<1> soft(kSettings), loud(kSettings);
  float of_soft = 0, of_loud = 0;
  for (int frame = 0; frame < 100; ++frame) {
    const float quiet = 0.1f, noisy = 100.0f;
    soft.push(&quiet, &of_soft);
    loud.push(&noisy, &of_loud);
  }
  EXPECT_NEAR(of_loud / of_soft, 1.0, 0.4);  // of 1000 in energy
}

TEST(Pcen, BeginsAnewAfterWipe) {
  Pcen<1> pcen(kSettings);
  float first, again;
  const float loud = 50, soft = 0.5f;
  pcen.push(&soft, &first);
  pcen.push(&loud, &again);
  pcen.wipe();
  pcen.push(&soft, &again);
  EXPECT_EQ(first, again);
}

TEST(Pcen, WorksInPlace) {
  Pcen<2> pcen(kSettings), other(kSettings);
  float in_place[2] = {1, 4}, features[2];
  other.push(in_place, features);
  pcen.push(in_place, in_place);
  EXPECT_EQ(in_place[0], features[0]);
  EXPECT_EQ(in_place[1], features[1]);
}

}  // namespace
}  // namespace mote::signal
