#include <cstdio>
#include <ostream>

#include "cli/fit/fit.h"
#include "cli/format.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

constexpr auto kRight = Table::Align::kRight;

/// "2 MB", "640 KB": sizes of memories.
std::string memory_text(std::int64_t bytes) {
  constexpr std::int64_t kKb = 1024, kMb = kKb * 1024;
  if (bytes >= 2 * kMb || (bytes >= kMb && bytes % kMb == 0))
    return number_text(double(bytes) / double(kMb), 3) + " MB";
  return bytes % kKb == 0 ? cat(bytes / kKb, " KB") : grouped(bytes) + " B";
}

/// "2.3", "0.61", "140": three digits at most, no zeros behind the point.
std::string short_number(double value) {
  if (value >= 1000) return grouped(static_cast<std::int64_t>(value + 0.5));
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", value < 9.95 ? 1 : 0, value);
  if (value < 0.95) std::snprintf(text, sizeof text, "%.1g", value);
  return text;
}

std::string share_text(std::int64_t part, std::int64_t whole, bool is_estimate) {
  const double percent = 100.0 * double(part) / double(whole);
  return cat(is_estimate ? "~" : "", short_number(percent), " %");
}

std::string range_text(const power::Range& range) {
  return cat(short_number(range.low), "..", short_number(range.high));
}

/// Cells are not kept longer than ten years, and nobody knows what then is.
std::string days_text(const OnPart& on) {
  constexpr double kShelfLife = 3650;
  if (!on.days) return "-";
  if (on.days->low >= kShelfLife) return "over 3,650";
  if (on.days->high >= kShelfLife) return cat(short_number(on.days->low), "..3,650+");
  return range_text(*on.days);
}

void print_targets(std::ostream& out, const Fit& fit) {
  Table table({{"target"},
               {"instructions", kRight},
               {"flash B", kRight},
               {"code", kRight},
               {"constants", kRight},
               {"RAM B", kRight},
               {"arena", kRight},
               {"stack", kRight},
               {"other", kRight},
               {"measured on"}});
  for (const OnTarget& on : fit.targets) {
    if (!on.run) {
      table.row({on.target, "-", "-", "-", "-", "-", "-", "-", "-", on.board});
      continue;
    }
    table.row({on.target, grouped(on.run->instructions), grouped(on.flash_bytes()),
               grouped(on.run->flash_bytes), grouped(on.run->const_bytes),
               grouped(on.run->ram_bytes), grouped(on.run->arena_bytes),
               grouped(on.run->stack_bytes), grouped(on.other_ram_bytes()),
               on.board + " under QEMU"});
  }
  table.print(out);
  for (const OnTarget& on : fit.targets)
    if (!on.run) out << on.target << ": " << on.obstacle.message << '\n';
}

void print_parts(std::ostream& out, const Fit& fit) {
  std::vector<Table::Column> columns = {{"part"},          {"core"},        {"flash", kRight},
                                        {"taken", kRight}, {"RAM", kRight}, {"taken", kRight},
                                        {"fits"},          {"src"}};
  if (fit.feed) {
    columns.push_back({"ms", kRight});
    columns.push_back({"uJ", kRight});
    columns.push_back({"days", kRight});
    columns.push_back({""});
  }
  Table table(columns);
  for (const OnPart& on : fit.parts) {
    std::vector<std::string> row = {std::string(on.part.name),
                                    std::string(on.part.core),
                                    memory_text(on.part.flash_bytes),
                                    share_text(on.flash_bytes, on.part.flash_bytes, on.is_estimate),
                                    memory_text(on.part.ram_bytes),
                                    share_text(on.ram_bytes, on.part.ram_bytes, on.is_estimate),
                                    on.fits() ? "yes" : "NO",
                                    std::string(1, on.part.grade)};
    if (fit.feed) {
      const bool known = on.inference.has_value();
      const double most = fit.feed->cell->pulse_ma;
      row.push_back(
          known ? range_text({1e3 * on.inference->seconds.low, 1e3 * on.inference->seconds.high})
                : "-");
      row.push_back(known ? range_text(on.inference->energy_uj) : "-");
      row.push_back(days_text(on));
      row.emplace_back(known && most > 0 && on.inference->current_ma.high > most ? "!" : "");
    }
    table.row(std::move(row));
  }
  table.print(out);
}

/// What is known of one part, with sources.
void print_sources(std::ostream& out, const OnPart& on) {
  const power::Part& part = on.part;
  if (part.source.empty()) return;
  out << "\nsources (A: the vendor's document; B: others quote it; C: from memory)\n  memory: "
      << part.source << " (" << part.grade << ")\n";
  if (!part.note.empty()) out << "  " << part.name << ": " << part.note << '\n';
  const power::PartPower* power = power::power_of(part.name);
  if (!power || !on.inference) return;
  const auto list = [&](std::string_view what, std::string_view unit, const power::Figure& figure) {
    if (figure.value == 0) return;
    out << "  " << what << ' ' << number_text(figure.value, 3) << ' ' << unit << " at "
        << number_text(figure.volts > 0 ? figure.volts : power->supply_v, 2) << " V, "
        << figure.what << ": " << figure.source << " (" << figure.grade << ")\n";
  };
  for (const power::Figure& figure : power->active) list("running", "uA/MHz", figure);
  for (const power::Figure& figure : power->sleep) list("asleep", "uA", figure);
  if (!power->note.empty()) out << "  " << part.name << ": " << power->note << '\n';
  if (const power::CyclesEach* each = power::cycles_each(part.target))
    out << "  cycles an instruction " << range_text(each->cycles) << ": " << each->reason << '\n';
}

}  // namespace

void print_fit(std::ostream& out, const Fit& fit) {
  out << fit.model;
  for (const std::string& flag : fit.flags) out << ' ' << flag;
  out << "\n\n";
  print_targets(out, fit);
  if (!fit.parts.empty()) {
    out << '\n';
    if (fit.feed)
      out << "an inference every " << duration_text(fit.feed->period_s) << " from a "
          << fit.feed->cell->name << ":\n";
    print_parts(out, fit);
  }
  if (fit.parts.size() == 1) print_sources(out, fit.parts[0]);
  if (fit.parts.size() == 1 && fit.feed && !fit.parts[0].days)
    out << "\nno days: " << fit.parts[0].obstacle << '\n';
  out << '\n';
  for (const std::string& sentence : assumptions(fit)) out << "- " << sentence << '\n';
  if (fit.parts.size() > 1)
    out << "- src: where the sizes of memory are from: A the vendor's document, B others quote it, "
           "C from "
           "memory; --part=NAME or --json have the sources\n";
}

}  // namespace mote::cli
