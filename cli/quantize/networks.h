#pragma once

#include "cli/quantize/examples.h"
#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/statistics.h"
#include "mote/support/result.h"

/// How `mote quantize` runs networks, float and quantised ones.
namespace mote::cli {

/// Leaves out what a float network does without: constants are folded, operators that do nothing
/// and those that nothing reads go.
Result<void> tidy(graph::Model& model);

/// Runs networks on these examples, with this machine's best kernels. Keeps `examples`, and calls
/// `progress` after each run.
quantize::Calibration calibration_of(const Examples& examples, std::function<void()> progress);

}  // namespace mote::cli
