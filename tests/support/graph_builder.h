#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mote/compiler/graph/graph.h"

namespace mote::tests {

/// One scale for a whole tensor, or one a channel along `axis`.
struct Quant {
  std::vector<float> scale;
  std::vector<std::int64_t> zero_point;
  int axis = 0;

  Quant() = default;
  Quant(float one_scale, int one_zero_point) : scale{one_scale}, zero_point{one_zero_point} {}
  /// Symmetric, a scale a channel.
  Quant(std::vector<float> scales, int channel_axis)
      : scale(std::move(scales)), zero_point(scale.size()), axis(channel_axis) {}
};

/// Builds a model in code, a line a tensor and a line a node; every function returns a tensor's
/// index.
class GraphBuilder {
 public:
  using Attribute = std::pair<const char*, graph::Attributes::Value>;

  GraphBuilder() { model_.source = "test", model_.graphs.emplace_back(); }

  /// An input of the network.
  int input(DType type, std::vector<int> shape, Quant quant = {});
  /// A value that a node will write.
  int value(DType type, std::vector<int> shape, Quant quant = {});
  /// State that starts at zero and lives from run to run.
  int variable(DType type, std::vector<int> shape, Quant quant = {});
  /// A handle of a resource variable.
  int resource();
  template <class T>
  int constant(const std::vector<T>& values, std::vector<int> shape, Quant quant = {}) {
    return constant(std::as_bytes(std::span(values)), dtype_of<T>, std::move(shape),
                    std::move(quant));
  }
  int constant(std::span<const std::byte> bytes, DType type, std::vector<int> shape, Quant quant);

  /// A node; `attrs` under TensorFlow Lite's names: {{"stride_w", 2}}.
  void node(const std::string& op, std::vector<int> inputs, std::vector<int> outputs,
            std::initializer_list<Attribute> attrs = {});
  void output(int tensor) { graph().outputs.push_back(tensor); }

  /// Further tensors and nodes belong to a new subgraph (CALL_ONCE's).
  void next_subgraph() { model_.graphs.emplace_back(); }

  graph::Graph& graph() { return model_.graphs.back(); }
  graph::Model build() const { return model_; }

 private:
  int add(graph::Tensor tensor);
  graph::Model model_;
};

}  // namespace mote::tests
