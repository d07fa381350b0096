#pragma once

#include <cstdint>
#include <random>

#include "mote/compiler/graph/graph.h"

namespace mote::fuzz {

/// Changes one thing in a model: a dimension, a type, a scale, an option, an edge, an operator or a
/// constant's values. Constants keep the size that their shapes say; nothing else is kept
/// consistent.
///
/// Changes of bytes rarely get past the reader; these do, and try what the operators check.
void mutate(graph::Model& model, std::mt19937& random);

}  // namespace mote::fuzz
