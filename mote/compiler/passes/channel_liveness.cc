#include "mote/compiler/passes/channel_liveness.h"

#include <cstdlib>
#include <limits>
#include <numeric>

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;

/// A layer, and which of its output channels have been looked at.
struct LiveLayer {
  Layer layer;
  Folding folding;
  std::vector<char> is_done;
  int dead_inputs = 0;  ///< its input channels that nothing keeps, as far as is known
};

/// All channels of all tensors; those that nodes pass on are one.
class Liveness {
 public:
  Liveness(const Graph& graph, const ChannelRanges& ranges) : graph_(graph), ranges_(ranges) {
    for (const graph::Tensor& tensor : graph.tensors) {
      first_.push_back(static_cast<int>(leader_.size()));
      leader_.resize(leader_.size() + static_cast<std::size_t>(channels_of(tensor)));
    }
    std::iota(leader_.begin(), leader_.end(), 0);
    is_live_.resize(leader_.size());
  }

  LiveChannels find() {
    for (const Node& node : graph_.nodes) add(node);
    for (int input : graph_.inputs) keep_all(input);
    for (int output : graph_.outputs) keep_all(output);
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t)
      if (graph_.tensors[t].is_variable) keep_all(static_cast<int>(t));
    do spread();
    while (keep_one_each());
    return by_tensor();
  }

 private:
  int find(int i) {
    while (leader_[at(i)] != i) i = leader_[at(i)] = leader_[at(leader_[at(i)])];
    return i;
  }
  int id(int tensor, int channel) { return find(first_[at(tensor)] + channel); }
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int channels(int tensor) const { return channels_of(graph_.tensors[at(tensor)]); }
  bool is_live(int tensor, int channel) { return is_live_[at(id(tensor, channel))]; }
  void keep(int tensor, int channel) { is_live_[at(id(tensor, channel))] = true; }
  void keep_all(int tensor) {
    for (int c = 0; c < channels(tensor); ++c) keep(tensor, c);
  }

  /// Notes what a node does with channels. Ties come before anything is known to live only within
  /// one class, so joining carries life over.
  void add(const Node& node) {
    const Role role = role_of(graph_, node);
    if (role == Role::kOpaque) {
      for (int input : node.inputs)
        if (input != graph::kNoTensor) keep_all(input);
      for (int output : node.outputs) keep_all(output);
      return;
    }
    for (const Tie& tie : ties_of(graph_, node, role))
      join(id(tie.input, tie.input_channel), id(node.outputs[0], tie.output_channel));
    if (auto layer = layer_of(graph_, node)) {
      Folding folding(*layer, ranges_);
      std::vector<char> is_done(at(layer->out_channels));
      const int inputs = layer->in_channels;
      layers_.push_back({std::move(*layer), std::move(folding), std::move(is_done), inputs});
    }
  }

  void join(int a, int b) {
    is_live_[at(a)] = is_live_[at(b)] = is_live_[at(a)] || is_live_[at(b)];
    leader_[at(b)] = a;
  }

  /// From live outputs of layers to the inputs that count, until nothing new lives.
  void spread() {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto live = layers_.rbegin(); live != layers_.rend(); ++live)
        for (int o = 0; o < live->layer.out_channels; ++o) {
          if (live->is_done[at(o)] || !is_live(live->layer.output, o)) continue;
          live->is_done[at(o)] = changed = true;
          keep_inputs(*live, o);
        }
    }
  }

  /// Of most layers a few channels' weights keep all inputs; the others' need no look then.
  void keep_inputs(LiveLayer& live, int out_channel) {
    const Layer& layer = live.layer;
    if (layer.role == Role::kDepthwise || live.dead_inputs == 0) return;  // depthwise: tied
    if (range_of(ranges_, layer.output, out_channel).is_constant()) return;
    layer.each_weight(out_channel, [&](int c, int weight) {
      if (weight != 0 && !live.folding.can_fold(c)) keep(layer.input, c);
    });
    live.dead_inputs = 0;
    for (int c = 0; c < layer.in_channels; ++c) live.dead_inputs += !is_live(layer.input, c);
  }

  /// @returns whether something had to be kept for its own sake: no tensor may be empty.
  bool keep_one_each() {
    bool changed = false;
    for (int t = 0; t < static_cast<int>(graph_.tensors.size()); ++t) {
      bool any = false;
      for (int c = 0; c < channels(t) && !any; ++c) any = is_live(t, c);
      if (!any) keep(t, 0), changed = true;
    }
    return changed;
  }

  LiveChannels by_tensor() {
    LiveChannels live(graph_.tensors.size());
    for (int t = 0; t < static_cast<int>(live.size()); ++t) {
      live[at(t)].resize(at(channels(t)));
      for (int c = 0; c < channels(t); ++c) live[at(t)][at(c)] = is_live(t, c);
    }
    return live;
  }

  const Graph& graph_;
  const ChannelRanges& ranges_;
  std::vector<int> first_;   // id of a tensor's first channel
  std::vector<int> leader_;  // a forest: towards the class's first
  std::vector<char> is_live_;
  std::vector<LiveLayer> layers_;
};

}  // namespace

Folding::Folding(const Layer& layer, const ChannelRanges& ranges)
    : folds_(static_cast<std::size_t>(layer.in_channels)) {
  const auto offset_value = [&](int c) {
    return range_of(ranges, layer.input, c).low + layer.input_offset;
  };
  const auto is_constant = [&](int c) { return range_of(ranges, layer.input, c).is_constant(); };
  bool any = false, fits = true;
  for (int c = 0; c < layer.in_channels; ++c) any = any || is_constant(c);
  if (!any) return;
  for (int o = 0; o < layer.out_channels; ++o) {
    std::int64_t magnitude = std::abs(std::int64_t{layer.bias[static_cast<std::size_t>(o)]});
    layer.each_weight(o, [&](int c, int weight) {
      if (is_constant(c)) magnitude += std::abs(weight * offset_value(c));
    });
    fits = fits && magnitude <= std::numeric_limits<std::int32_t>::max();
  }
  for (int c = 0; c < layer.in_channels; ++c)
    folds_[static_cast<std::size_t>(c)] =
        is_constant(c) && (offset_value(c) == 0 || (fits && !layer.is_padded));
}

LiveChannels find_live_channels(const graph::Graph& graph, const ChannelRanges& ranges) {
  return Liveness(graph, ranges).find();
}

}  // namespace mote::passes
