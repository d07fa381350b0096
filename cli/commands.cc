#include "cli/commands.h"

#include <algorithm>

namespace mote::cli {
namespace {

/// The whole list. A command that is not here does not exist.
constexpr const Command* kCommands[] = {&kInspect, &kRun,     &kBench,   &kDiff, &kQuantize,
                                        &kCompile, &kConvert, &kShrink,  &kFit,  &kOps,
                                        &kListen,  &kWatch,   &kSimulate};

}  // namespace

std::span<const Command* const> all_commands() { return kCommands; }

const Command* find_command(std::string_view name) {
  const auto* it = std::find_if(std::begin(kCommands), std::end(kCommands),
                                [&](const Command* command) { return command->name == name; });
  return it == std::end(kCommands) ? nullptr : *it;
}

}  // namespace mote::cli
