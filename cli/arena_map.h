#pragma once

#include <ostream>

#include "mote/program/program.h"

namespace mote::cli {

/// Draws which bytes of the arena are in use during which call: time runs down, the arena to the
/// right, a letter a buffer; then the list of the buffers.
///
///     call                 0 B                 8,016 B
///        0  CONV_2D        AAAAAAAAAAABBBBBBBB
///        1  MAX_POOL_2D    CC.........BBBBBBBB
void print_arena_map(std::ostream& out, const program::Program& program);

}  // namespace mote::cli
