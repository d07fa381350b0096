#include "cli/fit/fit.h"

namespace mote::cli {
namespace {

Json range_json(const power::Range& range) {
  return Json::Object{{"low", range.low}, {"high", range.high}};
}

Json target_json(const OnTarget& on) {
  Json::Object object{{"target", on.target}, {"board", on.board}};
  if (!on.run) {
    object.emplace_back("obstacle", on.obstacle.message);
    return object;
  }
  object.emplace_back("instructions", on.run->instructions);
  object.emplace_back("flash_bytes", on.flash_bytes());
  object.emplace_back("code_bytes", on.run->flash_bytes);
  object.emplace_back("const_bytes", on.run->const_bytes);
  object.emplace_back("ram_bytes", on.run->ram_bytes);
  object.emplace_back("arena_bytes", on.run->arena_bytes);
  object.emplace_back("stack_bytes", on.run->stack_bytes);
  object.emplace_back("other_ram_bytes", on.other_ram_bytes());
  return object;
}

Json figures_json(const power::Figure (&figures)[2], double supply_v) {
  Json::Array list;
  for (const power::Figure& figure : figures)
    if (figure.value != 0)
      list.push_back(Json::Object{{"value", figure.value},
                                  {"volts", figure.volts > 0 ? figure.volts : supply_v},
                                  {"what", figure.what},
                                  {"source", figure.source},
                                  {"grade", std::string(1, figure.grade)}});
  return list;
}

/// Adds what is known of the energy.
void add_energy(Json::Object& object, const OnPart& on, bool has_feed) {
  const power::PartPower* power = power::power_of(on.part.name);
  const power::CyclesEach* each = power::cycles_each(on.part.target);
  if (on.inference && power && each) {
    object.emplace_back("seconds", range_json(on.inference->seconds));
    object.emplace_back("energy_uj", range_json(on.inference->energy_uj));
    object.emplace_back("charge_uc", range_json(on.inference->charge_uc));
    object.emplace_back("current_ma", range_json(on.inference->current_ma));
    object.emplace_back("days", on.days ? range_json(*on.days) : Json());
    object.emplace_back("cycles_an_instruction", range_json(each->cycles));
    object.emplace_back("cycles_reason", each->reason);
    object.emplace_back("active_ua_per_mhz", figures_json(power->active, power->supply_v));
    object.emplace_back("sleep_ua", figures_json(power->sleep, power->supply_v));
    object.emplace_back("wake_us", power->wake_us > 0 ? Json(power->wake_us) : Json());
    object.emplace_back("power_note", power->note);
  }
  if (has_feed && !on.days) object.emplace_back("obstacle", on.obstacle);
}

Json size_json(std::int64_t bytes) { return bytes == kAnySize ? Json() : Json(bytes); }

Json part_json(const OnPart& on, bool has_feed) {
  Json::Object object{{"part", on.part.name},
                      {"core", on.part.core},
                      {"target", on.part.target.empty() ? Json() : Json(on.part.target)},
                      {"clock_mhz", on.part.clock_mhz},
                      {"part_flash_bytes", size_json(on.part.flash_bytes)},
                      {"part_ram_bytes", size_json(on.part.ram_bytes)},
                      {"source", on.part.source},
                      {"grade", std::string(1, on.part.grade)},
                      {"note", on.part.note},
                      {"flash_bytes", on.flash_bytes},
                      {"ram_bytes", on.ram_bytes},
                      {"estimate", on.is_estimate},
                      {"fits", on.fits()}};
  if (has_feed) add_energy(object, on, has_feed);
  return object;
}

}  // namespace

Json fit_json(const Fit& fit) {
  Json::Array targets, parts;
  for (const OnTarget& on : fit.targets) targets.push_back(target_json(on));
  for (const OnPart& on : fit.parts) parts.push_back(part_json(on, fit.feed.has_value()));
  Json::Object object{{"model", fit.model},
                      {"flags", fit.flags},
                      {"targets", std::move(targets)},
                      {"parts", std::move(parts)}};
  if (fit.feed) {
    const power::Cell& cell = *fit.feed->cell;
    object.emplace_back("every_s", fit.feed->period_s);
    object.emplace_back(
        "cell", Json::Object{{"name", cell.name},
                             {"volts", cell.volts},
                             {"capacity_mah", cell.capacity_mah},
                             {"usable", range_json(cell.usable)},
                             {"self_discharge_percent", range_json(cell.self_discharge_percent)},
                             {"pulse_ma", cell.pulse_ma > 0 ? Json(cell.pulse_ma) : Json()},
                             {"source", cell.source},
                             {"grade", std::string(1, cell.grade)}});
  }
  object.emplace_back("assumptions", assumptions(fit));
  return object;
}

}  // namespace mote::cli
