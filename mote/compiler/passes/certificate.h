#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mote::passes {

/// Why a channel may go.
enum class Argument : std::uint8_t {
  kZeroFilter,      ///< constant: no weight of its filter counts, the bias alone decides
  kClamps,          ///< constant: every sum that it can have becomes the same output
  kConstantInputs,  ///< constant: all that it is computed from is constant
  kUnread,          ///< nothing reads it with a weight that counts
};

/// One channel that was taken out of a tensor.
struct RemovedChannel {
  int channel = 0;
  Argument argument = Argument::kUnread;
  int value = 0;              ///< what a constant channel holds, quantised
  std::int64_t low_sum = 0;   ///< kClamps: all sums, bias included, lie in
  std::int64_t high_sum = 0;  ///< [low_sum, high_sum]
};

/// A tensor that lost channels.
struct ShrunkTensor {
  int tensor = 0;                       ///< its index before
  std::string node;                     ///< that computes it: "node 3 CONV_2D 'conv1'"
  int channels = 0;                     ///< how many it had
  std::vector<RemovedChannel> removed;  ///< by channel
};

/// What a model costs.
struct Cost {
  std::int64_t macs = 0;          ///< multiply-accumulates of one inference
  std::int64_t weight_bytes = 0;  ///< of the constants that its operators read
};

/// Every channel that shrinking removed, with the argument that no output can tell.
struct Certificate {
  std::vector<ShrunkTensor> tensors;  ///< in the order of the nodes that compute them
  Cost before, after;
};

}  // namespace mote::passes
