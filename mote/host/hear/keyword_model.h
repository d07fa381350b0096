#pragma once

#include <utility>

#include "mote/host/hear/labels.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/result.h"

namespace mote::hear {

/// What turns sound into the features of a network.
enum class FrontEnd : unsigned char {
  kVoice,     ///< listen::VoiceFrontEnd: input [1, 49, 40, 1] or [1, 1, 49, 40]
  kCepstral,  ///< listen::KeywordFrontEnd, of MLPerf Tiny's models: input [1, 49, 10, 1]
};

/// A network that hears keywords in the features of one of these front ends.
class KeywordModel {
 public:
  /// Takes a network whose input, INT8 or FLOAT32, is one that a FrontEnd makes, and whose output
  /// has one score a label.
  ///
  /// @returns kBadInput, naming what the model has instead, when it is another kind of network or
  /// the labels are not as many as its outputs.
  static Result<KeywordModel> create(runtime::Interpreter network, Labels labels);

  /// One inference. What listen::Listener asks of a model.
  ///
  ///   features  those of a window of front_end(), not quantised
  ///   scores    one in [0, 1] a label
  void classify(const float* features, float* scores);

  /// @returns kBadInput when some inference's scores were no shares of one: a network without a
  /// softmax, for which no threshold means anything.
  Result<void> check_scores() const;

  const Labels& labels() const { return labels_; }
  FrontEnd front_end() const { return front_end_; }

 private:
  KeywordModel(runtime::Interpreter network, FrontEnd front_end, Labels labels)
      : network_(std::move(network)), front_end_(front_end), labels_(std::move(labels)) {}
  runtime::Interpreter network_;
  FrontEnd front_end_;
  Labels labels_;
  float worst_sum_ = 1.0f;  ///< of the scores of an inference, the farthest from one
};

}  // namespace mote::hear
