#include <optional>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// Resource variables: state under a name, that READ_VARIABLE and ASSIGN_VARIABLE reach through a
/// handle. The name means the same in every subgraph.
namespace mote::ops {
namespace {

/// The node that makes this handle; nullptr where none does.
const graph::Node* maker_of(const graph::Graph& graph, int handle) {
  for (const graph::Node& node : graph.nodes)
    for (int output : node.outputs)
      if (output == handle && node.op == "VAR_HANDLE" && !node.is_custom) return &node;
  return nullptr;
}

std::string key_of(const graph::Node& handle) {
  return cat(handle.attrs.text("container"), "/", handle.attrs.text("shared_name"));
}

/// A variable as the first assignment of the model, in the order of its subgraphs, makes it.
struct Variable {
  std::int64_t bytes = 0;
  std::uint8_t fill = 0;  ///< the reference fills it with the low byte of that tensor's zero point
};

std::optional<Variable> find_variable(const graph::Model& model, const std::string& key) {
  for (const graph::Graph& graph : model.graphs)
    for (const graph::Node& node : graph.nodes) {
      if (node.op != "ASSIGN_VARIABLE" || node.is_custom) continue;
      const graph::Node* handle = maker_of(graph, node.inputs[0]);
      if (!handle || key_of(*handle) != key) continue;
      const graph::Tensor& value = *graph.input(node, 1);
      return Variable{.bytes = graph::byte_count(value),
                      .fill = static_cast<std::uint8_t>(value.zero_point())};
    }
  return std::nullopt;
}

Result<void> check_handle(const graph::Graph& graph, const graph::Node& node) {
  if (maker_of(graph, node.inputs[0])) return {};
  return unsupported(cat("its handle '", graph.input(node, 0)->name,
                         "' does not come from a VAR_HANDLE of the same subgraph, expected one"));
}

Result<void> check_read(const graph::Graph& graph, const graph::Node& node) {
  if (graph.output(node).is_resource) return bad_input("it gives a handle, expected numbers");
  return check_handle(graph, node);
}

Result<void> check_assign(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(check_handle(graph, node));
  const graph::Tensor* value = graph.input(node, 1);
  if (!value) return bad_input("it assigns nothing, expected a tensor");
  return {};
}

/// The variable's memory, as the bytes of the tensor that is read or assigned.
Result<DraftOperand> memory_of(const graph::Graph& graph, const graph::Node& node,
                               const graph::Tensor& value, Lowering& lowering) {
  const std::string key = key_of(*maker_of(graph, node.inputs[0]));
  const auto variable = find_variable(lowering.model(), key);
  if (!variable)
    return unsupported(cat(graph::describe(graph, node), ": no node assigns the variable '", key,
                           "', expected one, since it says its size"));
  if (variable->bytes != graph::byte_count(value))
    return bad_input(cat(graph::describe(graph, node), ": '", value.name, "' has ",
                         graph::byte_count(value), " B, but the variable '", key,
                         "' was made with ", variable->bytes, " B"));
  return lowering.state(key, DType::kInt8, Extents(static_cast<int>(variable->bytes)),
                        variable->fill);
}

DraftOperand as_bytes(DraftOperand operand, const Extents& bytes) {
  operand.operand.type = DType::kInt8;
  operand.operand.shape = bytes;
  return operand;
}

Result<void> lower_read(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  auto memory = memory_of(graph, node, graph.output(node), lowering);
  if (!memory) return tl::unexpected(memory.error());
  memory->operand.access = Access::kRead;
  const Extents bytes = memory->operand.shape;
  lowering.call({.kernel = "copy_s8",
                 .operands = {*memory, as_bytes(lowering.write(node.outputs[0]), bytes)}});
  return {};
}

Result<void> lower_assign(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  auto memory = memory_of(graph, node, *graph.input(node, 1), lowering);
  if (!memory) return tl::unexpected(memory.error());
  memory->operand.access = Access::kWrite;
  const Extents bytes = memory->operand.shape;
  lowering.call(
      {.kernel = "copy_s8", .operands = {as_bytes(lowering.read(node.inputs[1]), bytes), *memory}});
  return {};
}

Result<void> check_var_handle(const graph::Graph& graph, const graph::Node& node) {
  if (graph.output(node).is_resource) return {};
  return bad_input("its output is no resource handle, expected one");
}

Result<void> lower_var_handle(const graph::Graph&, const graph::Node&, Lowering&) { return {}; }

Result<void> check_call_once(const graph::Graph&, const graph::Node& node) {
  if (node.attrs.integer("init_subgraph_index") > 0) return {};
  return bad_input(cat("it calls subgraph ", node.attrs.integer("init_subgraph_index"),
                       ", expected one of the further subgraphs"));
}

Result<void> lower_call_once(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  const int index = node.attrs.integer("init_subgraph_index");
  const auto count = static_cast<int>(lowering.model().graphs.size());
  if (index >= count)
    return bad_input(cat(graph::describe(graph, node), ": it calls subgraph ", index,
                         ", but the model has ", count));
  if (!lowering.model().graphs[static_cast<std::size_t>(index)].inputs.empty())
    return unsupported(
        cat(graph::describe(graph, node), ": subgraph ", index, " has inputs, expected none"));
  return lowering.setup(index);
}

using enum DType;
constexpr auto& kSignatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32, kInt64, kBool>;

}  // namespace

const Op var_handle = {.tflite_name = "VAR_HANDLE",
                       .signatures = {},
                       .min_inputs = 0,
                       .max_inputs = 0,
                       .check = check_var_handle,
                       .lower = lower_var_handle,
                       .notes = "costs nothing: names a variable",
                       .takes_handles = true};
const Op read_variable = {.tflite_name = "READ_VARIABLE",
                          .signatures = kSignatures,
                          .check = check_read,
                          .lower = lower_read,
                          .notes = "some node must assign the variable",
                          .takes_handles = true};
const Op assign_variable = {.tflite_name = "ASSIGN_VARIABLE",
                            .signatures = {},
                            .min_inputs = 2,
                            .max_inputs = 2,
                            .min_outputs = 0,
                            .max_outputs = 0,
                            .check = check_assign,
                            .lower = lower_assign,
                            .notes = "of any type",
                            .takes_handles = true};
const Op call_once = {.tflite_name = "CALL_ONCE",
                      .signatures = {},
                      .min_inputs = 0,
                      .max_inputs = 0,
                      .min_outputs = 0,
                      .max_outputs = 0,
                      .check = check_call_once,
                      .lower = lower_call_once,
                      .notes = "runs at each reset, before the first inference"};

}  // namespace mote::ops
