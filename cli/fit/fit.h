#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/fit/measure.h"
#include "mote/host/power/energy.h"
#include "mote/host/power/parts.h"
#include "mote/support/json.h"

/// What `mote fit` finds out, before anything is printed.
namespace mote::cli {

/// The size of a memory that nobody gave: any network fits.
inline constexpr std::int64_t kAnySize = std::int64_t{1} << 40;

/// The network on one part, or on given sizes of memory with one target.
struct OnPart {
  power::Part part;
  const OnTarget* on = nullptr;  ///< what was measured; nullptr: nothing for its processor
  /// What the network takes. On a part that mote does not compile for, as much as the largest of
  /// the others takes.
  std::int64_t flash_bytes = 0, ram_bytes = 0;
  bool is_estimate = false;
  std::optional<power::Inference> inference;  ///< where power figures are known
  std::optional<power::Range> days;           ///< where also a cell and a sleep current are
  std::string obstacle;                       ///< why there are no days although there is a cell

  bool fits() const { return flash_bytes <= part.flash_bytes && ram_bytes <= part.ram_bytes; }
};

struct Feed {
  const power::Cell* cell = nullptr;
  std::string every;  ///< as it was given
  double period_s = 0;
};

struct Fit {
  std::string model;
  std::vector<std::string> flags;  ///< for mote compile
  std::vector<OnTarget> targets;
  std::vector<OnPart> parts;
  std::optional<Feed> feed;
};

/// How the network does on a part; nothing where nothing was measured that says it.
std::optional<OnPart> on_part(const power::Part& part, const std::vector<OnTarget>& targets,
                              const std::optional<Feed>& feed);

/// Says, where a network does not fit, by how much, and what may be done.
std::string misfit(const Fit& fit, const OnPart& on);

void print_fit(std::ostream& out, const Fit& fit);
Json fit_json(const Fit& fit);

/// What is assumed, a sentence each.
std::vector<std::string> assumptions(const Fit& fit);

}  // namespace mote::cli
