#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/passes/certificate.h"
#include "mote/compiler/passes/channels.h"
#include "mote/compiler/passes/pass.h"

namespace mote::passes {

/// What all elements of one channel lie in, whatever the network's inputs are.
struct ChannelRange {
  int low = -128, high = 127;
  Argument argument = Argument::kConstantInputs;  ///< why it is constant, where it is
  std::int64_t low_sum = 0, high_sum = 0;         ///< of a layer's channel: accumulators with bias

  bool is_constant() const { return low == high; }
  bool is_constant(int value) const { return low == value && high == value; }
};

/// By tensor, then by channel; empty for tensors that are not int8 or whose elements are not known.
using ChannelRanges = std::vector<std::vector<ChannelRange>>;

/// Interval arithmetic from the inputs to the outputs of the first subgraph.
///
/// Sums are bounded term by term. What a sum, or a pair of elements, becomes is asked of the very
/// kernels: all are monotone in it, so that the extremes' results bound the others'. Where a sum
/// might wrap, nothing is claimed.
ChannelRanges find_channel_ranges(const graph::Graph& graph, const Context& context);

/// The range of the tensor's channel; the whole of int8 where nothing is known.
inline ChannelRange range_of(const ChannelRanges& ranges, int tensor, int channel) {
  const auto& list = ranges[static_cast<std::size_t>(tensor)];
  return list.empty() ? ChannelRange() : list[static_cast<std::size_t>(channel)];
}

}  // namespace mote::passes
