#pragma once

#include "mote/compiler/passes/pass.h"

/// Every pass's description; each is defined in the file of its name.
namespace mote::passes {

extern const Pass eliminate_dead_channels;
extern const Pass fold_constants;
extern const Pass fuse_activations;
extern const Pass fuse_pads;
extern const Pass legalize_uint8;
extern const Pass remove_no_ops;
extern const Pass remove_unused;

/// In programs that ask for loops, and no others: see Loops.
extern const Pass unroll_loops;
extern const Pass recognise_grus;

}  // namespace mote::passes
