#pragma once

#include <utility>

#include "mote/core/watch/features.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/result.h"

namespace mote::diagnose {

/// A trained network that reproduces the features of a healthy axis: what learn::Reconstruction
/// asks of a model (models/machine_health).
class Autoencoder {
 public:
  /// Takes a network with one input and one output, INT8 or FLOAT32, of one and the same number of
  /// features. @returns kBadInput, naming what the model has instead.
  static Result<Autoencoder> create(runtime::Interpreter network);

  /// Features of an axis.
  int width() const { return width_; }

  /// One inference.
  ///
  ///   z    width() features in spreads from their healthy centre
  ///   out  as many: what the network makes of them
  void reconstruct(const float* z, float* out);

  /// @returns kBadInput when windows of this plan have another number of features an axis.
  Result<void> check_fits(const watch::FeaturePlan& plan) const;

 private:
  Autoencoder(runtime::Interpreter network, int width)
      : network_(std::move(network)), width_(width) {}
  runtime::Interpreter network_;
  int width_;
};

}  // namespace mote::diagnose
