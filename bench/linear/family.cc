#include "bench/linear/family.h"

#include <memory>
#include <random>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"

namespace mote::bench {
namespace {

constexpr float kActivationScale = 0.05f, kFilterScale = 0.004f;
constexpr std::int64_t kSame = 0, kRelu = 1;  // TensorFlow Lite's numbers

class StackBuilder {
 public:
  explicit StackBuilder(const Stack& stack) : stack_(stack) {
    model_.source = "stack";
    model_.graphs.emplace_back();
  }

  graph::Model build() {
    graph::Graph& graph = model_.graphs[0];
    graph.inputs = {activation("input")};
    int last = graph.inputs[0];
    for (int i = 0; i < stack_.layers; ++i) last = layer(i, last);
    graph.outputs = {last};
    return model_;
  }

 private:
  int add(graph::Tensor tensor) {
    model_.graphs[0].tensors.push_back(std::move(tensor));
    return static_cast<int>(model_.graphs[0].tensors.size()) - 1;
  }

  int activation(std::string name) {
    return add({.name = std::move(name),
                .type = DType::kInt8,
                .shape = {1, stack_.side, stack_.side, stack_.channels},
                .quant = {.scale = {kActivationScale}, .zero_point = {-128}}});
  }

  int constant(std::string name, DType type, std::vector<int> shape, float scale) {
    const auto channels = static_cast<std::size_t>(shape[0]);
    graph::Tensor tensor{.name = std::move(name),
                         .type = type,
                         .shape = std::move(shape),
                         .quant = {.scale = std::vector<float>(channels, scale),
                                   .zero_point = std::vector<std::int64_t>(channels)}};
    auto bytes = std::make_shared<std::vector<std::byte>>(
        static_cast<std::size_t>(graph::byte_count(tensor)));
    if (type == DType::kInt8)  // biases stay zero
      for (std::byte& byte : *bytes) byte = static_cast<std::byte>(random_() >> 24);
    tensor.data = *bytes;
    model_.storage.push_back(std::move(bytes));
    return add(std::move(tensor));
  }

  int layer(int index, int input) {
    const int n = stack_.channels;
    const int filter = constant(cat("filter_", index), DType::kInt8, {n, 3, 3, n}, kFilterScale);
    const int bias =
        constant(cat("bias_", index), DType::kInt32, {n}, kActivationScale * kFilterScale);
    const int output = activation(cat("conv_", index));
    graph::Node node{
        .index = index, .op = "CONV_2D", .inputs = {input, filter, bias}, .outputs = {output}};
    for (const char* name : {"stride_h", "stride_w", "dilation_h_factor", "dilation_w_factor"})
      node.attrs.set(name, std::int64_t{1});
    node.attrs.set("padding", kSame);
    node.attrs.set("fused_activation_function", kRelu);
    model_.graphs[0].nodes.push_back(std::move(node));
    return output;
  }

  Stack stack_;
  graph::Model model_;
  std::mt19937 random_{1};
};

}  // namespace

Result<std::vector<std::byte>> make_stack(const Stack& stack) {
  return model::write_tflite(StackBuilder(stack).build());
}

}  // namespace mote::bench
