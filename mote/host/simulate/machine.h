#pragma once

#include <cstdint>
#include <string>

#include "mote/host/sources/recording.h"
#include "mote/support/result.h"

namespace mote::simulate {

/// A rolling bearing's geometry; only ratios matter.
struct Bearing {
  int balls = 9;
  double ball_to_pitch = 0.2034;  ///< ball diameter / pitch diameter; 6205: 0.3126 in / 1.537 in
  double contact_angle_rad = 0;

  /// Impacts a turn of the shaft when the outer race is damaged (ball pass order, outer race):
  /// n / 2 * (1 - d / D * cos(phi)), for rolling without slip; 3.585 for a 6205.
  double outer_race_order() const;
};

/// A small motor-driven gearbox as an accelerometer on its bearing housing feels it.
///
///   a(t) = shaft + gears + bearing + noise, in g, a different mix on each axis
///
/// - shaft: 1, 2 and 3 times shaft speed: residual imbalance, misalignment, looseness. The speed
/// wanders
///   by a few tenths of a percent, as a loaded induction motor's does.
/// - gears: three harmonics of the mesh frequency (teeth * shaft speed), amplitude-modulated once a
/// turn
///   by the wheel's eccentricity, which makes the sidebands (McFadden, "Detecting fatigue cracks in
///   gears by amplitude and phase demodulation of the meshing vibration", J. Vibration and
///   Acoustics 108, 1986).
/// - bearing: from `fault_onset` on, every ball that rolls over the damage of the outer race knocks
/// the
///   housing, which rings at its resonance and dies away (McFadden and Smith, "Model for the
///   vibration produced by a single point defect in a rolling element bearing", J. Sound and
///   Vibration 96, 1984). The balls slip: the knocks' spacing wanders by about 1 % from one to the
///   next, as a random walk, and their strength by 20 % (Antoni and Randall, "A stochastic model
///   for simulation and diagnostics of rolling element bearings with localized faults", J.
///   Vibration and Acoustics 125, 2003). The damage grows exponentially, as spalls do once begun.
/// - noise: white, plus a slow drift of all levels by about 2 % for load and temperature.
/// - load: from a third of the time on, all of it may be stronger or weaker, which is no fault.
struct Machine {
  double sample_rate_hz = 12800;
  double seconds = 60;
  int axes = 3;
  double shaft_rpm = 1480;
  int gear_teeth = 23;
  Bearing bearing;
  double resonance_hz = 3400;
  double damping = 0.04;     ///< of the resonance, a share of critical
  double noise_g = 0.05;     ///< standard deviation
  double fault_onset = 0.5;  ///< share of the recording; 1: never
  double fault_peak_g = 2;   ///< of a knock at the end; a hundredth of it at the onset
  double load = 1;           ///< from a third of the time on all is so many times as strong
  std::uint64_t seed = 1;
};

/// Frames of the longest recording: what fits in a WAV file.
inline constexpr std::int64_t kMostSamples = 500'000'000;

/// Computes the recording, in g; the same machine and seed give the same samples.
///
/// @returns kBadInput when the numbers contradict one another: a resonance or mesh above half the
/// rate, more than kMostSamples samples.
Result<sources::Recording> record(const Machine& machine);

/// The full scale of the simulated sensor: 16 bits for +-16 g.
inline constexpr double kGPerCount = 16.0 / 32768;

/// What a person needs to know to use the recording: frequencies, onset, scale.
std::string describe(const Machine& machine);

}  // namespace mote::simulate
