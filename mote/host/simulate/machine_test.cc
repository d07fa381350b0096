#include "mote/host/simulate/machine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace mote::simulate {
namespace {

/// The amplitude of one axis at a frequency, in g.
double amplitude_at(const sources::Recording& r, int axis, double hz) {
  std::complex<double> sum = 0;
  const auto channels = static_cast<std::int64_t>(r.axes.size());
  for (std::int64_t i = 0; i < r.frames(); ++i)
    sum += std::polar(double(r.samples[i * channels + axis]),
                      -2 * std::numbers::pi * hz * double(i) / r.sample_rate_hz);
  return 2 * std::abs(sum) / double(r.frames());
}

double rms(const sources::Recording& r, double from_s, double to_s) {
  const auto channels = static_cast<std::int64_t>(r.axes.size());
  const auto begin = std::int64_t(from_s * r.sample_rate_hz),
             end = std::int64_t(to_s * r.sample_rate_hz);
  double sum = 0;
  for (std::int64_t i = begin; i < end; ++i) sum += std::pow(double(r.samples[i * channels]), 2);
  return std::sqrt(sum / double(end - begin));
}

TEST(Bearing, HasTheBallPassOrderThatItsMakerPrints) {
  EXPECT_NEAR(Bearing{}.outer_race_order(), 3.5848, 1e-3);  // SKF 6205-2RS
}

TEST(Machine, IsStrongerUnderAnotherLoad) {
  const auto r = record({.seconds = 6, .fault_onset = 1, .load = 1.6});
  EXPECT_NEAR(rms(*r, 2.5, 5.5) / rms(*r, 0, 1.9), 1.6, 0.1);
  EXPECT_NE(describe({.seconds = 6, .load = 1.6}).find("from 2.0 s on 1.6 times as strong"),
            std::string::npos);
}

TEST(Machine, SoundsTheSameForTheSameSeed) {
  const Machine machine{.seconds = 0.5, .seed = 7};
  EXPECT_EQ(record(machine)->samples, record(machine)->samples);
  Machine other = machine;
  other.seed = 8;
  EXPECT_NE(record(machine)->samples, record(other)->samples);
}

TEST(Machine, VibratesAtShaftSpeedAndAtItsGearMesh) {
  const Machine machine{.seconds = 1, .shaft_rpm = 1500, .fault_onset = 1};
  const auto recording = record(machine).value();
  EXPECT_NEAR(amplitude_at(recording, 0, 25), 0.10, 0.02);
  EXPECT_GT(amplitude_at(recording, 0, 25), 10 * amplitude_at(recording, 0, 33));
  EXPECT_GT(amplitude_at(recording, 2, 25), 0.01);
}

TEST(Machine, GrowsLouderOnlyAfterTheFaultBegan) {
  const auto recording = record({.seconds = 8, .fault_onset = 0.5}).value();
  EXPECT_NEAR(rms(recording, 3, 4) / rms(recording, 0, 1), 1, 0.1);
  EXPECT_GT(rms(recording, 7, 8) / rms(recording, 0, 1), 1.3);
}

TEST(Machine, WithAnOnsetAtTheEndIsHealthyThroughout) {
  const auto recording = record({.seconds = 4, .fault_onset = 1}).value();
  EXPECT_NEAR(rms(recording, 3, 4) / rms(recording, 0, 1), 1, 0.1);
}

TEST(Machine, RefusesAResonanceThatTheRateCannotCarry) {
  const auto recording = record({.sample_rate_hz = 6000, .resonance_hz = 3400});
  ASSERT_FALSE(recording);
  EXPECT_EQ(
      recording.error().message,
      "a resonance at 3400 Hz does not fit below half of 6000 frames a second; raise the rate");
}

TEST(Machine, RefusesARecordingThatNoFileHolds) { ASSERT_FALSE(record({.seconds = 1e9})); }

}  // namespace
}  // namespace mote::simulate
