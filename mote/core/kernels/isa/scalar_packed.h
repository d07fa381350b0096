#pragma once

#include "mote/core/kernels/isa/packed_twin.h"

namespace mote::isa {

/// Packed layers for processors that multiply one number by one.
using ScalarPacked = PackedTwin<kScalarPackedLayout>;

}  // namespace mote::isa
