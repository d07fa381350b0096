#include "bench/peer/onnx.h"

#include "mote/compiler/onnx/schema.h"
#include "mote/compiler/onnx/tensor.h"
#include "mote/support/cat.h"

namespace mote::bench {
namespace {

using onnx::Message;
namespace attribute = onnx::schema::attribute;
namespace graph = onnx::schema::graph;
namespace model = onnx::schema::model;
namespace node = onnx::schema::node;
namespace opset = onnx::schema::opset;
namespace tensor = onnx::schema::tensor;
namespace value = onnx::schema::value;

constexpr int kIrVersion = 8, kOpset = 17;

Message value_info(const OnnxPort& port) {
  Message shape;
  for (int size : port.shape) shape.message(value::kDim, Message().integer(value::kSize, size));
  const Message type =
      Message().integer(value::kElement, onnx::code_of(port.type)).message(value::kShape, shape);
  return Message()
      .bytes(value::kName, port.name)
      .message(value::kType, Message().message(value::kTensorType, type));
}

Message attribute_message(const char* name, const OnnxModel::Value& value) {
  Message out;
  out.bytes(attribute::kName, name);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return out.integer(attribute::kInteger, *integer)
        .integer(attribute::kType, attribute::kTypeInteger);
  if (const auto* real = std::get_if<float>(&value))
    return out.real(attribute::kReal, *real).integer(attribute::kType, attribute::kTypeReal);
  for (std::int64_t integer : std::get<std::vector<std::int64_t>>(value))
    out.integer(attribute::kIntegers, integer);
  return out.integer(attribute::kType, attribute::kTypeIntegers);
}

}  // namespace

std::string OnnxModel::constant(DType type, std::span<const std::int64_t> shape,
                                std::span<const std::byte> data) {
  const std::string name = cat("constant_", constants_++);
  Message message;
  for (std::int64_t size : shape) message.integer(tensor::kDims, size);
  message.integer(tensor::kType, onnx::code_of(type)).bytes(tensor::kName, name);
  message.bytes(tensor::kRaw, {reinterpret_cast<const char*>(data.data()), data.size()});
  graph_.message(graph::kInitializer, message);
  return name;
}

void OnnxModel::node(std::string_view domain, std::string_view op,
                     std::span<const std::string> inputs, std::string_view output,
                     const Attributes& attributes) {
  Message message;
  for (const std::string& input : inputs) message.bytes(node::kInput, input);
  message.bytes(node::kOutput, output).bytes(node::kName, cat("node_", nodes_++));
  message.bytes(node::kOp, op).bytes(node::kDomain, domain);
  for (const auto& [name, value] : attributes)
    message.message(node::kAttribute, attribute_message(name, value));
  graph_.message(graph::kNode, message);
}

std::string OnnxModel::finish(const OnnxPort& input, const OnnxPort& output) const {
  Message graph_message = graph_;
  graph_message.bytes(graph::kName, "network");
  graph_message.message(graph::kInput, value_info(input));
  graph_message.message(graph::kOutput, value_info(output));
  const auto opset_message = [](std::string_view domain, int version) {
    return Message().bytes(opset::kDomain, domain).integer(opset::kVersion, version);
  };
  return Message()
      .integer(model::kIrVersion, kIrVersion)
      .bytes(model::kProducer, "mote")
      .message(model::kGraph, graph_message)
      .message(model::kOpset, opset_message("", kOpset))
      .message(model::kOpset, opset_message("com.microsoft", 1))
      .text();
}

}  // namespace mote::bench
