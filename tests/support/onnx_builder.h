#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Writes ONNX files in code, for tests of the reader.
namespace mote::tests {

/// A message of Protocol Buffers.
class Message {
 public:
  Message& integer(int number, std::int64_t value) {
    key(number, 0);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& real(int number, float value) {
    key(number, 5);
    append(&value, sizeof value);
    return *this;
  }
  Message& text(int number, std::string_view text) {
    key(number, 2);
    varint(text.size());
    append(text.data(), text.size());
    return *this;
  }
  Message& message(int number, const Message& inner) {
    return text(number, {reinterpret_cast<const char*>(inner.bytes_.data()), inner.bytes_.size()});
  }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  void key(int number, int form) { varint(static_cast<std::uint64_t>(number) << 3 | form); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::byte>(value | 0x80));
    bytes_.push_back(static_cast<std::byte>(value));
  }
  void append(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<std::byte> bytes_;
};

/// A model, a line a value and a line a node.
class OnnxBuilder {
 public:
  using Ints = std::vector<std::int64_t>;
  using Attribute =
      std::pair<std::string,
                std::variant<std::int64_t, float, std::string, Ints, std::vector<float>>>;
  static constexpr int kFloat = 1, kInt64 = 7;

  /// A dimension of -1 is left open.
  OnnxBuilder& input(const std::string& name, const Ints& dims, int type = kFloat) {
    graph_.message(11, port(name, dims, type));
    return *this;
  }
  OnnxBuilder& output(const std::string& name) {
    graph_.message(12, port(name, {}, kFloat));
    return *this;
  }
  OnnxBuilder& constant(const std::string& name, const Ints& dims,
                        const std::vector<float>& values) {
    graph_.message(5, tensor(name, dims, kFloat, std::as_bytes(std::span(values))));
    return *this;
  }
  OnnxBuilder& constant(const std::string& name, const Ints& values) {
    graph_.message(5, tensor(name, {static_cast<std::int64_t>(values.size())}, kInt64,
                             std::as_bytes(std::span(values))));
    return *this;
  }
  OnnxBuilder& node(const std::string& op, const std::vector<std::string>& inputs,
                    const std::vector<std::string>& outputs,
                    const std::vector<Attribute>& attributes = {}) {
    Message node;
    for (const std::string& name : inputs) node.text(1, name);
    for (const std::string& name : outputs) node.text(2, name);
    node.text(4, op);
    for (const Attribute& attribute : attributes) node.message(5, message_of(attribute));
    graph_.message(1, node);
    return *this;
  }
  std::vector<std::byte> build(int opset = 13) const {
    Message model;
    model.integer(1, 8).text(2, "a test").message(7, graph_);
    model.message(8, Message().text(1, "").integer(2, opset));
    return model.bytes();
  }

 private:
  static Message port(const std::string& name, const Ints& dims, int type) {
    Message shape;
    for (std::int64_t dim : dims)
      shape.message(1, dim < 0 ? Message().text(2, "open") : Message().integer(1, dim));
    return Message().text(1, name).message(
        2, Message().message(1, Message().integer(1, type).message(2, shape)));
  }
  static Message tensor(const std::string& name, const Ints& dims, int type,
                        std::span<const std::byte> data) {
    Message tensor;
    for (std::int64_t dim : dims) tensor.integer(1, dim);
    tensor.integer(2, type).text(8, name);
    return tensor.text(9, {reinterpret_cast<const char*>(data.data()), data.size()});
  }
  static Message message_of(const Attribute& attribute) {
    Message out;
    out.text(1, attribute.first);
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::int64_t>) {
            out.integer(3, value).integer(20, 2);
          } else if constexpr (std::is_same_v<T, float>) {
            out.real(2, value).integer(20, 1);
          } else if constexpr (std::is_same_v<T, std::string>) {
            out.text(4, value).integer(20, 3);
          } else if constexpr (std::is_same_v<T, Ints>) {
            for (std::int64_t i : value) out.integer(8, i);
            out.integer(20, 7);
          } else {
            for (float x : value) out.real(7, x);
            out.integer(20, 6);
          }
        },
        attribute.second);
    return out;
  }

  Message graph_;
};

}  // namespace mote::tests
