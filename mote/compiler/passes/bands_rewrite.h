#pragma once

#include <cstdint>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/bands_schedule.h"

namespace mote::passes {

/// Puts in place of the region's nodes their bands, one after another.
///
/// What a band makes of a tensor stands behind the rows that were kept of the band before, in a
/// CONCATENATION; readers take SLICEs of that. The exit is the CONCATENATION of what all bands
/// make, and entries are read by SLICEs. All of these but the kept rows lie where they are wanted
/// once memory is shared.
///
/// @returns the bytes that are copied in each run: the rows that are kept.
std::int64_t rewrite_in_bands(graph::Model& model, const RowRules& rules, const Schedule& schedule);

}  // namespace mote::passes
