#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/assign.h"
#include "mote/compiler/quantize/convert.h"
#include "mote/compiler/quantize/statistics.h"
#include "mote/support/result.h"

/// How near a quantised network comes to the float one.
namespace mote::quantize {

/// Of one tensor, over all examples.
struct Fidelity {
  double signal = 0;  ///< sum of squares of what the float network has
  double noise = 0;   ///< of the differences
  std::int64_t elements = 0;
  std::int64_t clipped = 0;  ///< more than half a step outside of what the integers express
  Range seen;                ///< of the float network

  /// noise / signal; infinite where there is no signal but noise.
  double noise_share() const;
  /// Signal to quantisation noise in dB; infinite without noise.
  double sqnr_db() const;
};

/// What classes the two networks give, over all examples: of the first output, whose last
/// dimension alone is more than 1.
struct Classes {
  std::vector<int> exact, quantized;  ///< by example; empty: the output is no row of scores
  /// The share of examples for which both give the same.
  double agreement() const;
};

struct Measurement {
  std::map<int, Fidelity> tensors;  ///< by tensor of the float network, where both have it
  /// The mean share of noise in the outputs; and in the scores behind them, which are what SOFTMAX
  /// reads where that makes an output: its own rounding hides what comes before.
  double output_noise_share = 0, score_noise_share = 0;
  Classes classes;

  double output_sqnr_db() const;
};

/// Decibels of a share of noise.
double decibels(double noise_share);

/// Runs all examples in both networks. `model` is the float network that was converted.
Result<Measurement> measure(const graph::Model& model, const Assignment& assignment,
                            const Converted& converted, const Calibration& calibration);

}  // namespace mote::quantize
