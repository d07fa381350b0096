#include <algorithm>
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
  if (bytes == kAnySize) return "any";
  if (bytes % kMb == 0) return cat(bytes / kMb, " MB");
  if (bytes >= 2 * kMb) return number_text(double(bytes) / double(kMb), 3) + " MB";
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

/// Words in lines of at most 116 columns, the further ones indented.
void print_wrapped(std::ostream& out, const std::string& first, const std::string& text,
                   std::size_t indent) {
  constexpr std::size_t kMost = 116;
  std::string line = first;
  std::size_t words = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (words > 0 && line.size() + 1 + end - at > kMost) {
      out << line << '\n';
      line.assign(indent, ' ');
      words = 0;
    }
    line += cat(words++ > 0 ? " " : "", std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  out << line << '\n';
}

std::string share_text(std::int64_t part, std::int64_t whole, bool is_estimate) {
  if (whole == kAnySize) return "-";
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

/// "running 51.6 uA/MHz at 3.0 V, from flash: its data sheet (B)".
void print_figures(std::ostream& out, std::string_view what, std::string_view unit,
                   const power::Figure (&figures)[2], double supply_v) {
  for (const power::Figure& figure : figures)
    if (figure.value != 0)
      print_wrapped(out, "  ",
                    cat(what, ' ', number_text(figure.value, 3), ' ', unit, " at ",
                        number_text(figure.volts > 0 ? figure.volts : supply_v, 2), " V, ",
                        figure.what, ": ", figure.source, " (", figure.grade, ")"),
                    4);
}

/// Where the figures of one part are from.
void print_sources(std::ostream& out, const Fit& fit) {
  const OnPart& on = fit.parts[0];
  const power::Part& part = on.part;
  if (part.source.empty()) return;
  out << "\nsources (A: the vendor's, or who measured it; B: others quote it; C: from memory)\n";
  print_wrapped(out, "  ", cat("memory and clock: ", part.source, " (", part.grade, ")"), 4);
  if (!part.note.empty()) print_wrapped(out, "  ", cat(part.name, ": ", part.note), 4);
  const power::PartPower* power = power::power_of(part.name);
  if (!fit.feed || !power || !on.inference) return;
  print_figures(out, "running", "uA/MHz", power->active, power->supply_v);
  print_figures(out, "asleep", "uA", power->sleep, power->supply_v);
  if (!power->note.empty()) print_wrapped(out, "  ", cat(part.name, ": ", power->note), 4);
  if (const power::CyclesEach* each = power::cycles_each(part.target))
    print_wrapped(out, "  ",
                  cat("cycles an instruction, ", range_text(each->cycles), ": ", each->reason), 4);
  const power::Cell& cell = *fit.feed->cell;
  print_wrapped(out, "  ", cat(cell.name, ": ", cell.source, " (", cell.grade, ")"), 4);
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
      out << "an inference every " << fit.feed->every << " on a " << fit.feed->cell->name << ":\n";
    print_parts(out, fit);
  }
  if (fit.parts.size() == 1) print_sources(out, fit);
  if (fit.parts.size() == 1 && fit.feed && !fit.parts[0].days)
    out << "\nno days: " << fit.parts[0].obstacle << '\n';
  out << '\n';
  for (const std::string& sentence : assumptions(fit)) print_wrapped(out, "- ", sentence, 2);
  if (fit.parts.size() > 1 && !fit.parts[0].part.source.empty())
    print_wrapped(out, "- ",
                  "src: where sizes of memory and clocks are from: A the vendor, B others "
                  "quote it, C from memory; --part=NAME and --json have the sources",
                  2);
}

}  // namespace mote::cli
