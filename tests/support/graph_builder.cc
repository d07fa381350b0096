#include "tests/support/graph_builder.h"

#include "mote/support/cat.h"

namespace mote::tests {

int GraphBuilder::add(graph::Tensor tensor) {
  const int index = static_cast<int>(graph().tensors.size());
  if (tensor.name.empty()) tensor.name = cat("t", index);
  graph().tensors.push_back(std::move(tensor));
  return index;
}

int GraphBuilder::value(DType type, std::vector<int> shape, Quant quant) {
  return add({.type = type,
              .shape = std::move(shape),
              .quant = {std::move(quant.scale), std::move(quant.zero_point), quant.axis}});
}

int GraphBuilder::input(DType type, std::vector<int> shape, Quant quant) {
  const int index = value(type, std::move(shape), std::move(quant));
  graph().inputs.push_back(index);
  return index;
}

int GraphBuilder::variable(DType type, std::vector<int> shape, Quant quant) {
  const int index = value(type, std::move(shape), std::move(quant));
  graph().tensors.back().is_variable = true;
  return index;
}

int GraphBuilder::resource() {
  return add({.type = DType::kInt32, .shape = {}, .is_resource = true});
}

int GraphBuilder::constant(std::span<const std::byte> bytes, DType type, std::vector<int> shape,
                           Quant quant) {
  model_.storage.push_back(
      std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
  const int index = value(type, std::move(shape), std::move(quant));
  graph().tensors.back().data = *model_.storage.back();
  return index;
}

void GraphBuilder::node(const std::string& op, std::vector<int> inputs, std::vector<int> outputs,
                        std::initializer_list<Attribute> attrs) {
  graph::Node node{.index = static_cast<int>(graph().nodes.size()),
                   .op = op,
                   .inputs = std::move(inputs),
                   .outputs = std::move(outputs)};
  for (const auto& [name, value] : attrs) node.attrs.set(name, value);
  graph().nodes.push_back(std::move(node));
}

}  // namespace mote::tests
