#include "mote/compiler/graph/print.h"

#include <type_traits>

#include "mote/support/cat.h"

namespace mote::graph {
namespace {

std::string reference(int tensor) { return tensor == kNoTensor ? "none" : cat('%', tensor); }

/// "%3 'out' INT8 [1, 3]".
std::string declaration(const Graph& graph, int index) {
  const Tensor& tensor = graph.tensors[static_cast<std::size_t>(index)];
  const char* kind = tensor.is_constant() ? " constant"
                     : tensor.is_variable ? " variable"
                     : tensor.is_resource ? " resource"
                     : tensor.is_source   ? " source"
                                          : "";
  return cat(reference(index), tensor.name.empty() ? "" : cat(" '", short_name(tensor.name), "'"),
             ' ', name_of(tensor.type), ' ', describe_shape(tensor.shape), kind);
}

/// What no node before it has shown is declared, the rest named.
std::string operand(const Graph& graph, int index) {
  const bool is_declared_here =
      index != kNoTensor && (graph.tensors[static_cast<std::size_t>(index)].is_constant() ||
                             graph.tensors[static_cast<std::size_t>(index)].is_variable);
  return is_declared_here ? declaration(graph, index) : reference(index);
}

std::string text_of(const Attributes::Value& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::vector<std::int64_t>>) {
          std::string text = "[";
          for (std::size_t i = 0; i < v.size(); ++i) text += cat(i ? ", " : "", v[i]);
          return text + "]";
        } else {
          return cat(v);
        }
      },
      value);
}

std::string print(const Graph& graph, const Node& node) {
  std::string text = cat("node ", node.index, ' ', node.op, "  ");
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    text += cat(i ? ", " : "", declaration(graph, node.outputs[i]));
  text += node.inputs.empty() ? "\n" : " = ";
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    text += cat(operand(graph, node.inputs[i]), i + 1 < node.inputs.size() ? ", " : "\n");
  std::string attrs;
  for (const auto& [name, value] : node.attrs.all())
    attrs += cat(attrs.empty() ? "  " : ", ", name, ' ', text_of(value));
  return attrs.empty() ? text : cat(text, attrs, '\n');
}

}  // namespace

std::string print(const Graph& graph) {
  std::string text;
  for (int input : graph.inputs) text += cat("input   ", declaration(graph, input), '\n');
  for (const Node& node : graph.nodes) text += print(graph, node);
  for (int output : graph.outputs) text += cat("output  ", reference(output), '\n');
  return text;
}

}  // namespace mote::graph
