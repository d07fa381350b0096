#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mote/compiler/onnx/message.h"
#include "mote/core/base/dtype.h"

/// Writes ONNX files, as far as a peer needs them to run the networks that mote is timed on.
namespace mote::bench {

/// An input or output of a network.
struct OnnxPort {
  std::string name;
  DType type = DType::kUint8;
  std::vector<int> shape;
};

/// An ONNX file of a network with one input and one output.
struct OnnxFile {
  std::string bytes;
  OnnxPort input, output;
};

/// Collects nodes and constants, and writes them as one model.
class OnnxModel {
 public:
  using Value = std::variant<std::int64_t, float, std::vector<std::int64_t>>;
  using Attributes = std::vector<std::pair<const char*, Value>>;

  /// A constant; returns its name. `shape` empty: a scalar.
  std::string constant(DType type, std::span<const std::int64_t> shape,
                       std::span<const std::byte> data);
  template <class T>
  std::string constant(const std::vector<T>& values, std::vector<std::int64_t> shape) {
    return constant(dtype_of<T>, shape, std::as_bytes(std::span(values)));
  }
  template <class T>
  std::string scalar(T value) {
    return constant(std::vector<T>{value}, {});
  }

  /// Operators of the domain "com.microsoft" are ONNX Runtime's own.
  void node(std::string_view domain, std::string_view op, std::span<const std::string> inputs,
            std::string_view output, const Attributes& attributes = {});

  /// The bytes of the file.
  std::string finish(const OnnxPort& input, const OnnxPort& output) const;

 private:
  onnx::Message graph_;
  int constants_ = 0, nodes_ = 0;
};

}  // namespace mote::bench
