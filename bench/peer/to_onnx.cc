#include "bench/peer/to_onnx.h"

#include <algorithm>
#include <cstring>

#include "mote/compiler/ops/quantize.h"
#include "mote/compiler/ops/window.h"
#include "mote/support/cat.h"

namespace mote::bench {
namespace {

using graph::Node;
using graph::Tensor;
using Integers = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

constexpr const char* kMicrosoft = "com.microsoft";
constexpr int kOpset = 17;

/// The axes of a filter in the order that ONNX wants.
template <class T>
std::vector<T> transposed(const std::vector<T>& values, std::span<const int> shape,
                          std::span<const int> order) {
  const auto bytes = onnx::reordered(std::as_bytes(std::span(values)), sizeof(T), shape, order);
  std::vector<T> out(values.size());
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

class Converter {
 public:
  explicit Converter(const graph::Graph& graph) : graph_(graph) {}

  Result<OnnxFile> convert() {
    if (graph_.inputs.size() != 1 || graph_.outputs.size() != 1)
      return unsupported("the network has more than one input or output");
    for (const Node& node : graph_.nodes)
      if (const auto done = convert(node); !done)
        return fail(done.error().code,
                    cat(graph::describe(graph_, node), ": ", done.error().message));
    const OnnxPort input = port(graph_.inputs[0]), output = port(graph_.outputs[0]);
    return OnnxFile{onnx_.finish({&input, 1}, {&output, 1}, kOpset), input, output};
  }

 private:
  Result<void> convert(const Node& node) {
    if (node.op == "CONV_2D") return convolution(node, /*depthwise=*/false);
    if (node.op == "DEPTHWISE_CONV_2D") return convolution(node, /*depthwise=*/true);
    if (node.op == "FULLY_CONNECTED") return fully_connected(node);
    if (node.op == "AVERAGE_POOL_2D") return average_pool(node);
    if (node.op == "ADD") return add(node);
    if (node.op == "RESHAPE") return reshape(node);
    if (node.op == "SOFTMAX") return softmax(node);
    return unsupported("there is no conversion of this operator to ONNX");
  }

  const Tensor& at(int id) const { return graph_.tensors[static_cast<std::size_t>(id)]; }
  static std::string name(int id) { return cat("value_", id); }
  static std::string name_of_input(const Node& node, std::size_t i) { return name(node.inputs[i]); }
  OnnxPort port(int id) const {
    const Tensor& tensor = at(id);
    return {.name = name(id),
            .type = tensor.type == DType::kInt8 ? DType::kUint8 : tensor.type,
            .shape = tensor.shape};
  }

  static Result<void> expect(const Tensor& tensor, DType wanted) {
    if (tensor.type == wanted) return {};
    return unsupported(
        cat("'", tensor.name, "' is ", name_of(tensor.type), ", expected ", name_of(wanted)));
  }

  /// An activation's scale and zero point, the latter for uint8.
  Names quantization(const Tensor& tensor) {
    const int zero = tensor.zero_point() + (tensor.type == DType::kInt8 ? 128 : 0);
    return {onnx_.scalar(tensor.scale()), onnx_.scalar(static_cast<std::uint8_t>(zero))};
  }
  static void append(Names& names, const Names& more) {
    names.insert(names.end(), more.begin(), more.end());
  }

  /// A filter's scales and zero points: one, or one a channel.
  Names filter_quantization(const Tensor& filter) {
    const auto& scale = filter.quant.scale;
    if (scale.size() == 1)
      return {onnx_.scalar(scale[0]), onnx_.scalar(static_cast<std::int8_t>(0))};
    const auto channels = static_cast<std::int64_t>(scale.size());
    return {onnx_.constant(scale, {channels}),
            onnx_.constant(std::vector<std::int8_t>(scale.size()), {channels})};
  }

  /// Writes to the node's output by way of Clip, where its activation narrows the type's range.
  Result<std::string> before_activation(const Node& node) {
    const Tensor& output = graph_.output(node);
    const std::string result = name(node.outputs[0]);
    const auto range =
        ops::activation_range(output, node.attrs.integer("fused_activation_function"));
    MOTE_TRY(range);
    const int shift = output.type == DType::kInt8 ? 128 : 0;
    if (range->min + shift == 0 && range->max + shift == 255) return result;
    const Names inputs = {result + "_wide",
                          onnx_.scalar(static_cast<std::uint8_t>(range->min + shift)),
                          onnx_.scalar(static_cast<std::uint8_t>(range->max + shift))};
    clips_.push_back({inputs, result});
    return inputs[0];
  }
  void emit_clips() {
    for (const auto& [inputs, result] : clips_) onnx_.node("", "Clip", inputs, result);
    clips_.clear();
  }

  Result<onnx::ModelBuilder::Attributes> window(const Node& node, int filter_h, int filter_w) {
    const std::vector<int>& in = graph_.input(node, 0)->shape;
    const auto w = ops::window_of(node, in[1], in[2], filter_h, filter_w);
    MOTE_TRY(w);
    const int bottom =
        (w->out_h - 1) * w->stride_h + (filter_h - 1) * w->dilation_h + 1 - in[1] - w->pad_top;
    const int right =
        (w->out_w - 1) * w->stride_w + (filter_w - 1) * w->dilation_w + 1 - in[2] - w->pad_left;
    return onnx::ModelBuilder::Attributes{
        {"channels_last", std::int64_t{1}},
        {"kernel_shape", Integers{filter_h, filter_w}},
        {"strides", Integers{w->stride_h, w->stride_w}},
        {"pads", Integers{w->pad_top, w->pad_left, std::max(bottom, 0), std::max(right, 0)}}};
  }

  Result<void> convolution(const Node& node, bool depthwise) {
    const Tensor &input = *graph_.input(node, 0), &filter = *graph_.input(node, 1);
    MOTE_TRY(expect(filter, DType::kInt8));
    auto attributes = window(node, filter.shape[1], filter.shape[2]);
    MOTE_TRY(attributes);
    const int groups = input.shape[3] / (depthwise ? 1 : filter.shape[3]);
    attributes->emplace_back("group", std::int64_t{groups});
    attributes->emplace_back("dilations", Integers{node.attrs.integer("dilation_h_factor", 1),
                                                   node.attrs.integer("dilation_w_factor", 1)});
    // OHWI, or 1HWO, to OIHW.
    const std::vector<int> order =
        depthwise ? std::vector<int>{3, 0, 1, 2} : std::vector<int>{0, 3, 1, 2};
    Integers shape;
    for (int axis : order) shape.push_back(filter.shape[static_cast<std::size_t>(axis)]);
    const auto weights = transposed(graph::values<std::int8_t>(filter), filter.shape, order);
    Names inputs = {name_of_input(node, 0)};
    append(inputs, quantization(input));
    inputs.push_back(onnx_.constant(weights, shape));
    append(inputs, filter_quantization(filter));
    append(inputs, quantization(graph_.output(node)));
    if (const Tensor* bias = graph_.input(node, 2))
      inputs.push_back(onnx_.constant(graph::values<std::int32_t>(*bias), {shape[0]}));
    const auto result = before_activation(node);
    MOTE_TRY(result);
    onnx_.node(kMicrosoft, "QLinearConv", inputs, *result, *attributes);
    emit_clips();
    return {};
  }

  /// The layer's input as a matrix.
  std::string as_matrix(const Node& node, int depth) {
    const Tensor& input = *graph_.input(node, 0);
    if (input.shape.size() == 2) return name_of_input(node, 0);
    const std::string matrix = name(node.outputs[0]) + "_in";
    onnx_.node("", "Reshape",
               Names{name_of_input(node, 0), onnx_.constant(Integers{-1, depth}, {2})}, matrix);
    return matrix;
  }

  Result<void> fully_connected(const Node& node) {
    const Tensor& filter = *graph_.input(node, 1);
    if (filter.type == DType::kFloat32) return fully_connected_float(node);
    MOTE_TRY(expect(filter, DType::kInt8));
    const int units = filter.shape[0], depth = filter.shape[1];
    const std::vector<int> order = {1, 0};
    Names inputs = {as_matrix(node, depth)};
    append(inputs, quantization(*graph_.input(node, 0)));
    inputs.push_back(onnx_.constant(
        transposed(graph::values<std::int8_t>(filter), filter.shape, order), {depth, units}));
    append(inputs, filter_quantization(filter));
    const Tensor* bias = graph_.input(node, 2);
    inputs.push_back(bias ? onnx_.constant(graph::values<std::int32_t>(*bias), {units}) : "");
    append(inputs, quantization(graph_.output(node)));
    const auto result = before_activation(node);
    MOTE_TRY(result);
    onnx_.node(kMicrosoft, "QGemm", inputs, *result);
    emit_clips();
    return {};
  }

  Result<void> fully_connected_float(const Node& node) {
    const Tensor& filter = *graph_.input(node, 1);
    const int units = filter.shape[0], depth = filter.shape[1];
    const int activation = node.attrs.integer("fused_activation_function");
    if (activation > 1) return unsupported("a float layer's activation is neither none nor RELU");
    const std::vector<int> order = {1, 0};
    Names inputs = {as_matrix(node, depth),
                    onnx_.constant(transposed(graph::values<float>(filter), filter.shape, order),
                                   {depth, units})};
    if (const Tensor* bias = graph_.input(node, 2))
      inputs.push_back(onnx_.constant(graph::values<float>(*bias), {units}));
    const std::string result = name(node.outputs[0]), sum = activation ? result + "_sum" : result;
    onnx_.node("", "Gemm", inputs, sum);
    if (activation) onnx_.node("", "Relu", Names{sum}, result);
    return {};
  }

  Result<void> average_pool(const Node& node) {
    const std::vector<int>& in = graph_.input(node, 0)->shape;
    const int h = node.attrs.integer("filter_height"), w = node.attrs.integer("filter_width");
    auto attributes = window(node, h, w);
    MOTE_TRY(attributes);
    Names inputs = {name_of_input(node, 0)};
    append(inputs, quantization(*graph_.input(node, 0)));
    append(inputs, quantization(graph_.output(node)));
    const auto result = before_activation(node);
    MOTE_TRY(result);
    if (h == in[1] && w == in[2])
      onnx_.node(kMicrosoft, "QLinearGlobalAveragePool", inputs, *result, {attributes->front()});
    else
      onnx_.node(kMicrosoft, "QLinearAveragePool", inputs, *result, *attributes);
    emit_clips();
    return {};
  }

  Result<void> add(const Node& node) {
    Names inputs;
    for (std::size_t i : {0, 1}) {
      if (graph_.input(node, i)->is_constant()) return unsupported("a constant is added");
      inputs.push_back(name_of_input(node, i));
      append(inputs, quantization(*graph_.input(node, i)));
    }
    append(inputs, quantization(graph_.output(node)));
    const auto result = before_activation(node);
    MOTE_TRY(result);
    onnx_.node(kMicrosoft, "QLinearAdd", inputs, *result);
    emit_clips();
    return {};
  }

  Result<void> reshape(const Node& node) {
    const std::vector<int>& shape = graph_.output(node).shape;
    onnx_.node(
        "", "Reshape",
        Names{name_of_input(node, 0), onnx_.constant(Integers(shape.begin(), shape.end()),
                                                     {static_cast<std::int64_t>(shape.size())})},
        name(node.outputs[0]));
    return {};
  }

  Result<void> softmax(const Node& node) {
    if (node.attrs.real("beta", 1) != 1) return unsupported("a softmax has a beta that is not 1");
    Names inputs = {name_of_input(node, 0)};
    append(inputs, quantization(*graph_.input(node, 0)));
    append(inputs, quantization(graph_.output(node)));
    onnx_.node(kMicrosoft, "QLinearSoftmax", inputs, name(node.outputs[0]),
               {{"axis", std::int64_t{-1}}, {"opset", std::int64_t{13}}});
    return {};
  }

  const graph::Graph& graph_;
  onnx::ModelBuilder onnx_;
  std::vector<std::pair<Names, std::string>> clips_;
};

}  // namespace

Result<OnnxFile> to_onnx(const graph::Model& model) { return Converter(model.graphs[0]).convert(); }

}  // namespace mote::bench
