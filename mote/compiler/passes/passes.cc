#include "mote/compiler/passes/passes.h"

#include <algorithm>

namespace mote::passes {
namespace {

/// The whole list, in the order in which they run.
constexpr const Pass* kPasses[] = {&legalize_uint8,   &fold_constants, &remove_no_ops,
                                   &fuse_activations, &fuse_pads,      &eliminate_dead_channels,
                                   &remove_unused};

}  // namespace

std::span<const Pass* const> all_passes() { return kPasses; }

const Pass* find_pass(std::string_view name) {
  const auto* it = std::find_if(std::begin(kPasses), std::end(kPasses),
                                [&](const Pass* pass) { return pass->name == name; });
  return it == std::end(kPasses) ? nullptr : *it;
}

}  // namespace mote::passes
