#include "bench/peer/onnx.h"

#include <bit>
#include <cstring>

#include "mote/support/cat.h"

namespace mote::bench {
namespace {

// Numbers of fields in onnx.proto.
namespace model {
constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOpsets = 8;
}
namespace opset {
constexpr int kDomain = 1, kVersion = 2;
}
namespace graph {
constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}
namespace node {
constexpr int kInput = 1, kOutput = 2, kName = 3, kOp = 4, kAttribute = 5, kDomain = 7;
}
namespace attribute {
constexpr int kName = 1, kReal = 2, kInteger = 3, kIntegers = 8, kType = 20;
constexpr int kTypeReal = 1, kTypeInteger = 2, kTypeIntegers = 7;
}  // namespace attribute
namespace tensor {
constexpr int kDims = 1, kType = 2, kName = 8, kRawData = 9;
}

constexpr int kIrVersion = 8, kOpset = 17;

/// ValueInfoProto, whose parts all number their fields from 1.
Message value_info(const OnnxPort& port) {
  Message dims;
  for (int size : port.shape) dims.message(1, Message().number(1, size));
  const Message tensor_type = Message().number(1, onnx_type(port.type)).message(2, dims);
  return Message().bytes(1, port.name).message(2, Message().message(1, tensor_type));
}

Message attribute_message(const char* name, const OnnxModel::Value& value) {
  Message out;
  out.bytes(attribute::kName, name);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return out.number(attribute::kInteger, *integer)
        .number(attribute::kType, attribute::kTypeInteger);
  if (const auto* real = std::get_if<float>(&value))
    return out.real(attribute::kReal, *real).number(attribute::kType, attribute::kTypeReal);
  for (std::int64_t integer : std::get<std::vector<std::int64_t>>(value))
    out.number(attribute::kIntegers, integer);
  return out.number(attribute::kType, attribute::kTypeIntegers);
}

}  // namespace

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
  text_ += static_cast<char>(value);
}

Message& Message::number(int field, std::int64_t value) {
  varint(static_cast<std::uint64_t>(field) << 3 | 0);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::real(int field, float value) {
  varint(static_cast<std::uint64_t>(field) << 3 | 5);
  const auto word = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) text_ += static_cast<char>(word >> shift & 0xff);
  return *this;
}

Message& Message::bytes(int field, std::string_view value) {
  varint(static_cast<std::uint64_t>(field) << 3 | 2);
  varint(value.size());
  text_ += value;
  return *this;
}

int onnx_type(DType type) {
  switch (type) {
    case DType::kFloat32:
      return 1;
    case DType::kUint8:
      return 2;
    case DType::kInt8:
      return 3;
    case DType::kInt32:
      return 6;
    case DType::kInt64:
      return 7;
    default:
      return 0;
  }
}

std::string OnnxModel::constant(DType type, std::span<const std::int64_t> shape,
                                std::span<const std::byte> data) {
  const std::string name = cat("constant_", constants_++);
  Message message;
  for (std::int64_t size : shape) message.number(tensor::kDims, size);
  message.number(tensor::kType, onnx_type(type)).bytes(tensor::kName, name);
  message.bytes(tensor::kRawData, {reinterpret_cast<const char*>(data.data()), data.size()});
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
    return Message().bytes(opset::kDomain, domain).number(opset::kVersion, version);
  };
  return Message()
      .number(model::kIrVersion, kIrVersion)
      .bytes(model::kProducer, "mote")
      .message(model::kGraph, graph_message)
      .message(model::kOpsets, opset_message("", kOpset))
      .message(model::kOpsets, opset_message("com.microsoft", 1))
      .text();
}

}  // namespace mote::bench
