#include "tests/onnx/write.h"

#include <span>
#include <string_view>

#include "mote/compiler/onnx/message.h"
#include "mote/compiler/onnx/schema.h"
#include "mote/compiler/onnx/tensor.h"

namespace mote::tests {
namespace {

using onnx::Message;
namespace schema = onnx::schema;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Message message_of(const onnx::Tensor& tensor) {
  Message out;
  for (std::int64_t dim : tensor.dims) out.integer(schema::tensor::kDims, dim);
  return out.integer(schema::tensor::kType, onnx::code_of(tensor.type))
      .bytes(schema::tensor::kName, tensor.name)
      .bytes(schema::tensor::kRaw, text_of(tensor.data));
}

Message message_of(const onnx::Attribute& attribute) {
  namespace field = schema::attribute;
  constexpr int kTypeTensor = 4;
  Message out;
  out.bytes(field::kName, attribute.name);
  if (!attribute.integers.empty()) {
    for (std::int64_t i : attribute.integers) out.integer(field::kIntegers, i);
    return out.integer(field::kType, field::kTypeIntegers);
  }
  if (!attribute.reals.empty()) {
    for (float x : attribute.reals) out.real(field::kReals, x);
    return out.integer(field::kType, field::kTypeReals);
  }
  if (!attribute.tensor.data.empty())
    return out.message(field::kTensor, message_of(attribute.tensor))
        .integer(field::kType, kTypeTensor);
  if (!attribute.text.empty())
    return out.bytes(field::kText, attribute.text).integer(field::kType, field::kTypeText);
  if (attribute.real != 0)
    return out.real(field::kReal, attribute.real).integer(field::kType, field::kTypeReal);
  return out.integer(field::kInteger, attribute.integer).integer(field::kType, field::kTypeInteger);
}

Message message_of(const onnx::Node& node) {
  Message out;
  for (const std::string& name : node.inputs) out.bytes(schema::node::kInput, name);
  for (const std::string& name : node.outputs) out.bytes(schema::node::kOutput, name);
  out.bytes(schema::node::kOp, node.op);
  if (!node.domain.empty()) out.bytes(schema::node::kDomain, node.domain);
  for (const onnx::Attribute& attribute : node.attributes)
    out.message(schema::node::kAttribute, message_of(attribute));
  return out;
}

Message message_of(const onnx::Port& port) {
  namespace value = schema::value;
  Message shape;
  for (const onnx::Dimension& dim : port.dims)
    shape.message(value::kDim, dim.size < 0 ? Message().bytes(value::kParameter, dim.name)
                                            : Message().integer(value::kSize, dim.size));
  const Message tensor =
      Message().integer(value::kElement, onnx::code_of(port.type)).message(value::kShape, shape);
  return Message()
      .bytes(value::kName, port.name)
      .message(value::kType, Message().message(value::kTensorType, tensor));
}

Message version(std::string_view domain, std::int64_t number) {
  return Message().bytes(schema::opset::kDomain, domain).integer(schema::opset::kVersion, number);
}

}  // namespace

std::vector<std::byte> write_onnx(const onnx::File& file) {
  Message graph;
  bool has_microsoft = false;
  for (const onnx::Node& node : file.nodes) {
    graph.message(schema::graph::kNode, message_of(node));
    has_microsoft = has_microsoft || node.domain == "com.microsoft";
  }
  graph.bytes(schema::graph::kName, "network");
  for (const onnx::Tensor& constant : file.constants)
    graph.message(schema::graph::kInitializer, message_of(constant));
  for (const onnx::Port& port : file.inputs) graph.message(schema::graph::kInput, message_of(port));
  for (const onnx::Port& port : file.outputs)
    graph.message(schema::graph::kOutput, message_of(port));
  constexpr int kOldest = 8, kNewest = 10;  // versions of the format; opset 21 came with the latter
  Message model;
  model.integer(schema::model::kIrVersion, file.opset > 18 ? kNewest : kOldest)
      .bytes(schema::model::kProducer, file.producer)
      .message(schema::model::kGraph, graph)
      .message(schema::model::kOpset, version("", file.opset));
  if (has_microsoft) model.message(schema::model::kOpset, version("com.microsoft", 1));
  const auto bytes = std::as_bytes(std::span(model.text()));
  return {bytes.begin(), bytes.end()};
}

}  // namespace mote::tests
