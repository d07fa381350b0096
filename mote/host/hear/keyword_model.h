#pragma once

#include <utility>

#include "mote/host/hear/labels.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/result.h"

namespace mote::hear {

/// A network that hears keywords in the features of listen::KeywordFrontEnd.
class KeywordModel {
 public:
  /// Takes a network whose input is [1, 49, 10, 1], INT8 or FLOAT32, and whose output has one score
  /// a label.
  ///
  /// @returns kBadInput, naming what the model has instead, when it is another kind of network or
  /// the labels are not as many as its outputs.
  static Result<KeywordModel> create(runtime::Interpreter network, Labels labels);

  /// One inference. What listen::Listener asks of a model.
  ///
  ///   features  490 coefficients, not quantised
  ///   scores    one in [0, 1] a label
  void classify(const float* features, float* scores);

  /// @returns kBadInput when some inference's scores were no shares of one: a network without a
  /// softmax, for which no threshold means anything.
  Result<void> check_scores() const;

  const Labels& labels() const { return labels_; }

 private:
  KeywordModel(runtime::Interpreter network, Labels labels)
      : network_(std::move(network)), labels_(std::move(labels)) {}
  runtime::Interpreter network_;
  Labels labels_;
  float worst_sum_ = 1.0f;  ///< of the scores of an inference, the farthest from one
};

}  // namespace mote::hear
