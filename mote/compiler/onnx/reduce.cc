#include <algorithm>
#include <cmath>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Along axes: sums, means, softmax.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

const char* reducer(std::string_view op) {
  if (op == "ReduceMean") return "MEAN";
  if (op == "ReduceMax") return "REDUCE_MAX";
  if (op == "ReduceMin") return "REDUCE_MIN";
  return "SUM";
}

Result<void> convert_reduction(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto given = integers(to, node, "axes", 1);
  MOTE_TRY(given);
  if ((!*given || (*given)->empty()) && integer(node, "noop_with_empty_axes", 0) != 0) {
    to.set(node.outputs[0], *in);
    return {};
  }
  const auto axes = axes_of(*given, in->rank());
  MOTE_TRY(axes);
  const bool keeps_dims = integer(node, "keepdims", 1) != 0;
  const Layout layout = in->image.empty() ? in->layout : Layout::kPlain;
  const auto tensor = to.tensor_of(*in, layout);
  MOTE_TRY(tensor);
  std::vector<int> stored_axes, dims = in->dims, left;
  for (int axis : *axes)
    stored_axes.push_back(stored_axis(axis, in->rank(), layout)), dims[at(axis)] = 1;
  std::sort(stored_axes.begin(), stored_axes.end());
  graph::Attributes attrs;
  attrs.set("keep_dims", std::int64_t{1});
  const bool is_norm = node.op == "ReduceL2";
  int out = *tensor;
  if (is_norm) out = to.emit("SQUARE", {out}, stored_dims(in->dims, layout), in->type);
  out = to.emit(reducer(node.op), {out, to.add_integers(stored_axes)}, stored_dims(dims, layout),
                in->type, attrs);
  if (is_norm) out = to.emit("SQRT", {out}, stored_dims(dims, layout), in->type);
  if (keeps_dims) {
    to.set(node.outputs[0], out, dims, layout);
    return {};
  }
  for (int i = 0; i < in->rank(); ++i)
    if (!std::binary_search(axes->begin(), axes->end(), i)) left.push_back(dims[at(i)]);
  // What is left of the dimensions, in ONNX's order.
  const auto plain =
      to.tensor_of({.tensor = out, .type = in->type, .dims = dims, .layout = layout});
  MOTE_TRY(plain);
  out = to.emit("RESHAPE", {*plain, to.add_integers(left)}, left, in->type);
  to.set(node.outputs[0], out, left, Layout::kPlain);
  return {};
}

Result<void> convert_arg(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto axis = axis_of(integer(node, "axis", 0), in->rank());
  MOTE_TRY(axis);
  if (integer(node, "select_last_index", 0) != 0) return unsupported("it takes the last of equals");
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  std::vector<int> dims = in->dims;
  dims.erase(dims.begin() + *axis);
  graph::Attributes attrs;
  constexpr std::int64_t kInt32 = 2;  // TensorFlow Lite's number of the type
  attrs.set("output_type", kInt32);
  int out = to.emit(node.op == "ArgMax" ? "ARG_MAX" : "ARG_MIN", {*plain, to.add_integers({*axis})},
                    dims, DType::kInt32, std::move(attrs));
  if (integer(node, "keepdims", 1) != 0) {
    dims.insert(dims.begin() + *axis, 1);
    out = to.reshape(out, dims);
  }
  to.set(node.outputs[0], out, dims, Layout::kPlain);
  return {};
}

/// Along one axis, which must lie last; before opset 13 along all from that axis on.
Result<void> convert_softmax(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  constexpr std::int64_t kOfOneAxis = 13;
  const bool is_of_one = to.file().opset >= kOfOneAxis;
  const auto axis = axis_of(integer(node, "axis", is_of_one ? -1 : 1), in->rank());
  MOTE_TRY(axis);
  const int last = in->rank() - 1;
  if (!is_of_one && *axis != last && count_of({in->dims.begin() + *axis + 1, in->dims.end()}) != 1)
    return unsupported(
        cat("it takes ", last - *axis + 1, " dimensions together; export with opset 13"));
  graph::Attributes attrs;
  const char* op = node.op == "Softmax" ? "SOFTMAX" : "LOG_SOFTMAX";
  if (node.op == "Softmax") attrs.set("beta", 1.0);
  Layout layout = in->image.empty() ? in->layout : Layout::kPlain;
  for (const Layout other : {Layout::kPlain, Layout::kChannelsLast})
    if (stored_axis(*axis, in->rank(), layout) != last &&
        stored_axis(*axis, in->rank(), other) == last)
      layout = other;
  const auto tensor = to.tensor_of(*in, layout);
  MOTE_TRY(tensor);
  const std::vector<int> stored = stored_dims(in->dims, layout);
  const int place = stored_axis(*axis, in->rank(), layout);
  if (place == last) {
    to.set(node.outputs[0], to.emit(op, {*tensor}, stored, in->type, attrs), in->dims, layout);
    return {};
  }
  // The axis and the last dimension change places, and change back.
  std::vector<int> order, turned = stored;
  for (int i = 0; i <= last; ++i) order.push_back(i == place ? last : i == last ? place : i);
  std::swap(turned[at(place)], turned[at(last)]);
  int out = to.emit("TRANSPOSE", {*tensor, to.add_integers(order)}, turned, in->type);
  out = to.emit(op, {out}, turned, in->type, attrs);
  out = to.emit("TRANSPOSE", {out, to.add_integers(order)}, stored, in->type);
  to.set(node.outputs[0], out, in->dims, layout);
  return {};
}

constexpr Converter kConverters[] = {
    {"ArgMax", convert_arg},          {"ArgMin", convert_arg},
    {"LogSoftmax", convert_softmax},  {"ReduceL2", convert_reduction},
    {"ReduceMax", convert_reduction}, {"ReduceMean", convert_reduction},
    {"ReduceMin", convert_reduction}, {"ReduceSum", convert_reduction},
    {"Softmax", convert_softmax},
};

}  // namespace

std::span<const Converter> reduce_converters() { return kConverters; }

}  // namespace mote::onnx
