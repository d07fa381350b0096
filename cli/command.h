#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/support/result.h"

namespace mote::cli {

/// One `--flag` of a command, declared once: the parser and the help are both made from it.
struct Flag {
  std::string_view name;   ///< with its dashes: "--top"
  std::string_view value;  ///< what stands for the value in the help ("N", "FILE"); empty: a switch
  std::string_view help;   ///< one line; says the unit and the default
  bool repeated = false;   ///< may be given more than once, or take several values
};

/// What the user typed, already checked against the command's declarations.
class Args {
 public:
  std::vector<std::string> positional;
  std::map<std::string, std::vector<std::string>, std::less<>> flags;

  bool has(std::string_view flag) const { return flags.find(flag) != flags.end(); }
  /// The flag's last value, or `fallback` where it was not given.
  std::string text(std::string_view flag, std::string_view fallback = "") const;
  /// All values of a repeated flag, in order.
  std::vector<std::string> texts(std::string_view flag) const;
  /// The flag's value as a whole number within [low, high].
  /// @returns kUsage, naming the flag and the range, when it is not one.
  Result<std::int64_t> integer(std::string_view flag, std::int64_t fallback, std::int64_t low,
                               std::int64_t high) const;
  /// The flag's value as a finite number within [low, high]; errors as for integer().
  Result<double> number(std::string_view flag, double fallback, double low, double high) const;
};

/// One verb of `mote`: one file in cli/, one row in commands.cc.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line, for the list of commands
  std::string_view usage;    ///< the whole line: "mote watch RECORDING [--baseline RECORDING...]"
  std::string_view details;  ///< a few lines for `mote VERB --help`: what it prints, an example
  std::span<const Flag> flags;
  int min_positional = 1, max_positional = 1;
  /// Does the work; results go to `out` (standard output), progress and notes to std::cerr.
  Result<void> (*run)(const Args& args, std::ostream& out);
};

}  // namespace mote::cli
