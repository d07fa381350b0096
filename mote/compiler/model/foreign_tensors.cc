#include "mote/compiler/model/foreign_tensors.h"

#include <string>
#include <vector>

#include "mote/support/cat.h"

namespace mote::model {
namespace {

/// For each tensor "node 2 DEQUANTIZE", the first that reads or writes it; empty where none does.
std::vector<std::string> first_users(const graph::Graph& graph) {
  std::vector<std::string> users(graph.tensors.size());
  const auto note = [&](const std::vector<int>& tensors, const std::string& user) {
    for (int tensor : tensors)
      if (tensor >= 0 && tensor < static_cast<int>(users.size()) && users[tensor].empty())
        users[tensor] = user;
  };
  for (const graph::Node& node : graph.nodes) {
    const std::string name = cat("node ", node.index, " ", node.op);
    note(node.inputs, name);
    note(node.outputs, name);
  }
  note(graph.inputs, "as an input");
  note(graph.outputs, "as an output");
  return users;
}

}  // namespace

Result<void> drop_foreign_tensors(graph::Graph& graph, int subgraph,
                                  std::span<const ForeignTensor> foreign) {
  constexpr int kListed = 3;
  if (foreign.empty()) return {};
  const std::vector<std::string> users = first_users(graph);
  std::string list;
  int used = 0;
  for (const auto& [index, type] : foreign) {
    graph::Tensor& tensor = graph.tensors[index];
    tensor = {.name = tensor.name};
    if (users[index].empty() || ++used > kListed) continue;
    list += cat(list.empty() ? "" : "; ", "subgraph ", subgraph, " tensor ", index,
                tensor.name.empty() ? "" : cat(" '", tensor.name, "'"), " is ", type, " (",
                users[index], ")");
  }
  if (list.empty()) return {};
  return unsupported(cat(list, used > kListed ? cat("; and ", used - kListed, " more") : "",
                         "; mote has FLOAT32, BOOL and integers of 8 to 64 bits; export the model "
                         "with float32 or int8 weights, or without these operators"));
}

}  // namespace mote::model
