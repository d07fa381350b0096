#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mote/compiler/onnx/message.h"
#include "mote/compiler/onnx/schema.h"

/// Writes ONNX files in code, for tests of the reader.
namespace mote::tests {

using onnx::Message;

namespace schema = onnx::schema;

/// A model, a line a value and a line a node.
class OnnxBuilder {
 public:
  using Ints = std::vector<std::int64_t>;
  using Attribute =
      std::pair<std::string,
                std::variant<std::int64_t, float, std::string, Ints, std::vector<float>>>;
  static constexpr int kFloat = 1, kInt8 = 3, kInt64 = 7;

  /// A dimension of -1 is left open.
  OnnxBuilder& input(const std::string& name, const Ints& dims, int type = kFloat) {
    graph_.message(schema::graph::kInput, port(name, dims, type));
    return *this;
  }
  OnnxBuilder& output(const std::string& name, const Ints& dims = {}) {
    graph_.message(schema::graph::kOutput, port(name, dims, kFloat));
    return *this;
  }
  OnnxBuilder& constant(const std::string& name, const Ints& dims,
                        const std::vector<float>& values) {
    return constant(name, dims, kFloat, std::as_bytes(std::span(values)));
  }
  OnnxBuilder& bytes(const std::string& name, const Ints& dims,
                     const std::vector<std::int8_t>& values) {
    return constant(name, dims, kInt8, std::as_bytes(std::span(values)));
  }
  OnnxBuilder& constant(const std::string& name, const Ints& values) {
    return constant(name, {static_cast<std::int64_t>(values.size())}, kInt64,
                    std::as_bytes(std::span(values)));
  }
  OnnxBuilder& node(const std::string& op, const std::vector<std::string>& inputs,
                    const std::vector<std::string>& outputs,
                    const std::vector<Attribute>& attributes = {}) {
    Message node;
    for (const std::string& name : inputs) node.bytes(schema::node::kInput, name);
    for (const std::string& name : outputs) node.bytes(schema::node::kOutput, name);
    node.bytes(schema::node::kOp, op);
    for (const Attribute& attribute : attributes)
      node.message(schema::node::kAttribute, message_of(attribute));
    graph_.message(schema::graph::kNode, node);
    return *this;
  }
  std::vector<std::byte> build(int opset = 13) const {
    constexpr int kIrVersion = 8;
    const Message version =
        Message().bytes(schema::opset::kDomain, "").integer(schema::opset::kVersion, opset);
    return bytes_of(Message()
                        .integer(schema::model::kIrVersion, kIrVersion)
                        .bytes(schema::model::kProducer, "a test")
                        .message(schema::model::kGraph, graph_)
                        .message(schema::model::kOpset, version));
  }
  static std::vector<std::byte> bytes_of(const Message& message) {
    const auto bytes = std::as_bytes(std::span(message.text()));
    return {bytes.begin(), bytes.end()};
  }

 private:
  OnnxBuilder& constant(const std::string& name, const Ints& dims, int type,
                        std::span<const std::byte> data) {
    Message tensor;
    for (std::int64_t dim : dims) tensor.integer(schema::tensor::kDims, dim);
    tensor.integer(schema::tensor::kType, type).bytes(schema::tensor::kName, name);
    tensor.bytes(schema::tensor::kRaw, {reinterpret_cast<const char*>(data.data()), data.size()});
    graph_.message(schema::graph::kInitializer, tensor);
    return *this;
  }
  static Message port(const std::string& name, const Ints& dims, int type) {
    namespace value = schema::value;
    Message shape;
    for (std::int64_t dim : dims)
      shape.message(value::kDim, dim < 0 ? Message().bytes(value::kParameter, "open")
                                         : Message().integer(value::kSize, dim));
    const Message tensor = Message().integer(value::kElement, type).message(value::kShape, shape);
    return Message()
        .bytes(value::kName, name)
        .message(value::kType, Message().message(value::kTensorType, tensor));
  }
  static Message message_of(const Attribute& attribute) {
    Message out;
    namespace field = schema::attribute;
    out.bytes(field::kName, attribute.first);
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::int64_t>) {
            out.integer(field::kInteger, value).integer(field::kType, field::kTypeInteger);
          } else if constexpr (std::is_same_v<T, float>) {
            out.real(field::kReal, value).integer(field::kType, field::kTypeReal);
          } else if constexpr (std::is_same_v<T, std::string>) {
            out.bytes(field::kText, value).integer(field::kType, field::kTypeText);
          } else if constexpr (std::is_same_v<T, Ints>) {
            for (std::int64_t i : value) out.integer(field::kIntegers, i);
            out.integer(field::kType, field::kTypeIntegers);
          } else {
            for (float x : value) out.real(field::kReals, x);
            out.integer(field::kType, field::kTypeReals);
          }
        },
        attribute.second);
    return out;
  }

  Message graph_;
};

}  // namespace mote::tests
