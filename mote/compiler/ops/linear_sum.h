#pragma once

#include <optional>

#include "mote/program/attrs.h"

namespace mote::ops {

/// ADD on int8 as one sum of products, where that gives what the reference gives for each of the
/// 65,536 pairs of inputs, which is tried.
///
/// The reference rounds three times: each input at the common scale, and their sum. But its steps
/// there are so fine (20 fractional bits) that the outputs' edges nearly always leave room for a
/// line: a * m1 + b * m2 + c, shifted right. The least c allowed by all pairs is taken, if it is
/// below the most.
///
/// @returns nothing where there is no such line, or its factors do not fit.
std::optional<program::LinearSumAttrs> find_linear_sum(const program::AlignedScalesAttrs& exact);

}  // namespace mote::ops
