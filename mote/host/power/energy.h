#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mote/support/result.h"

namespace mote::power {

/// From the least to the most that is expected.
struct Range {
  double low = 0, high = 0;
};

/// A figure that somebody published.
struct Figure {
  double value = 0;
  std::string_view what;    ///< how it came about: "measured, running a network"
  std::string_view source;  ///< a document
  char grade = 'C';         ///< as Part::grade
  double volts = 0;         ///< that it was taken at, where not at PartPower::supply_v
};

/// What a part draws. The better figure comes first: what was measured before what a headline says.
struct PartPower {
  std::string_view part;  ///< as Part::name
  double supply_v = 3;    ///< that the figures were taken at
  Figure active[2];       ///< uA a MHz; the second's value is 0 where there is one only
  Figure sleep[2];        ///< uA, RAM kept and a timer running; the same. 0 in both: not known
  double wake_us = 0;     ///< from sleep to running, at the current of running; 0: not known
  std::string_view note = "";
};

/// All that are known; at most one a part.
std::span<const PartPower> all_part_powers();
/// nullptr where nothing is known of a part.
const PartPower* power_of(std::string_view part);

/// Cycles that an instruction takes, of a whole network, on a core: an estimate.
struct CyclesEach {
  std::string_view target;  ///< as mote compile has it
  Range cycles;
  std::string_view reason;
};
std::span<const CyclesEach> all_cycles_each();
/// nullptr where there is no estimate.
const CyclesEach* cycles_each(std::string_view target);

/// What feeds a part.
struct Cell {
  std::string_view name;  ///< "CR2032"
  double volts = 3;
  double capacity_mah = 0;       ///< nominal
  Range usable;                  ///< share of it that comes out
  Range self_discharge_percent;  ///< of the nominal capacity a year
  double pulse_ma = 0;           ///< the most for some milliseconds; 0: no matter here
  std::string_view source;
  char grade = 'C';
};
std::span<const Cell> all_cells();
/// Case does not matter. @returns kUsage with all names where there is none of that name.
Result<const Cell*> find_cell(std::string_view name);

/// The processor's work, alone.
struct Inference {
  Range seconds;
  Range energy_uj;   ///< at the supply of the figures
  Range charge_uc;   ///< out of the cell: the current is the same through a linear regulator
  Range current_ma;  ///< while it runs
};

/// What one run of `instructions` takes at `clock_mhz`.
Inference inference(std::int64_t instructions, const CyclesEach& cycles, int clock_mhz,
                    const PartPower& power);

/// Days on a cell with an inference every `period_s`, sleeping in between; the cell's
/// self-discharge is a constant current. Nothing where the sleep current is not known.
/// @returns kUsage where an inference takes longer than the period.
Result<std::optional<Range>> days_on(const Cell& cell, const Inference& inference,
                                     const PartPower& power, double period_s);

/// "5min", "30s", "1h", "1d" or "500ms" in seconds.
/// @returns kUsage for anything else, and for what is not above 0 and at most a year.
Result<double> seconds_of(std::string_view text);

}  // namespace mote::power
