#pragma once

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/assign.h"
#include "mote/compiler/quantize/convert.h"
#include "mote/compiler/quantize/statistics.h"
#include "mote/support/result.h"

namespace mote::quantize {

/// Biases that make up for what rounding weights and inputs does to the means of layers' outputs:
/// the mean of w x over calibration data minus the mean of w' x', w' and x' being the rounded
/// weights and inputs, is added to each channel's bias (Nagel et al., 2019, section 4.2, with the
/// means measured; borders are taken as they are).
///
/// For CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED of Form::kInteger. `converted` is the network
/// without it. Runs all examples once.
Result<Biases> corrected_biases(const graph::Model& model, const Assignment& assignment,
                                const Converted& converted, const Calibration& calibration);

}  // namespace mote::quantize
