#pragma once

#include "mote/core/kernels/isa/packed_twin.h"

namespace mote::isa {

/// Cortex-M4, M7 and M33.
using Dsp = PackedTwin<kDspLayout>;

}  // namespace mote::isa
