#include "cli/help.h"

#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

/// "  --input FILE   what it does": two columns, the second starting at `column`.
void print_row(std::ostream& out, std::string_view left, std::string_view right,
               std::size_t column) {
  out << "  " << left << std::string(column - std::min(column, left.size()) + 2, ' ') << right
      << '\n';
}

std::string signature(const Flag& flag) {
  return flag.value.empty() ? std::string(flag.name)
                            : cat(flag.name, "=", flag.value, flag.repeated ? " ..." : "");
}

/// How many letters to change, add or leave out to get from `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row[b.size()];
}

}  // namespace

void print_overview(std::ostream& out) {
  out << "mote runs trained networks where the sensor is: on Linux and on microcontrollers,\n"
         "same code, same bits.\n\n"
         "usage: mote COMMAND ... [--flag=value ...]\n\ncommands:\n";
  std::size_t column = 0;
  for (const Command* command : all_commands()) column = std::max(column, command->name.size());
  for (const Command* command : all_commands())
    print_row(out, command->name, command->summary, column);
  out << "\n`mote COMMAND --help` explains a command and shows examples; `mote --version` says\n"
         "which mote this is. `-` in place of a file is standard input or output.\n\n"
         "exit codes: 0 it worked, 1 an input is at fault, 2 the command line is wrong,\n"
         "            3 a check that was asked for did not hold\n";
}

void print_help(const Command& command, std::ostream& out) {
  out << "mote " << command.name << ": " << command.summary << "\n\nusage: " << command.usage
      << '\n';
  if (!command.details.empty()) {
    std::string_view details = command.details;
    while (!details.empty() && details.back() == '\n') details.remove_suffix(1);
    out << '\n' << details << '\n';
  }
  out << "\nflags:\n";
  std::size_t column = std::string_view("--help").size();
  for (const Flag& flag : command.flags) column = std::max(column, signature(flag).size());
  for (const Flag& flag : command.flags) print_row(out, signature(flag), flag.help, column);
  print_row(out, "--help", "this text", column);
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (std::string_view candidate : known) {
    const bool begins = word.size() >= 3 && candidate.starts_with(word);
    const std::size_t distance = begins ? 1 : edit_distance(word, candidate);
    if (distance < least) least = distance, best = candidate;
  }
  return best;
}

}  // namespace mote::cli
