#pragma once

#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/assign.h"
#include "mote/compiler/quantize/convert.h"
#include "mote/compiler/quantize/measure.h"
#include "mote/compiler/quantize/options.h"
#include "mote/compiler/quantize/statistics.h"
#include "mote/support/result.h"

/// From a float network and calibration data to a network of integers.
namespace mote::quantize {

struct Quantized {
  graph::Model exact;  ///< the float network as it was quantised: maybe equalised
  Assignment assignment;
  Converted converted;
  Measurement measurement;
  std::vector<std::string> equalized;  ///< pairs of layers; empty: it was not done
  bool bias_corrected = false;
  /// Nodes of `exact` that --min-sqnr sent back to floats, in this order.
  std::vector<int> sent_back;
};

/// Quantises `model`, which is float and as prepare() leaves it, and measures what came of it.
///
/// Of bias correction and equalisation, where the options leave the choice, those are used with
/// which the outputs for the calibration data, or the scores that SOFTMAX reads, come nearest to
/// the float network's.
///
/// @returns the network, or
/// - kBadInput: it is quantised already, the data holds what is no finite number, or an output is
///   the same number in all examples;
/// - kUnsupported: several subgraphs, or no operator that has a quantised form;
/// - kUsage: Options::keep_float names what is not there;
/// - kCheckFailed: Options::min_sqnr_db cannot be reached;
/// - what `calibration` returns.
Result<Quantized> quantize(graph::Model model, const Calibration& calibration,
                           const Options& options);

}  // namespace mote::quantize
