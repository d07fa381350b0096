#pragma once

#include "mote/compiler/ops/op.h"

/// Every operator's description; each is defined in the file of its name (or its family's).
namespace mote::ops {

extern const Op fully_connected, reshape;

}  // namespace mote::ops
