#include "mote/compiler/passes/bands_source.h"

#include <algorithm>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/bands_schedule.h"
#include "mote/compiler/passes/rewire.h"
#include "mote/support/cat.h"

namespace mote::passes {

using graph::Graph;
using graph::Tensor;

Result<void> keep_input_outside(graph::Model& model) {
  Graph& graph = model.graphs[0];
  constexpr const char* kExpected =
      ", expected one image [1, height, width, channels]; without --read-rows it can be whole";
  if (graph.inputs.size() != 1)
    return unsupported(cat("an input is read in rows where it is the only one: the network has ",
                           graph.inputs.size(), kExpected));
  const int input = graph.inputs[0];
  Tensor whole = graph.tensors[static_cast<std::size_t>(input)];
  if (whole.shape.size() != 4 || whole.shape[0] != 1 || whole.is_variable)
    return unsupported(cat("the input '", whole.name, "' ", graph::describe_shape(whole.shape),
                           " cannot be read in rows", kExpected));
  graph.tensors[static_cast<std::size_t>(input)].is_source = true;
  const bool from_uint8 = std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const auto& n) {
    return n.from_uint8 && std::count(n.inputs.begin(), n.inputs.end(), input) > 0;
  });
  const int rows = add_tensor(model, std::move(whole));
  redirect_readers(graph, input, rows);
  std::replace(graph.outputs.begin(), graph.outputs.end(), input, rows);
  graph::Node node{.index = graph::kAdded,
                   .op = std::string(kReadRows),
                   .inputs = {input},
                   .outputs = {rows},
                   .from_uint8 = from_uint8};
  node.attrs.set("first", std::int64_t{0});
  graph.nodes.insert(graph.nodes.begin(), std::move(node));
  return {};
}

std::string describe_reads(const Graph& graph) {
  const Tensor& input = graph.tensors[static_cast<std::size_t>(graph.inputs[0])];
  int reads = 0, most = 0;
  for (const graph::Node& node : graph.nodes)
    if (node.op == kReadRows) ++reads, most = std::max(most, graph.output(node).shape[1]);
  return cat("input '", input.name, "' stays with the caller: ", reads,
             reads == 1 ? " read of " : " reads of at most ", most, " of its ", input.shape[1],
             " rows, ", most * row_bytes(input), " B");
}

}  // namespace mote::passes
