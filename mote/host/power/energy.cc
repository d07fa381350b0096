#include "mote/host/power/energy.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "mote/support/cat.h"

namespace mote::power {
namespace {

constexpr double kSecondsADay = 86400, kDaysAYear = 365.25;

/// The range of one figure, or of two.
Range range_of(const Figure (&figures)[2]) {
  const double first = figures[0].value, second = figures[1].value;
  if (second == 0) return {first, first};
  return {std::min(first, second), std::max(first, second)};
}

/// uW a MHz.
Range microwatts_each(const PartPower& power) {
  Figure watts[2] = {power.active[0], power.active[1]};
  for (Figure& figure : watts) figure.value *= figure.volts > 0 ? figure.volts : power.supply_v;
  return range_of(watts);
}

}  // namespace

Inference inference(std::int64_t instructions, const CyclesEach& cycles, int clock_mhz,
                    const PartPower& power) {
  const Range active = range_of(power.active);
  const auto count = static_cast<double>(instructions);
  Inference made;
  made.seconds = {count * cycles.cycles.low / (clock_mhz * 1e6),
                  count * cycles.cycles.high / (clock_mhz * 1e6)};
  made.current_ma = {active.low * clock_mhz * 1e-3, active.high * clock_mhz * 1e-3};
  made.charge_uc = {made.seconds.low * made.current_ma.low * 1e3,
                    made.seconds.high * made.current_ma.high * 1e3};
  const Range watts = microwatts_each(power);
  made.energy_uj = {made.seconds.low * clock_mhz * watts.low,
                    made.seconds.high * clock_mhz * watts.high};
  return made;
}

Result<std::optional<Range>> days_on(const Cell& cell, const Inference& inference,
                                     const PartPower& power, double period_s) {
  const double awake_s = inference.seconds.high + power.wake_us * 1e-6;
  if (awake_s > period_s)
    return fail(ErrorCode::kUsage, cat("an inference on ", power.part, " takes up to ", awake_s,
                                       " s, longer than the ", period_s, " s of --every"));
  const Range sleep = range_of(power.sleep);
  if (sleep.high == 0) return std::optional<Range>();
  const auto days = [&](double charge_uc, double current_ma, double sleep_ua, double usable,
                        double self_discharge_percent) {
    const double wake_uc = power.wake_us * 1e-6 * current_ma * 1e3;
    const double average_ua = (charge_uc + wake_uc) / period_s + sleep_ua;
    const double lost_mah = cell.capacity_mah * self_discharge_percent / 100 / kDaysAYear;
    return cell.capacity_mah * usable / (average_ua * 1e-3 * kSecondsADay / 3600 + lost_mah);
  };
  return Range{days(inference.charge_uc.high, inference.current_ma.high, sleep.high,
                    cell.usable.low, cell.self_discharge_percent.high),
               days(inference.charge_uc.low, inference.current_ma.low, sleep.low, cell.usable.high,
                    cell.self_discharge_percent.low)};
}

Result<double> seconds_of(std::string_view text) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  constexpr Unit kUnits[] = {{"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", kSecondsADay}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc())
    for (const Unit& unit : kUnits)
      if (unit.name == text.substr(static_cast<std::size_t>(end - text.data()))) {
        const double seconds = number * unit.seconds;
        if (seconds > 0 && seconds <= kDaysAYear * kSecondsADay) return seconds;
      }
  return fail(ErrorCode::kUsage,
              cat("'", text,
                  "' is no time above 0 and at most a year, such as 500ms, 30s, 5min, 1h "
                  "or 1d"));
}

}  // namespace mote::power
