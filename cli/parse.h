#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace mote::cli {

/// Reads what follows the verb as `command` declares it. `--flag value` and `--flag=value` are the
/// same, flags may stand before and after positional arguments, and after `--` nothing is a flag.
/// `--help` is accepted by every command: Args::has("--help").
///
/// @returns kUsage, with the nearest flag that exists, for what the command does not declare.
Result<Args> parse(const Command& command, std::span<const char* const> words);

}  // namespace mote::cli
