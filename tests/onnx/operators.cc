#include "tests/onnx/operators.h"

#include <cstdint>
#include <utility>

#include "tests/support/layers.h"
#include "tests/support/onnx_builder.h"

namespace mote::tests {
namespace {

using Ints = OnnxBuilder::Ints;
using Attributes = std::vector<OnnxBuilder::Attribute>;
constexpr std::int64_t kOne = 1;

/// Adds models, each under its name.
class List {
 public:
  void add(const std::string& name, const OnnxBuilder& b, int opset) {
    auto file = onnx::read_file(b.build(opset));
    models_.push_back({name, std::move(*file)});  // what the builder writes can be read
  }
  /// One operator of x alone, or with constants that `b` has.
  void add(const std::string& op, const Ints& in, const Ints& out, int opset,
           const Attributes& attributes = {}) {
    OnnxBuilder b;
    b.input("x", in).output("y", out).node(op, {"x"}, {"y"}, attributes);
    add(op, b, opset);
  }
  std::vector<OperatorModel> take() { return std::move(models_); }

 private:
  std::vector<OperatorModel> models_;
};

std::vector<float> numbers(const Ints& dims, unsigned seed) {
  int count = 1;
  for (std::int64_t dim : dims) count *= static_cast<int>(dim);
  return Random(seed).floats(count);
}

OnnxBuilder& with_numbers(OnnxBuilder& b, const std::string& name, const Ints& dims,
                          unsigned seed) {
  return b.constant(name, dims, numbers(dims, seed));
}

/// A convolution or a product with weights and a bias.
void add_weighted(List& list, const std::string& name, const std::string& op, const Ints& in,
                  const Ints& weights, const Ints& out, const Attributes& attributes) {
  OnnxBuilder b;
  b.input("x", in).output("y", out);
  with_numbers(b, "w", weights, 1);
  if (op == "MatMul") {
    list.add(name, b.node(op, {"x", "w"}, {"y"}), 13);
    return;
  }
  const bool is_gemm = op == "Gemm";
  with_numbers(b, "b", {is_gemm ? out.back() : out[1]}, 2);
  list.add(name, b.node(op, {"x", "w", "b"}, {"y"}, attributes), 13);
}

void add_weighted(List& list) {
  add_weighted(list, "conv", "Conv", {1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 5, 4},
               {{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}});
  add_weighted(list, "conv_dilated", "Conv", {1, 3, 9, 8}, {5, 3, 3, 2}, {1, 5, 9, 7},
               {{"dilations", Ints{2, 2}}, {"pads", Ints{2, 1, 2, 0}}});
  add_weighted(list, "conv_grouped", "Conv", {1, 4, 6, 7}, {6, 2, 3, 3}, {1, 6, 6, 7},
               {{"group", std::int64_t{2}}, {"pads", Ints{1, 1, 1, 1}}});
  add_weighted(list, "conv_depthwise", "Conv", {1, 4, 6, 7}, {8, 1, 3, 3}, {1, 8, 6, 7},
               {{"group", std::int64_t{4}}, {"pads", Ints{1, 1, 1, 1}}});
  add_weighted(list, "conv_signal", "Conv", {1, 4, 20}, {6, 4, 5}, {1, 6, 10},
               {{"strides", Ints{2}}, {"pads", Ints{2, 2}}});
  add_weighted(list, "conv_transpose", "ConvTranspose", {1, 3, 5, 4}, {3, 4, 3, 3}, {1, 4, 9, 7},
               {{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}});
  add_weighted(list, "gemm", "Gemm", {1, 24}, {10, 24}, {1, 10}, {{"transB", kOne}});
  add_weighted(list, "gemm_plain", "Gemm", {3, 24}, {24, 10}, {3, 10}, {});
  add_weighted(list, "matmul", "MatMul", {2, 5, 12}, {12, 7}, {2, 5, 7}, {});
}

/// Of x and of what Relu makes of it, which has another scale.
void add_pairs(List& list) {
  for (const char* op : {"Add", "Sub", "Mul", "Concat"}) {
    OnnxBuilder b;
    const bool joins = std::string(op) == "Concat";
    b.input("x", {1, 4, 5, 6}).output("y", {1, joins ? 8 : 4, 5, 6});
    b.node("Relu", {"x"}, {"r"});
    b.node(op, {"x", "r"}, {"y"}, joins ? Attributes{{"axis", kOne}} : Attributes{});
    list.add(op, b, 13);
  }
  for (const char* op : {"Add", "Mul"}) {
    OnnxBuilder b;
    b.input("x", {1, 4, 5, 6}).output("y", {1, 4, 5, 6});
    with_numbers(b, "c", {4, 1, 1}, 3).node(op, {"x", "c"}, {"y"});
    list.add(std::string(op) + "_constant", b, 13);
  }
  OnnxBuilder b;
  b.input("x", {2, 6, 8}).output("y", {2, 6, 6});
  b.node("Transpose", {"x"}, {"t"}, {{"perm", Ints{0, 2, 1}}}).node("MatMul", {"x", "t"}, {"y"});
  list.add("matmul_of_two", b, 13);
}

void add_functions(List& list) {
  const Ints dims = {1, 4, 5, 6};
  for (const char* op : {"Relu", "Sigmoid", "Tanh"}) list.add(op, dims, dims, 13);
  list.add("HardSwish", dims, dims, 14);
  list.add("LeakyRelu", dims, dims, 13, {{"alpha", 0.2f}});
  list.add("Softmax", {3, 12}, {3, 12}, 13, {{"axis", std::int64_t{-1}}});
  for (const auto& [low, high] : {std::pair(0.0f, 6.0f), std::pair(-1.0f, 1.5f)}) {
    OnnxBuilder b;
    b.input("x", dims).output("y", dims).constant("low", {}, {low}).constant("high", {}, {high});
    list.add(low == 0 ? "clip_six" : "clip", b.node("Clip", {"x", "low", "high"}, {"y"}), 13);
  }
}

void add_windows(List& list) {
  const Ints in = {1, 4, 9, 8}, pads = {1, 1, 1, 1}, kernel = {3, 3}, strides = {2, 2};
  const Attributes window = {{"kernel_shape", kernel}, {"strides", strides}, {"pads", pads}};
  list.add("MaxPool", in, {1, 4, 5, 4}, 13, window);
  list.add("AveragePool", in, {1, 4, 5, 4}, 13, window);
  OnnxBuilder b;
  Attributes counted = window;
  counted.push_back({"count_include_pad", kOne});
  b.input("x", in).output("y", {1, 4, 5, 4}).node("AveragePool", {"x"}, {"y"}, counted);
  list.add("average_pool_counted", b, 13);
  list.add("GlobalAveragePool", in, {1, 4, 1, 1}, 13);
  list.add("ReduceMean", in, {1, 4, 8}, 13, {{"axes", Ints{2}}, {"keepdims", std::int64_t{0}}});
}

void add_movements(List& list) {
  const Ints in = {1, 4, 6, 5};
  list.add("Transpose", in, {1, 6, 5, 4}, 13, {{"perm", Ints{0, 2, 3, 1}}});
  OnnxBuilder flat, padded, cut, split;
  flat.input("x", in).output("y", {1, 120}).constant("shape", Ints{1, 120});
  list.add("Reshape", flat.node("Reshape", {"x", "shape"}, {"y"}), 13);
  padded.input("x", in).output("y", {1, 4, 9, 6}).constant("pads", Ints{0, 0, 1, 0, 0, 0, 2, 1});
  list.add("Pad", padded.node("Pad", {"x", "pads"}, {"y"}), 13);
  cut.input("x", in)
      .output("y", {1, 4, 3, 5})
      .constant("starts", Ints{1})
      .constant("ends", Ints{6});
  cut.constant("axes", Ints{2}).constant("steps", Ints{2});
  list.add("Slice", cut.node("Slice", {"x", "starts", "ends", "axes", "steps"}, {"y"}), 13);
  split.input("x", in).output("y", in).constant("sizes", Ints{3, 1});
  split.node("Split", {"x", "sizes"}, {"a", "b"}, {{"axis", kOne}});
  list.add("split", split.node("Concat", {"b", "a"}, {"y"}, {{"axis", kOne}}), 13);
}

// Later opsets

void add_resizes(List& list) {
  struct Form {
    const char* name;
    Ints sizes;
    int opset;
    Attributes attributes;
  };
  const std::string linear = "linear", nearest = "nearest", floor = "floor";
  const std::string how = "coordinate_transformation_mode", rounding = "nearest_mode";
  const std::string asymmetric = "asymmetric", corners = "align_corners", half = "half_pixel";
  const Form forms[] = {{"resize_linear", {10, 12}, 18, {{"mode", linear}}},
                        {"resize_smaller", {4, 3}, 19, {{"mode", linear}}},
                        {"resize_corners", {9, 7}, 18, {{"mode", linear}, {how, corners}}},
                        {"resize_asymmetric", {10, 9}, 18, {{"mode", linear}, {how, asymmetric}}},
                        {"resize_symmetric",
                         {10, 12},
                         19,
                         {{"mode", linear}, {how, std::string("half_pixel_symmetric")}}},
                        {"resize_nearest", {10, 12}, 18, {{"mode", nearest}, {how, half}}},
                        {"resize_nearest_smaller", {3, 2}, 19, {{"mode", nearest}, {how, half}}},
                        {"resize_nearest_floor",
                         {7, 12},
                         18,
                         {{"mode", nearest}, {how, asymmetric}, {rounding, floor}}},
                        {"resize_nearest_ceil",
                         {7, 12},
                         18,
                         {{"mode", nearest}, {how, asymmetric}, {rounding, std::string("ceil")}}}};
  for (const Form& form : forms) {
    OnnxBuilder b;
    b.input("x", {1, 3, 5, 6}).output("y", {1, 3, form.sizes[0], form.sizes[1]});
    b.constant("sizes", form.sizes);
    Attributes attributes = form.attributes;
    attributes.push_back({"axes", Ints{2, 3}});
    list.add(form.name, b.node("Resize", {"x", "", "", "sizes"}, {"y"}, attributes), form.opset);
  }
}

void add_normalizations(List& list) {
  for (const Ints& in : {Ints{2, 7, 12}, Ints{1, 4, 3, 5}}) {
    OnnxBuilder b;
    const Ints of_element = in.size() == 3 ? Ints{12} : Ints{4, 3, 5};
    const std::int64_t axis = in.size() == 3 ? -1 : 1;
    b.input("x", in).output("y", in);
    with_numbers(with_numbers(b, "s", of_element, 1), "b", of_element, 2);
    b.node("LayerNormalization", {"x", "s", "b"}, {"y"}, {{"axis", axis}, {"epsilon", 1e-4f}});
    list.add(axis == 1 ? "layer_normalization_of_images" : "layer_normalization", b, 17);
  }
  for (int opset : {18, 21}) {
    OnnxBuilder b;
    const std::int64_t groups = 3, channels = 6;
    b.input("x", {1, channels, 4, 5}).output("y", {1, channels, 4, 5});
    const Ints of_channel = {opset == 21 ? channels : groups};
    with_numbers(with_numbers(b, "s", of_channel, 1), "b", of_channel, 2);
    b.node("GroupNormalization", {"x", "s", "b"}, {"y"}, {{"num_groups", groups}});
    list.add(opset == 21 ? "group_normalization" : "group_normalization_18", b, opset);
  }
  OnnxBuilder b;
  b.input("x", {1, 4, 3, 5}).output("y", {1, 4, 3, 5});
  with_numbers(with_numbers(b, "s", {4}, 1), "b", {4}, 2);
  list.add("instance_normalization", b.node("InstanceNormalization", {"x", "s", "b"}, {"y"}), 14);
}

void add_reductions(List& list) {
  for (const char* op : {"ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL2"}) {
    OnnxBuilder b;
    b.input("x", {2, 3, 4, 5}).output("y", {2, 4}).constant("axes", Ints{1, -1});
    b.node(op, {"x", "axes"}, {"y"}, {{"keepdims", std::int64_t{0}}});
    list.add(op, b, 18);
  }
  OnnxBuilder b;
  b.input("x", {2, 5}).output("y", {2, 5}).constant("axes", Ints{});
  b.node("ReduceMean", {"x", "axes"}, {"y"}, {{"noop_with_empty_axes", kOne}});
  list.add("reduce_nothing", b, 18);
}

}  // namespace

std::vector<OperatorModel> quantizable_operators() {
  List list;
  add_weighted(list), add_pairs(list), add_functions(list), add_windows(list), add_movements(list);
  return list.take();
}

std::vector<OperatorModel> later_operators() {
  List list;
  const Ints dims = {1, 4, 5, 6};
  list.add("Gelu", dims, dims, 20);
  OnnxBuilder tanh;
  tanh.input("x", dims).output("y", dims);
  tanh.node("Gelu", {"x"}, {"y"}, {{"approximate", std::string("tanh")}});
  list.add("gelu_tanh", tanh, 20);
  list.add("Mish", dims, dims, 18);
  list.add("HardSwish", dims, dims, 14);
  add_resizes(list), add_normalizations(list), add_reductions(list);
  OnnxBuilder split, padded;
  split.input("x", {1, 7, 4}).output("y", {1, 7, 4});
  split.node("Split", {"x"}, {"a", "b", "c"}, {{"axis", kOne}, {"num_outputs", std::int64_t{3}}});
  list.add("split", split.node("Concat", {"c", "a", "b"}, {"y"}, {{"axis", kOne}}), 18);
  padded.input("x", {1, 3, 4, 5}).output("y", {1, 3, 6, 6}).constant("pads", Ints{1, 0, 1, 1});
  padded.constant("fill", {}, {0.5f}).constant("axes", Ints{2, -1});
  list.add("pad", padded.node("Pad", {"x", "pads", "fill", "axes"}, {"y"}), 19);
  return list.take();
}

}  // namespace mote::tests
