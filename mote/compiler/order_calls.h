#pragma once

#include <vector>

#include "mote/compiler/ops/lowering.h"

namespace mote::compiler {

/// An order of the calls in which less of the arena is in use at once, if there is one: their
/// indices; else 0, 1, 2... The calls of one node stay together. What reads a buffer still sees
/// what it saw, so that state, too, goes from run to run as it did.
///
/// Lifetimes must have been found.
std::vector<int> order_of_calls(const ops::Lowering& lowering);

/// Brings the calls into this order and finds the lifetimes anew.
void reorder_calls(ops::Lowering& lowering, const std::vector<int>& order);

}  // namespace mote::compiler
