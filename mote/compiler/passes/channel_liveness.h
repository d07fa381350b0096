#pragma once

#include <vector>

#include "mote/compiler/passes/channel_ranges.h"

namespace mote::passes {

/// Whether a layer can do without an input channel that holds the constant of its range: what the
/// channel adds to every sum is the same and fits the biases.
class Folding {
 public:
  Folding(const Layer& layer, const ChannelRanges& ranges);
  bool can_fold(int in_channel) const { return folds_[static_cast<std::size_t>(in_channel)]; }

 private:
  std::vector<char> folds_;
};

/// By tensor of the first subgraph, then by channel, whether it must stay. (Not of bool, whose
/// vectors take many times as long to go through.)
using LiveChannels = std::vector<std::vector<char>>;

/// Which channels must stay. Tensors that opaque
/// nodes or the outside read keep all; every tensor keeps one.
///
/// Found backwards: a channel stays where a channel that stays, and is not constant, is computed
/// from it. Channels that nodes pass on stay or go together.
LiveChannels find_live_channels(const graph::Graph& graph, const ChannelRanges& ranges);

}  // namespace mote::passes
