#include "mote/host/simulate/machine.h"

#include <cmath>
#include <cstdio>
#include <numbers>

#include "mote/host/simulate/random.h"
#include "mote/support/cat.h"

namespace mote::simulate {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

/// The share of the time after which the load is another.
constexpr double kLoadFrom = 1.0 / 3;

/// How strongly each axis feels each part (g at the housing), and how late it feels the shaft.
struct AxisGains {
  double shaft[3], mesh[3], knock, noise, phase;
};
constexpr AxisGains kAxes[] = {
    {{0.10, 0.030, 0.012}, {0.080, 0.030, 0.010}, 1.0, 1.0, 0.0},
    {{0.08, 0.022, 0.010}, {0.060, 0.035, 0.012}, 0.7, 1.0, 1.6},
    {{0.03, 0.018, 0.006}, {0.100, 0.020, 0.008}, 0.4, 0.8, 0.7},
};

/// Noise that wanders slowly around 0 with the given spread: a first-order low-pass of white noise.
class Wander {
 public:
  Wander(double spread, double seconds, double rate)
      : keep_(std::exp(-1 / (seconds * rate))), kick_(spread * std::sqrt(1 - keep_ * keep_)) {}
  double next(Random& random) { return value_ = keep_ * value_ + kick_ * random.gaussian(); }

 private:
  double keep_, kick_, value_ = 0;
};

/// The housing's resonance, rung by the knocks: y'' + 2 z w y' + w^2 y, as a two-pole filter whose
/// impulse response is exp(-z w t) * sin(w sqrt(1 - z^2) t).
class Resonance {
 public:
  Resonance(double hz, double damping, double rate) {
    const double omega = kTurn * hz / rate, radius = std::exp(-damping * omega);
    const double angle = omega * std::sqrt(1 - damping * damping);
    a1_ = 2 * radius * std::cos(angle);
    a2_ = -radius * radius;
    gain_ = radius * std::sin(angle);
  }
  double next(double knock) {
    const double y = a1_ * y1_ + a2_ * y2_ + gain_ * knock;
    y2_ = y1_;
    return y1_ = y;
  }

 private:
  double a1_, a2_, gain_, y1_ = 0, y2_ = 0;
};

/// Damage of the outer race: a knock whenever the next ball has rolled up to it.
class OuterRace {
 public:
  OuterRace(const Machine& machine, Random& random)
      : machine_(machine),
        random_(random),
        turns_a_knock_(1 / machine.bearing.outer_race_order()) {}

  /// The knock, in g, at `turns` of the shaft and at `share` of the recording; mostly 0.
  double knock(double turns, double share) {
    if (turns < next_) return 0;
    next_ += turns_a_knock_ * (1 + 0.01 * random_.gaussian());
    const double strength = 1 + 0.2 * random_.gaussian();
    if (share < machine_.fault_onset) return 0;
    const double age = (share - machine_.fault_onset) / (1 - machine_.fault_onset);
    return machine_.fault_peak_g * std::pow(100.0, age - 1) * strength;
  }

 private:
  const Machine& machine_;
  Random& random_;
  double turns_a_knock_, next_ = 0;
};

double shaft_and_gears(const AxisGains& axis, double turns, int teeth) {
  double sum = 0;
  for (int k = 1; k <= 3; ++k) {
    sum += axis.shaft[k - 1] * std::cos(kTurn * k * turns + k * axis.phase);
    const double eccentric = 1 + 0.3 * std::cos(kTurn * turns);
    sum += axis.mesh[k - 1] * eccentric * std::cos(kTurn * k * teeth * turns + axis.phase);
  }
  return sum;
}

Result<void> check(const Machine& m) {
  const double half = m.sample_rate_hz / 2, mesh = 3 * m.gear_teeth * m.shaft_rpm / 60;
  if (m.resonance_hz >= half)
    return bad_input(cat("a resonance at ", m.resonance_hz, " Hz does not fit below half of ",
                         m.sample_rate_hz, " frames a second; raise the rate"));
  if (mesh >= half)
    return bad_input(cat("three times the mesh frequency is ", mesh,
                         " Hz, which does not fit below half of ", m.sample_rate_hz,
                         " frames a second; raise the rate or lower the speed"));
  if (m.axes < 1 || m.axes > static_cast<int>(std::size(kAxes)))
    return bad_input(cat("a machine with ", m.axes, " axes, expected one to three"));
  if (m.seconds * m.sample_rate_hz * m.axes > static_cast<double>(kMostSamples))
    return bad_input(cat(m.seconds, " s of ", m.axes, " axes are more than ", kMostSamples,
                         " samples; record less"));
  return {};
}

}  // namespace

double Bearing::outer_race_order() const {
  return 0.5 * balls * (1 - ball_to_pitch * std::cos(contact_angle_rad));
}

Result<sources::Recording> record(const Machine& m) {
  const auto sound = check(m);
  if (!sound) return tl::unexpected(sound.error());
  const auto frames = static_cast<std::int64_t>(m.seconds * m.sample_rate_hz);
  sources::Recording recording{.name = "simulated",
                               .axes = sources::default_axes(m.axes),
                               .sample_rate_hz = m.sample_rate_hz,
                               .samples = {},
                               .unit = "g"};
  recording.samples.reserve(static_cast<std::size_t>(frames * m.axes));
  Random random(m.seed);
  Wander speed(0.002, 2, m.sample_rate_hz), level(0.02, 20, m.sample_rate_hz);
  Resonance housing(m.resonance_hz, m.damping, m.sample_rate_hz);
  OuterRace race(m, random);
  double turns = 0;
  for (std::int64_t i = 0; i < frames; ++i) {
    turns += m.shaft_rpm / 60 / m.sample_rate_hz * (1 + speed.next(random));
    const double share = static_cast<double>(i) / static_cast<double>(frames);
    const double ringing = housing.next(race.knock(turns, share));
    const double louder = (1 + level.next(random)) * (share < kLoadFrom ? 1 : m.load);
    for (int a = 0; a < m.axes; ++a) {
      const AxisGains& axis = kAxes[a];
      const double felt = shaft_and_gears(axis, turns, m.gear_teeth) + axis.knock * ringing +
                          axis.noise * m.noise_g * random.gaussian();
      recording.samples.push_back(static_cast<float>(louder * felt));
    }
  }
  return recording;
}

std::string describe(const Machine& m) {
  const double shaft_hz = m.shaft_rpm / 60;
  char text[512];
  std::snprintf(
      text, sizeof text,
      "%g s, %d axes at %g Hz, 16 bits, %.9g g a count\n"
      "shaft %.2f Hz, gear mesh %.1f Hz (%d teeth), outer race %.1f Hz, resonance %g Hz\n",
      m.seconds, m.axes, m.sample_rate_hz, kGPerCount, shaft_hz, shaft_hz * m.gear_teeth,
      m.gear_teeth, shaft_hz * m.bearing.outer_race_order(), m.resonance_hz);
  std::string all = text;
  if (m.load != 1) {
    std::snprintf(text, sizeof text, "from %.1f s on %g times as strong: another load\n",
                  m.seconds * kLoadFrom, m.load);
    all += text;
  }
  if (m.fault_onset >= 1) return all + "healthy throughout\n";
  std::snprintf(
      text, sizeof text,
      "healthy for %.1f s, then a damaged outer race: knocks grow from %.3g g to %.3g g\n",
      m.seconds * m.fault_onset, m.fault_peak_g / 100, m.fault_peak_g);
  return all + text;
}

}  // namespace mote::simulate
