#include <algorithm>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// Quantised values: between QuantizeLinear and DequantizeLinear.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// Of files, and of those with INT16 between the two operators.
constexpr int kOpset = 13, kOpsetOfInt16 = 21;

}  // namespace

bool is_quantized(const Tensor& tensor) {
  return !tensor.quant.scale.empty() &&
         (tensor.type == DType::kInt8 || tensor.type == DType::kUint8 ||
          tensor.type == DType::kInt16);
}

std::vector<float> reals_of(std::span<const std::int64_t> sums, float input_scale,
                            std::span<const float> scales) {
  std::vector<float> reals;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double unit = double{input_scale} * double{scales[i * scales.size() / sums.size()]};
    reals.push_back(static_cast<float>(static_cast<double>(sums[i]) * unit));
  }
  return reals;
}

int opset_for(const graph::Graph& graph) {
  const auto is_int16 = [&](int index) {
    const Tensor& tensor = graph.tensors[static_cast<std::size_t>(index)];
    return is_quantized(tensor) && tensor.type == DType::kInt16;
  };
  bool has_any = std::any_of(graph.inputs.begin(), graph.inputs.end(), is_int16);
  for (const Node& node : graph.nodes)
    has_any = has_any || std::any_of(node.outputs.begin(), node.outputs.end(), is_int16);
  return has_any ? kOpsetOfInt16 : kOpset;
}

Names Exporter::scale_and_zero(const Tensor& tensor) {
  const bool is_one = tensor.quant.scale.size() == 1;
  const auto& scale = tensor.quant.scale;
  const auto zero = [&](auto type) {
    using T = decltype(type);
    std::vector<T> list;
    for (std::int64_t z : tensor.quant.zero_point) list.push_back(static_cast<T>(z));
    return is_one ? builder_.scalar(list[0]) : builder_.list(list);
  };
  Names names = {is_one ? builder_.scalar(scale[0]) : builder_.list(scale)};
  if (tensor.type == DType::kInt8) names.push_back(zero(std::int8_t{}));
  if (tensor.type == DType::kUint8) names.push_back(zero(std::uint8_t{}));
  if (tensor.type == DType::kInt16) names.push_back(zero(std::int16_t{}));
  return names;
}

std::string Exporter::dequantized(const std::string& name, const Tensor& tensor, int axis) {
  Names inputs = scale_and_zero(tensor);
  inputs.insert(inputs.begin(), name);
  if (tensor.quant.scale.size() == 1) return emit("DequantizeLinear", inputs);
  return emit("DequantizeLinear", inputs, {{"axis", std::int64_t{axis}}});
}

Result<std::string> Exporter::constant_of(const Tensor& from, std::span<const int> order) {
  const auto bytes =
      reordered(from.data, static_cast<std::size_t>(size_of(from.type)), from.shape, order);
  int axis = 0;
  Ints shape;
  for (std::size_t i = 0; i < order.size(); ++i) {
    shape.push_back(from.shape[static_cast<std::size_t>(order[i])]);
    if (order[i] == from.quant.axis) axis = static_cast<int>(i);
  }
  const std::string name = builder_.constant(from.type, shape, bytes);
  if (from.type == DType::kFloat32 || from.quant.scale.empty()) return name;
  if (!is_quantized(from) && from.type != DType::kInt32)
    return unsupported(cat("'", from.name, "' is quantised ", name_of(from.type),
                           ", expected INT8, UINT8, INT16, or INT32 for a bias"));
  return dequantized(name, from, axis);
}

Result<std::string> Exporter::bias(const Node& node, std::size_t i) {
  const int index = node.inputs[i];
  Tensor from = tensor(index);
  const Tensor &input = *graph_.input(node, node.op == "TRANSPOSE_CONV" ? 2 : 0),
               &filter = *graph_.input(node, 1);
  if (from.type == DType::kInt64 && !input.quant.scale.empty() && !filter.quant.scale.empty())
    return builder_.list(
        reals_of(graph::values<std::int64_t>(from), input.scale(), filter.quant.scale));
  const std::string name =
      builder_.constant(from.type, dims_in(from.shape, Form::kStored), from.data);
  if (from.type == DType::kFloat32) return name;
  if (from.type != DType::kInt32 || input.quant.scale.empty() || filter.quant.scale.empty())
    return unsupported(cat("its bias '", from.name, "' is ", name_of(from.type),
                           ", expected FLOAT32, or INT32 of a quantised layer"));
  from.quant.scale.clear();
  for (float scale : filter.quant.scale) from.quant.scale.push_back(input.scale() * scale);
  from.quant.zero_point.assign(from.quant.scale.size(), 0);
  return dequantized(name, from, 0);
}

Result<std::string> Exporter::requantized(int index, const std::string& name) {
  const Tensor& to = tensor(index);
  if (to.quant.scale.empty() || to.type == DType::kFloat32) return name;
  if (!is_quantized(to) || to.quant.scale.size() != 1)
    return unsupported(
        cat("'", to.name, "' is quantised ", name_of(to.type), ", expected INT8, UINT8 or INT16"));
  Names inputs = scale_and_zero(to);
  inputs.insert(inputs.begin(), name);
  return emit("QuantizeLinear", inputs);
}

}  // namespace mote::onnx
