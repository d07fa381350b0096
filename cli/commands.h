#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace mote::cli {

// One file each, in the order of the list in commands.cc.
extern const Command kInspect;
extern const Command kRun;
extern const Command kBench;
extern const Command kDiff;
extern const Command kCompile;
extern const Command kQuantize;
extern const Command kConvert;
extern const Command kShrink;
extern const Command kFit;
extern const Command kOps;
extern const Command kListen;
extern const Command kWatch;
extern const Command kSimulate;

/// The whole list, in the order in which `mote --help` shows it.
std::span<const Command* const> all_commands();
/// The command of that name; nullptr where there is none.
const Command* find_command(std::string_view name);

}  // namespace mote::cli
