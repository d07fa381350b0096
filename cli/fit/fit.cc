#include "cli/fit/fit.h"

#include <algorithm>

#include "cli/format.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

const OnTarget* run_of(const std::vector<OnTarget>& targets, std::string_view target) {
  for (const OnTarget& on : targets)
    if (on.target == measured_as(target) && on.run) return &on;
  return nullptr;
}

/// Sets inference and days, where figures are known.
void add_energy(OnPart& on, const std::optional<Feed>& feed) {
  const power::PartPower* power = power::power_of(on.part.name);
  const power::CyclesEach* cycles = power::cycles_each(on.part.target);
  if (!on.on || !power || !cycles) {
    on.obstacle = "no figures of what it draws";
    return;
  }
  on.inference = power::inference(on.on->run->instructions, *cycles, on.part.clock_mhz, *power);
  if (!feed) return;
  const auto days = power::days_on(*feed->cell, *on.inference, *power, feed->period_s);
  if (!days)
    on.obstacle = days.error().message;
  else if (!*days)
    on.obstacle = "no figure of what it draws asleep";
  else
    on.days = **days;
}

}  // namespace

std::optional<OnPart> on_part(const power::Part& part, const std::vector<OnTarget>& targets,
                              const std::optional<Feed>& feed) {
  OnPart on{.part = part};
  if (part.target.empty()) {
    // No compiler here for it: as much as the largest of the 32-bit processors takes.
    for (const OnTarget& other : targets)
      if (other.run && other.target != "rv64imac") {
        on.flash_bytes = std::max(on.flash_bytes, other.flash_bytes());
        on.ram_bytes = std::max(on.ram_bytes, other.run->ram_bytes);
      }
    on.is_estimate = true;
    if (on.flash_bytes == 0) return std::nullopt;
  } else {
    on.on = run_of(targets, part.target);
    if (!on.on) return std::nullopt;
    on.flash_bytes = on.on->flash_bytes();
    on.ram_bytes = on.on->run->ram_bytes;
  }
  add_energy(on, feed);
  return on;
}

std::string misfit(const Fit& fit, const OnPart& on) {
  std::string text = cat(fit.model, " does not fit on ", on.part.name, ":");
  const auto add = [&text](std::string_view memory, std::int64_t needs, std::int64_t has) {
    if (needs > has)
      text += cat(text.back() == ':' ? " " : ", ", memory, " needs ", grouped(needs),
                  " B, there are ", grouped(has), " B");
  };
  add("flash", on.flash_bytes, on.part.flash_bytes);
  add("RAM", on.ram_bytes, on.part.ram_bytes);
  text += ". ";
  if (on.flash_bytes > on.part.flash_bytes) text += "--optimize=size takes less code; ";
  if (on.ram_bytes > on.part.ram_bytes)
    text += "--optimize=ram, and --stream for a network on a sliding window, may take less RAM; ";
  const power::Part* other = power::smallest_part(on.flash_bytes, on.ram_bytes, on.part.target);
  if (!other) other = power::smallest_part(on.flash_bytes, on.ram_bytes, "");
  text += other ? cat("a part that would do is ", other->name) : "no part of the table would do";
  return text;
}

std::vector<std::string> assumptions(const Fit& fit) {
  std::vector<std::string> all = {
      "instructions, flash and RAM are exact, of the network alone: start-up, drivers and the rest "
      "of a firmware come on top",
      "RAM is arena, data and the stack that a run uses"};
  const auto has = [&fit](auto&& what) { return std::ranges::any_of(fit.parts, what); };
  if (has([](const OnPart& on) { return on.is_estimate; }))
    all.emplace_back(
        "~: mote has no compiler for this processor; the most that any other 32-bit one takes");
  if (has([](const OnPart& on) { return on.part.core == "Cortex-M85"; }))
    all.emplace_back("Cortex-M85: code for Cortex-M55, which it runs");
  if (has([](const OnPart& on) { return on.part.target == "rv32imc"; }))
    all.emplace_back("rv32imc: as rv32imac, whose atomic instructions no network uses");
  if (!fit.feed) return all;
  const power::Cell& cell = *fit.feed->cell;
  all.push_back(cat(
      "energy and days are a first estimate, of the processor alone, without sensor and radio: an "
      "instruction takes a range of cycles that is assumed for each core, at the highest clock"));
  all.emplace_back("waking up counts where it is known how long it takes");
  all.push_back(
      "the current out of the cell is that of the figures, as through a linear regulator");
  all.push_back(cat(cell.name, ": ", grouped(static_cast<std::int64_t>(cell.capacity_mah)),
                    " mAh, of which ", number_text(100 * cell.usable.low, 2), " to ",
                    number_text(100 * cell.usable.high, 2), " % come out; it loses ",
                    number_text(cell.self_discharge_percent.low, 2), " to ",
                    number_text(cell.self_discharge_percent.high, 2), " % a year"));
  if (cell.pulse_ma > 0 && has([&](const OnPart& on) {
        return on.inference && on.inference->current_ma.high > cell.pulse_ma;
      }))
    all.push_back(cat("!: draws more than the ", number_text(cell.pulse_ma, 2),
                      " mA that the cell can give for a moment: a lower clock or a capacitor"));
  return all;
}

}  // namespace mote::cli
