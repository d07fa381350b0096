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

/// How ONNX files are written, node by node.
namespace mote::onnx {

/// What is said of an input or output of the network that is written.
struct WrittenPort {
  std::string name;
  DType type = DType::kFloat32;
  std::vector<int> shape;
};

/// Collects nodes and constants, and writes them as one model.
class ModelBuilder {
 public:
  using Value =
      std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>>;
  using Attributes = std::vector<std::pair<const char*, Value>>;

  /// A constant; returns its name. `shape` empty: a scalar.
  std::string constant(DType type, std::span<const std::int64_t> shape,
                       std::span<const std::byte> data);
  template <class T>
  std::string constant(const std::vector<T>& values, std::vector<std::int64_t> shape) {
    return constant(dtype_of<T>, shape, std::as_bytes(std::span(values)));
  }
  /// A list of one dimension.
  template <class T>
  std::string list(const std::vector<T>& values) {
    return constant(values, {static_cast<std::int64_t>(values.size())});
  }
  template <class T>
  std::string scalar(T value) {
    return constant(std::vector<T>{value}, {});
  }

  /// Operators of the domain "com.microsoft" are ONNX Runtime's own.
  void node(std::string_view domain, std::string_view op, std::span<const std::string> inputs,
            std::span<const std::string> outputs, const Attributes& attributes = {});
  void node(std::string_view domain, std::string_view op, std::span<const std::string> inputs,
            const std::string& output, const Attributes& attributes = {}) {
    node(domain, op, inputs, std::span(&output, 1), attributes);
  }
  int node_count() const { return nodes_; }

  /// The bytes of the file, for operators of that opset.
  std::string finish(std::span<const WrittenPort> inputs, std::span<const WrittenPort> outputs,
                     int opset) const;

 private:
  Message graph_;
  int constants_ = 0, nodes_ = 0;
  bool has_microsoft_ = false;
};

/// The elements, `element_bytes` each, of a tensor of `shape` with its axes in another order:
/// dimension i of what is returned is dimension order[i] of the tensor.
std::vector<std::byte> reordered(std::span<const std::byte> data, std::size_t element_bytes,
                                 std::span<const int> shape, std::span<const int> order);

}  // namespace mote::onnx
