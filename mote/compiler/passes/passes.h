#pragma once

#include "mote/compiler/passes/pass.h"

/// Every pass's description; each is defined in the file of its name.
namespace mote::passes {

extern const Pass eliminate_dead_channels;
extern const Pass remove_unused;

}  // namespace mote::passes
