#include <algorithm>
#include <limits>

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

/// What moves elements, and what is computed along axes.
namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

/// RESHAPE, SQUEEZE, EXPAND_DIMS: the output's shape says it all.
Result<void> write_reshape(Exporter& to, const Node& node) {
  const int in = node.inputs[0], out = node.outputs[0];
  const std::vector<int>&from = to.tensor(in).shape, &shape = to.tensor(out).shape;
  const bool is_second = to.home(in) == Form::kChannelsSecond;
  // A signal is an image of one row for kernels, not for ONNX.
  if (from.size() == 3 && shape == std::vector<int>{from[0], 1, from[1], from[2]} &&
      (is_second || to.is_read_by_windows(out))) {
    const auto x = to.value(in, Form::kChannelsSecond);
    MOTE_TRY(x);
    to.set_signal(out, *x);
    return {};
  }
  if (const std::string* wave = to.signal(in);
      wave && shape == std::vector<int>{from[0], from[2], from[3]})
    return to.set_alias(node, *wave, Form::kChannelsSecond);
  if (is_second && shape.size() >= 3 && from[0] == shape[0] && from.back() == shape.back()) {
    const auto x = to.value(in, Form::kChannelsSecond);
    MOTE_TRY(x);
    return to.set_alias(node, to.reshaped(*x, dims_in(shape, Form::kChannelsSecond)),
                        Form::kChannelsSecond);
  }
  // A dense layer behind an image takes its elements in any order.
  if (is_second && shape.size() == 2 && from[0] == shape[0] &&
      to.is_read_by(out, "FULLY_CONNECTED")) {
    const auto x = to.value(in, Form::kChannelsSecond);
    MOTE_TRY(x);
    to.set_flat_image(out, from);
    return to.set_alias(node, to.reshaped(*x, dims_in(shape, Form::kStored)), Form::kStored);
  }
  const auto x = to.value(in, Form::kStored);
  MOTE_TRY(x);
  return to.set_alias(node, to.reshaped(*x, dims_in(shape, Form::kStored)), Form::kStored);
}

Result<void> write_transpose(Exporter& to, const Node& node) {
  const auto order = to.integers(node, 1);
  MOTE_TRY(order);
  const int in = node.inputs[0], rank = to.rank(in);
  const std::vector<int> plain = channels_second_order(rank);
  const Ints second(plain.begin(), plain.end());
  Ints back(second.size());
  for (std::size_t i = 0; i < second.size(); ++i)
    back[static_cast<std::size_t>(second[i])] = static_cast<std::int64_t>(i);
  if (rank >= 3 && *order == back && to.home(in) == Form::kStored) {
    const auto x = to.value(in, Form::kStored);
    MOTE_TRY(x);
    return to.set_alias(node, *x, Form::kChannelsSecond);
  }
  if (rank >= 3 && *order == second && to.home(in) == Form::kChannelsSecond) {
    const auto x = to.value(in, Form::kChannelsSecond);
    MOTE_TRY(x);
    return to.set_alias(node, *x, Form::kStored);
  }
  const auto x = to.value(in, Form::kStored);
  MOTE_TRY(x);
  return to.set_alias(node, to.transposed(*x, *order), Form::kStored);
}

Result<void> write_concatenation(Exporter& to, const Node& node) {
  const int rank = static_cast<int>(to.graph().output(node).shape.size());
  const Form form = to.common_form(node, rank);
  Names inputs;
  for (int input : node.inputs) {
    const auto x = to.value(input, form, rank);
    MOTE_TRY(x);
    inputs.push_back(*x);
  }
  const std::int64_t axis = axis_in(node.attrs.integer("axis"), rank, form);
  return to.set(node, to.emit("Concat", inputs, {{"axis", axis}}), form);
}

/// A list with an entry an axis, in the order of the form.
Ints along_axes(const Ints& stored, Form form) {
  Ints list = stored;
  if (form == Form::kChannelsSecond && list.size() >= 3)
    std::rotate(list.begin() + 1, list.end() - 1, list.end());
  return list;
}

Result<void> write_pad(Exporter& to, const Node& node) {
  const auto paddings = to.integers(node, 1);
  MOTE_TRY(paddings);
  const std::string* wave = to.signal(node.inputs[0]);
  const bool is_of_signal = wave && !(*paddings)[0] && !(*paddings)[1] && !(*paddings)[2] &&
                            !(*paddings)[3] && !(*paddings)[6] && !(*paddings)[7];
  const Form form = to.home(node.inputs[0]);
  const auto x = is_of_signal ? Result<std::string>(*wave) : to.value(node.inputs[0], form);
  MOTE_TRY(x);
  Ints before, after;
  for (std::size_t i = 0; i < paddings->size(); i += 2) {
    before.push_back((*paddings)[i]);
    after.push_back((*paddings)[i + 1]);
  }
  Ints pads = along_axes(before, form);
  const Ints ends = along_axes(after, form);
  pads.insert(pads.end(), ends.begin(), ends.end());
  if (is_of_signal) pads = {0, 0, (*paddings)[4], 0, 0, (*paddings)[5]};
  Names inputs = {*x, to.builder().list(pads)};
  std::string mode = "constant";
  if (node.op == "MIRROR_PAD") {
    if (node.attrs.integer("mode") != 0) return unsupported("its mode is SYMMETRIC");
    mode = "reflect";
  } else if (to.graph().input(node, 2)) {
    const auto fill = to.value(node.inputs[2], Form::kStored);
    MOTE_TRY(fill);
    inputs.push_back(to.reshaped(*fill, {}));
  }
  const std::string padded = to.emit("Pad", inputs, {{"mode", mode}});
  return is_of_signal ? to.set_signal_of(node, padded) : to.set(node, padded, form);
}

/// Elements begin, begin + step, ... of each axis, stored order.
Result<void> write_part(Exporter& to, const Node& node, const Ints& begin, const Ints& end,
                        const Ints& step) {
  const Form form = node.op == "STRIDED_SLICE" ? Form::kStored : to.home(node.inputs[0]);
  const auto x = to.value(node.inputs[0], form);
  MOTE_TRY(x);
  Ints axes;
  for (std::size_t i = 0; i < begin.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  ModelBuilder& b = to.builder();
  std::string part =
      to.emit("Slice", {*x, b.list(along_axes(begin, form)), b.list(along_axes(end, form)),
                        b.list(axes), b.list(along_axes(step, form))});
  const std::vector<int>& out = to.graph().output(node).shape;
  if (static_cast<int>(out.size()) != to.rank(node.inputs[0]))
    part = to.reshaped(part, dims_in(out, Form::kStored));
  return to.set_alias(node, part, form);
}

Result<void> write_slice(Exporter& to, const Node& node) {
  const auto begin = to.integers(node, 1), size = to.integers(node, 2);
  MOTE_TRY(begin);
  MOTE_TRY(size);
  Ints end, step(begin->size(), 1);
  for (std::size_t i = 0; i < begin->size(); ++i)
    end.push_back((*size)[i] < 0 ? to.tensor(node.inputs[0]).shape[i] : (*begin)[i] + (*size)[i]);
  return write_part(to, node, *begin, end, step);
}

Result<void> write_strided_slice(Exporter& to, const Node& node) {
  auto begin = to.integers(node, 1), end = to.integers(node, 2);
  const auto step = to.integers(node, 3);
  MOTE_TRY(begin);
  MOTE_TRY(end);
  MOTE_TRY(step);
  if (node.attrs.integer("ellipsis_mask") != 0 || node.attrs.integer("new_axis_mask") != 0 ||
      node.attrs.integer("offset") != 0)
    return unsupported("it has an ellipsis, new axes or offsets");
  constexpr std::int64_t kFar = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < begin->size(); ++i) {
    const int bit = 1 << i;
    const bool forwards = (*step)[i] > 0;
    if (node.attrs.integer("begin_mask") & bit) (*begin)[i] = forwards ? 0 : kFar;
    if (node.attrs.integer("end_mask") & bit) (*end)[i] = forwards ? kFar : -kFar;
    if (node.attrs.integer("shrink_axis_mask") & bit)
      (*end)[i] = (*begin)[i] == -1 ? kFar : (*begin)[i] + 1;
  }
  return write_part(to, node, *begin, *end, *step);
}

Result<void> write_reverse(Exporter& to, const Node& node) {
  const auto axes = to.integers(node, 1);
  MOTE_TRY(axes);
  const Form form = to.home(node.inputs[0]);
  const auto x = to.value(node.inputs[0], form);
  MOTE_TRY(x);
  Ints places, begin(axes->size(), -1), step(axes->size(), -1),
      end(axes->size(), std::numeric_limits<std::int32_t>::min());
  for (std::int64_t axis : *axes)
    places.push_back(axis_in(static_cast<int>(axis), to.rank(node.inputs[0]), form));
  ModelBuilder& b = to.builder();
  return to.set_alias(
      node, to.emit("Slice", {*x, b.list(begin), b.list(end), b.list(places), b.list(step)}), form);
}

/// SPLIT, SPLIT_V and UNPACK.
Result<void> write_split(Exporter& to, const Node& node) {
  const bool is_unpack = node.op == "UNPACK";
  const std::size_t from = node.op == "SPLIT" ? 1 : 0;
  const int in = node.inputs[from], rank = to.rank(in);
  std::int64_t axis = node.attrs.integer("axis");
  if (!is_unpack) {
    const auto given = to.integers(node, node.op == "SPLIT" ? 0 : 2);
    MOTE_TRY(given);
    axis = (*given)[0];
  }
  const Form form = is_unpack ? Form::kStored : to.home(in);
  const auto x = to.value(in, form);
  MOTE_TRY(x);
  const auto stored = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  Ints sizes;
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    sizes.push_back(is_unpack ? 1 : to.graph().output(node, i).shape[stored]);
  const Names parts =
      to.emit_several("Split", {*x, to.builder().list(sizes)}, sizes.size(),
                      {{"axis", std::int64_t{axis_in(static_cast<int>(stored), rank, form)}}});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Ints dims = dims_in(to.graph().output(node, i).shape, Form::kStored);
    MOTE_TRY(to.set(node, is_unpack ? to.reshaped(parts[i], dims) : parts[i], form, i));
  }
  return {};
}

Result<void> write_pack(Exporter& to, const Node& node) {
  const std::vector<int>& out = to.graph().output(node).shape;
  const int rank = static_cast<int>(out.size());
  const int axis = axis_in(node.attrs.integer("axis"), rank, Form::kStored);
  Ints dims = dims_in(out, Form::kStored);
  dims[static_cast<std::size_t>(axis)] = 1;
  Names parts;
  for (int input : node.inputs) {
    const auto x = to.value(input, Form::kStored);
    MOTE_TRY(x);
    parts.push_back(to.reshaped(*x, dims));
  }
  return to.set(node, to.emit("Concat", parts, {{"axis", std::int64_t{axis}}}), Form::kStored);
}

Result<void> write_gather(Exporter& to, const Node& node) {
  if (node.attrs.integer("batch_dims") != 0) return unsupported("it has batch dimensions");
  const auto x = to.value(node.inputs[0], Form::kStored),
             places = to.value(node.inputs[1], Form::kStored);
  MOTE_TRY(x);
  MOTE_TRY(places);
  return to.set(
      node, to.emit("Gather", {*x, *places}, {{"axis", std::int64_t{node.attrs.integer("axis")}}}),
      Form::kStored);
}

Result<void> write_broadcast(Exporter& to, const Node& node) {
  const auto x = to.value(node.inputs[0], Form::kStored);
  MOTE_TRY(x);
  const Ints dims = dims_in(to.graph().output(node).shape, Form::kStored);
  return to.set(node, to.emit("Expand", {*x, to.builder().list(dims)}), Form::kStored);
}

Result<void> write_reduction(Exporter& to, const Node& node) {
  const auto axes = to.integers(node, 1);
  MOTE_TRY(axes);
  const int in = node.inputs[0], rank = to.rank(in);
  const bool keeps = node.attrs.integer("keep_dims") != 0;
  Ints places;
  for (std::int64_t axis : *axes)
    places.push_back(axis_in(static_cast<int>(axis), rank, Form::kStored));
  std::sort(places.begin(), places.end());
  // Without rows and columns it does not matter where the channels stood.
  bool is_of_images = std::ssize(places) == rank - 2;
  for (std::size_t i = 0; i < places.size(); ++i)
    is_of_images = is_of_images && places[i] == static_cast<std::int64_t>(i) + 1;
  const Form form = keeps || is_of_images ? to.home(in) : Form::kStored;
  for (std::int64_t& axis : places) axis = axis_in(static_cast<int>(axis), rank, form);
  std::sort(places.begin(), places.end());
  const auto x = to.value(in, form);
  MOTE_TRY(x);
  const std::int64_t keep = keeps ? 1 : 0;
  const char* op = node.op == "SUM"          ? "ReduceSum"
                   : node.op == "MEAN"       ? "ReduceMean"
                   : node.op == "REDUCE_MAX" ? "ReduceMax"
                                             : "ReduceMin";
  constexpr int kAxesAreAnInput = 18;  // and of ReduceSum earlier
  const bool is_input = node.op == "SUM" || to.opset() >= kAxesAreAnInput;
  const std::string reduced =
      is_input ? to.emit(op, {*x, to.builder().list(places)}, {{"keepdims", keep}})
               : to.emit(op, {*x}, {{"axes", places}, {"keepdims", keep}});
  return to.set(node, reduced, keeps ? form : Form::kStored);
}

Result<void> write_arg_max(Exporter& to, const Node& node) {
  const auto axes = to.integers(node, 1);
  MOTE_TRY(axes);
  const auto x = to.value(node.inputs[0], Form::kStored);
  MOTE_TRY(x);
  std::string at = to.emit(node.op == "ARG_MAX" ? "ArgMax" : "ArgMin", {*x},
                           {{"axis", (*axes)[0]}, {"keepdims", std::int64_t{0}}});
  constexpr std::int64_t kInt32 = 6;
  if (to.graph().output(node).type == DType::kInt32) at = to.emit("Cast", {at}, {{"to", kInt32}});
  return to.set(node, at, Form::kStored);
}

constexpr OperatorWriter kWriters[] = {{"ARG_MAX", write_arg_max},
                                       {"ARG_MIN", write_arg_max},
                                       {"BROADCAST_TO", write_broadcast},
                                       {"CONCATENATION", write_concatenation},
                                       {"EXPAND_DIMS", write_reshape},
                                       {"GATHER", write_gather},
                                       {"MEAN", write_reduction},
                                       {"MIRROR_PAD", write_pad},
                                       {"PACK", write_pack},
                                       {"PAD", write_pad},
                                       {"PADV2", write_pad},
                                       {"REDUCE_MAX", write_reduction},
                                       {"REDUCE_MIN", write_reduction},
                                       {"RESHAPE", write_reshape},
                                       {"REVERSE_V2", write_reverse},
                                       {"SLICE", write_slice},
                                       {"SPLIT", write_split},
                                       {"SPLIT_V", write_split},
                                       {"SQUEEZE", write_reshape},
                                       {"STRIDED_SLICE", write_strided_slice},
                                       {"SUM", write_reduction},
                                       {"TRANSPOSE", write_transpose},
                                       {"UNPACK", write_split}};

}  // namespace

std::span<const OperatorWriter> movement_writers() { return kWriters; }

}  // namespace mote::onnx
