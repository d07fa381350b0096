#include "cli/arena_map.h"

#include <algorithm>
#include <string>

#include "cli/format.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

constexpr int kWidth = 64;  ///< characters for the whole arena
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

char letter(std::size_t placement) { return kLetters[placement % kLetters.size()]; }

/// The arena during call `time`. A buffer smaller than a character is still shown.
std::string draw(const program::Program& program, int time) {
  std::string line(kWidth, '.');
  const auto column = [&](std::int64_t offset) {
    return static_cast<int>(offset * kWidth / std::max<std::int64_t>(program.arena_bytes, 1));
  };
  for (std::size_t p = 0; p < program.placements.size(); ++p) {
    const program::Placement& placement = program.placements[p];
    if (placement.first_use > time || placement.last_use < time) continue;
    const int first = std::min(column(placement.offset), kWidth - 1);
    const int last = std::max(column(placement.offset + placement.bytes), first + 1);
    for (int c = first; c < std::min(last, kWidth); ++c)
      line[static_cast<std::size_t>(c)] = letter(p);
  }
  return line;
}

}  // namespace

void print_arena_map(std::ostream& out, const program::Program& program) {
  using enum Table::Align;
  const std::string size = grouped(program.arena_bytes) + " B";
  const std::string gap(kWidth - 3 - std::min<std::size_t>(size.size(), kWidth - 3), ' ');
  Table map({{"call", kRight}, {"operator"}, {cat("0 B", gap, size)}});
  int time = 0;
  for (const auto* calls : {&program.setup, &program.calls})
    for (const program::KernelCall& call : *calls) {
      map.row({calls == &program.setup ? "setup" : std::to_string(time - int(program.setup.size())),
               call.op, draw(program, time)});
      ++time;
    }
  map.print(out);
  out << '\n';
  Table legend({{""}, {"bytes", kRight}, {"offset", kRight}, {"calls", kRight}, {"buffer"}});
  const int setup = static_cast<int>(program.setup.size());
  for (std::size_t p = 0; p < program.placements.size(); ++p) {
    const program::Placement& placement = program.placements[p];
    // An output lives on after the last call.
    const int last = std::min(placement.last_use - setup, int(program.calls.size()) - 1);
    const std::string calls =
        last < 0 ? "setup" : cat(std::max(0, placement.first_use - setup), "-", last);
    legend.row({std::string(1, letter(p)), grouped(placement.bytes), grouped(placement.offset),
                calls, shortened(placement.name)});
  }
  legend.print(out);
}

}  // namespace mote::cli
