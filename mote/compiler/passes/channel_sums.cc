#include "mote/compiler/passes/channel_sums.h"

#include <algorithm>
#include <cstdlib>

namespace mote::passes {
namespace {

/// An input channel's range as it is multiplied: w times it reaches from w times its middle by |w|
/// times half its width to either side. No comparisons are needed so, of which a processor would
/// foretell half wrongly.
struct Reach {
  int twice_middle, width;
};

/// Where a window may reach over the border, a term may be missing, as if the input were zero.
std::vector<Reach> reaches_of(const Layer& layer, const std::vector<ChannelRange>& inputs) {
  std::vector<Reach> list;
  list.reserve(inputs.size());
  for (const ChannelRange& in : inputs) {
    int low = in.low + layer.input_offset, high = in.high + layer.input_offset;
    if (layer.is_padded) low = std::min(low, 0), high = std::max(high, 0);
    list.push_back({low + high, high - low});
  }
  return list;
}

ChannelRange sum_of(const Layer& layer, int channel, const std::vector<Reach>& inputs) {
  std::int64_t twice_middle = 0, width = 0;
  int any = 0;  // a bit of any weight
  layer.each_weight(channel, [&](int in_channel, int weight) {
    const Reach in = inputs[static_cast<std::size_t>(in_channel)];
    twice_middle += weight * in.twice_middle;
    width += std::abs(weight) * in.width;
    any |= weight;
  });
  const std::int64_t bias = layer.bias[static_cast<std::size_t>(channel)];
  return {.argument = width != 0 ? Argument::kClamps
                      : any != 0 ? Argument::kConstantInputs
                                 : Argument::kZeroFilter,
          .low_sum = bias + (twice_middle - width) / 2,
          .high_sum = bias + (twice_middle + width) / 2};
}

}  // namespace

std::vector<ChannelRange> ranges_of_sums(const Layer& layer,
                                         const std::vector<ChannelRange>& inputs) {
  const std::vector<Reach> reaches = reaches_of(layer, inputs);
  std::vector<ChannelRange> ranges;
  ranges.reserve(static_cast<std::size_t>(layer.out_channels));
  for (int c = 0; c < layer.out_channels; ++c) ranges.push_back(sum_of(layer, c, reaches));
  return ranges;
}

}  // namespace mote::passes
