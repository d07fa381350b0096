#pragma once

#include <vector>

#include "mote/compiler/passes/channel_ranges.h"

namespace mote::passes {

/// What the layer's accumulators with bias lie in, by output channel, where its input channels lie
/// in `inputs`; of each range, `low` and `high` are not known yet. Sums are bounded term by term.
std::vector<ChannelRange> ranges_of_sums(const Layer& layer,
                                         const std::vector<ChannelRange>& inputs);

}  // namespace mote::passes
