#include "mote/compiler/onnx/builder.h"

#include "mote/compiler/onnx/schema.h"
#include "mote/compiler/onnx/tensor.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

namespace attribute = schema::attribute;
namespace graph = schema::graph;
namespace model = schema::model;
namespace node = schema::node;
namespace opset = schema::opset;
namespace tensor = schema::tensor;
namespace value = schema::value;

constexpr int kIrVersion = 8;
constexpr std::string_view kMicrosoft = "com.microsoft";

Message value_info(const WrittenPort& port) {
  Message shape;
  for (int size : port.shape) shape.message(value::kDim, Message().integer(value::kSize, size));
  const Message type =
      Message().integer(value::kElement, code_of(port.type)).message(value::kShape, shape);
  return Message()
      .bytes(value::kName, port.name)
      .message(value::kType, Message().message(value::kTensorType, type));
}

Message attribute_message(const char* name, const ModelBuilder::Value& value) {
  Message out;
  out.bytes(attribute::kName, name);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return out.integer(attribute::kInteger, *integer)
        .integer(attribute::kType, attribute::kTypeInteger);
  if (const auto* real = std::get_if<float>(&value))
    return out.real(attribute::kReal, *real).integer(attribute::kType, attribute::kTypeReal);
  if (const auto* text = std::get_if<std::string>(&value))
    return out.bytes(attribute::kText, *text).integer(attribute::kType, attribute::kTypeText);
  if (const auto* reals = std::get_if<std::vector<float>>(&value)) {
    for (float real : *reals) out.real(attribute::kReals, real);
    return out.integer(attribute::kType, attribute::kTypeReals);
  }
  for (std::int64_t integer : std::get<std::vector<std::int64_t>>(value))
    out.integer(attribute::kIntegers, integer);
  return out.integer(attribute::kType, attribute::kTypeIntegers);
}

}  // namespace

std::string ModelBuilder::constant(DType type, std::span<const std::int64_t> shape,
                                   std::span<const std::byte> data) {
  const std::string name = cat("constant_", constants_++);
  Message message;
  for (std::int64_t size : shape) message.integer(tensor::kDims, size);
  message.integer(tensor::kType, code_of(type)).bytes(tensor::kName, name);
  message.bytes(tensor::kRaw, {reinterpret_cast<const char*>(data.data()), data.size()});
  graph_.message(graph::kInitializer, message);
  return name;
}

void ModelBuilder::node(std::string_view domain, std::string_view op,
                        std::span<const std::string> inputs, std::span<const std::string> outputs,
                        const Attributes& attributes) {
  Message message;
  for (const std::string& input : inputs) message.bytes(node::kInput, input);
  for (const std::string& output : outputs) message.bytes(node::kOutput, output);
  message.bytes(node::kName, cat("node_", nodes_++));
  message.bytes(node::kOp, op).bytes(node::kDomain, domain);
  has_microsoft_ = has_microsoft_ || domain == kMicrosoft;
  for (const auto& [name, value] : attributes)
    message.message(node::kAttribute, attribute_message(name, value));
  graph_.message(graph::kNode, message);
}

std::string ModelBuilder::finish(std::span<const WrittenPort> inputs,
                                 std::span<const WrittenPort> outputs, int opset) const {
  Message graph_message = graph_;
  graph_message.bytes(graph::kName, "network");
  for (const WrittenPort& port : inputs) graph_message.message(graph::kInput, value_info(port));
  for (const WrittenPort& port : outputs) graph_message.message(graph::kOutput, value_info(port));
  const auto opset_message = [](std::string_view domain, int version) {
    return Message().bytes(opset::kDomain, domain).integer(opset::kVersion, version);
  };
  Message whole;
  whole.integer(model::kIrVersion, kIrVersion)
      .bytes(model::kProducer, "mote")
      .message(model::kGraph, graph_message)
      .message(model::kOpset, opset_message("", opset));
  if (has_microsoft_) whole.message(model::kOpset, opset_message(kMicrosoft, 1));
  return whole.text();
}

std::vector<std::byte> reordered(std::span<const std::byte> data, std::size_t element_bytes,
                                 std::span<const int> shape, std::span<const int> order) {
  const std::size_t rank = shape.size();
  std::vector<std::size_t> stride(rank, 1), size(rank), step(rank), index(rank);
  for (std::size_t i = rank; i-- > 1;)
    stride[i - 1] = stride[i] * static_cast<std::size_t>(shape[i]);
  for (std::size_t i = 0; i < rank; ++i) {
    size[i] = static_cast<std::size_t>(shape[static_cast<std::size_t>(order[i])]);
    step[i] = stride[static_cast<std::size_t>(order[i])];
  }
  std::vector<std::byte> out;
  out.reserve(data.size());
  for (std::size_t n = 0; n < data.size() / element_bytes; ++n) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < rank; ++i) from += index[i] * step[i];
    const auto first = data.begin() + static_cast<std::ptrdiff_t>(from * element_bytes);
    out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(element_bytes));
    for (std::size_t i = rank; i-- > 0;) {
      if (++index[i] < size[i]) break;
      index[i] = 0;
    }
  }
  return out;
}

}  // namespace mote::onnx
