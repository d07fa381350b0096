#pragma once

#include <ostream>
#include <span>
#include <string_view>

#include "cli/command.h"

namespace mote::cli {

/// `mote --help`: the commands, a line each, and how to begin.
void print_overview(std::ostream& out);
/// `mote VERB --help`, made from the command's declarations.
void print_help(const Command& command, std::ostream& out);

/// The one of `known` that a mistyped `word` most likely meant; empty where none is close.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace mote::cli
