#include <algorithm>

#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr std::int64_t kValid = 1;

/// Before and after each of the four dimensions.
using Paddings = std::vector<std::int32_t>;

/// That what the PAD adds stands for the real number 0, as a convolution's border does.
bool pads_with_zero(const Graph& graph, const Node& pad) {
  const Tensor &in = *graph.input(pad, 0), &out = graph.output(pad), *value = graph.input(pad, 2);
  // Sums of floats depend on how many terms there are to be grouped, be they zeros.
  if ((in.type != DType::kInt8 && in.type != DType::kInt16) || !has_same_quantization(in, out) ||
      in.is_variable)
    return false;
  if (!value) return true;
  if (!value->is_constant() || value->type != in.type) return false;
  return in.type == DType::kInt8 ? graph::values<std::int8_t>(*value)[0] == out.zero_point()
                                 : graph::values<std::int16_t>(*value)[0] == 0;
}

/// The paddings of a PAD around images; empty where it does something else.
Paddings paddings_of(const Graph& graph, const Node& pad) {
  const Tensor* paddings = graph.input(pad, 1);
  if ((pad.op != "PAD" && pad.op != "PADV2") || !paddings || !paddings->is_constant() ||
      paddings->type != DType::kInt32 || !pads_with_zero(graph, pad))
    return {};
  Paddings values = graph::values<std::int32_t>(*paddings);
  const bool pads_images =
      values.size() == 8 && !values[0] && !values[1] && !values[6] && !values[7];
  return pads_images ? values : Paddings();
}

/// How far a filter reaches along an axis of it.
int reach(const Node& conv, const Tensor& filter, std::size_t axis, const char* dilation) {
  return (filter.shape[axis] - 1) * conv.attrs.integer(dilation, 1) + 1;
}

/// Whether the convolution has no border of its own, and a new one would leave no window outside.
bool can_take(const Graph& graph, const Node& conv, const Paddings& paddings) {
  const Tensor& filter = *graph.input(conv, 1);
  if (conv.attrs.integer("padding") != kValid || conv.attrs.integer("pad_top", -1) >= 0)
    return false;
  const int high = reach(conv, filter, 1, "dilation_h_factor");
  const int wide = reach(conv, filter, 2, "dilation_w_factor");
  return std::max(paddings[2], paddings[3]) < high && std::max(paddings[4], paddings[5]) < wide;
}

/// The PAD whose work the convolution can do; nullptr where there is none.
Node* find_pad(Graph& graph, const Node& conv) {
  if (conv.op != "CONV_2D" && conv.op != "DEPTHWISE_CONV_2D") return nullptr;
  Node* pad = writer_of(graph, conv.inputs[0]);
  if (!pad || reader_count(graph, conv.inputs[0]) != 1) return nullptr;
  const Paddings paddings = paddings_of(graph, *pad);
  return !paddings.empty() && can_take(graph, conv, paddings) ? pad : nullptr;
}

Result<Changes> run(graph::Model& model, const Context&) {
  Changes changes;
  Graph& graph = model.graphs[0];
  for (Node& conv : graph.nodes) {
    const Node* pad = find_pad(graph, conv);
    if (!pad) continue;
    const Paddings paddings = paddings_of(graph, *pad);
    changes.lines.push_back(
        cat(graph::describe(graph, *pad), ": fused into ", graph::describe(graph, conv)));
    constexpr const char* kNames[] = {"pad_top", "pad_bottom", "pad_left", "pad_right"};
    for (std::size_t i = 0; i < 4; ++i) conv.attrs.set(kNames[i], std::int64_t{paddings[i + 2]});
    conv.inputs[0] = pad->inputs[0];  // the PAD is left out with all that nothing reads
  }
  return changes;
}

}  // namespace

const Pass fuse_pads = {.name = "fuse_pads",
                        .summary = "let a convolution see the border that a PAD before it makes",
                        .run = run};

}  // namespace mote::passes
