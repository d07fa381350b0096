#include "mote/compiler/passes/constants.h"

namespace mote::passes {

int add_tensor(graph::Model& model, graph::Tensor tensor) {
  auto& tensors = model.graphs[0].tensors;
  tensors.push_back(std::move(tensor));
  return static_cast<int>(tensors.size()) - 1;
}

int add_constant(graph::Model& model, graph::Tensor tensor, std::vector<std::byte> bytes) {
  model.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor.data = *model.storage.back();
  return add_tensor(model, std::move(tensor));
}

}  // namespace mote::passes
