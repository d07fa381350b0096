#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/quantize/ranges.h"
#include "mote/support/result.h"

/// What calibration data does in the float network.
namespace mote::quantize {

/// Is shown a value of a network: the tensor's index, and its elements as real numbers.
using See = std::function<void(int tensor, std::span<const float> values)>;

/// Runs one example, and shows what every tensor of floats or quantised numbers holds: inputs
/// first, then each as soon as it is made. Such values that lie in another's memory unchanged may
/// be left out.
using RunExample = std::function<void(int example, const See& see)>;

/// The calibration data, and what runs a network on it: this module knows no interpreter.
struct Calibration {
  int examples = 0;
  /// Makes a network ready, float or quantised, whose inputs are those of the float one.
  std::function<Result<RunExample>(const graph::Model&)> load;
  /// Which nodes, by their place in the first subgraph, cannot be run as they are.
  std::function<std::vector<int>(const graph::Model&)> refused;
  /// Told how far the work is: runs done.
  std::function<void()> progress = [] {};
};

/// Histograms of the tensors of a network.
class Statistics {
 public:
  /// Runs all examples, twice: for the extremes, then for what lies between.
  ///
  /// @returns kBadInput where a value is not a finite number, which names tensor and example.
  static Result<Statistics> collect(const graph::Model& model, const Calibration& calibration);

  /// Of a tensor that was seen; nullptr for others.
  const Histogram* of(int tensor) const;

 private:
  std::map<int, Histogram> histograms_;
};

}  // namespace mote::quantize
