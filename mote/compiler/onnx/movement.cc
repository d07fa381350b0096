#include <algorithm>
#include <numeric>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// What moves elements, and what only names them anew.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// The node's input as it lies, in ONNX's order where it is a flattened image.
Result<Value> unflattened_input(Importer& to, const Node& node) {
  auto in = to.input(node, 0);
  MOTE_TRY(in);
  if (in->image.empty() && !in->constant) return in;
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  in->tensor = *plain, in->image.clear(), in->constant = nullptr, in->layout = Layout::kPlain;
  return in;
}

/// The value with other dimensions and the elements in ONNX's order.
Result<void> set_reshaped(Importer& to, const Node& node, const Value& in,
                          const std::vector<int>& dims) {
  const auto plain = to.tensor_of(in);
  MOTE_TRY(plain);
  // A tensor of its own, so that names stay with what they name.
  const int out = to.emit("RESHAPE", {*plain, to.add_integers(dims)}, dims, in.type);
  to.set(node.outputs[0], out, dims, Layout::kPlain);
  return {};
}

/// An image of which all but the first dimension become one is left in the order of memory: a
/// product that follows can have its weights in that order.
Result<void> reshape_to(Importer& to, const Node& node, const Value& in,
                        const std::vector<int>& dims) {
  const bool is_flattened = dims.size() == 2 && in.rank() > 2 && dims[0] == in.dims[0] &&
                            in.image.empty() && in.layout == Layout::kChannelsLast;
  if (!is_flattened) return set_reshaped(to, node, in, dims);
  const bool is_in_order =
      in.dims[1] == 1 || count_of(in.dims) == std::int64_t{in.dims[0]} * in.dims[1];
  const int out = to.emit("RESHAPE", {in.tensor, to.add_integers(dims)}, dims, in.type);
  to.set(node.outputs[0], out, dims, Layout::kPlain, is_in_order ? std::vector<int>() : in.dims);
  return {};
}

Result<void> convert_reshape(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto target = integers(to, node, "shape", 1);
  MOTE_TRY(target);
  if (!*target) return bad_input("it names no shape");
  const auto dims = reshaped_dims(in->dims, **target, integer(node, "allowzero", 0) != 0);
  MOTE_TRY(dims);
  return reshape_to(to, node, *in, *dims);
}

Result<void> convert_flatten(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  std::int64_t axis = integer(node, "axis", 1);
  if (axis < 0) axis += in->rank();
  if (axis < 0 || axis > in->rank()) return bad_input(cat("its axis is ", axis));
  std::int64_t outer = 1;
  for (std::int64_t i = 0; i < axis; ++i) outer *= in->dims[static_cast<std::size_t>(i)];
  return reshape_to(to, node, *in,
                    {static_cast<int>(outer), static_cast<int>(count_of(in->dims) / outer)});
}

Result<void> convert_squeeze(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto dims = node.op == "Squeeze" ? squeezed_dims(to, node, in->dims)
                                         : unsqueezed_dims(to, node, in->dims);
  MOTE_TRY(dims);
  return reshape_to(to, node, *in, *dims);
}

/// Where dimensions only change their names, no element moves.
Result<void> convert_transpose(Importer& to, const Node& node) {
  const auto in = unflattened_input(to, node);
  MOTE_TRY(in);
  const auto order = permutation_of(node, in->rank());
  MOTE_TRY(order);
  std::vector<int> dims;
  for (int axis : *order) dims.push_back(in->dims[at(axis)]);
  // What is stored, in terms of ONNX's dimensions before and after.
  std::vector<int> marks(at(in->rank()));
  std::iota(marks.begin(), marks.end(), 0);
  const std::vector<int> before = stored_dims(marks, in->layout);
  for (const Layout layout : {Layout::kPlain, Layout::kChannelsLast})
    if (stored_dims(*order, layout) == before) {
      to.set(node.outputs[0],
             {.tensor = in->tensor, .type = in->type, .dims = dims, .layout = layout});
      return {};
    }
  std::vector<int> moves;  // the stored dimension that becomes each of the output
  for (int axis : *order)
    moves.push_back(
        static_cast<int>(std::find(before.begin(), before.end(), axis) - before.begin()));
  const int out = to.emit("TRANSPOSE", {in->tensor, to.add_integers(moves)}, dims, in->type);
  to.set(node.outputs[0], out, dims, Layout::kPlain);
  return {};
}

Result<void> convert_concat(Importer& to, const Node& node) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const auto value = to.input(node, i);
    MOTE_TRY(value);
    values.push_back(*value);
  }
  if (values.empty()) return bad_input("it has no inputs");
  const int rank = values[0].rank();
  const auto axis = axis_of(integer(node, "axis", 0), rank);
  MOTE_TRY(axis);
  Layout layout = Layout::kPlain;
  for (const Value& value : values)
    if (!value.constant && value.image.empty() && value.layout == Layout::kChannelsLast)
      layout = Layout::kChannelsLast;
  std::vector<int> tensors, dims = values[0].dims;
  dims[at(*axis)] = 0;
  for (const Value& value : values) {
    if (value.rank() != rank || value.type != values[0].type)
      return bad_input("its inputs do not fit");
    for (int i = 0; i < rank; ++i)
      if (i != *axis && value.dims[at(i)] != dims[at(i)])
        return bad_input(cat("its inputs are ", describe_dims(values[0].dims), " and ",
                             describe_dims(value.dims), ", which do not fit"));
    dims[at(*axis)] += value.dims[at(*axis)];
    const auto tensor = to.tensor_of(value, layout);
    MOTE_TRY(tensor);
    tensors.push_back(*tensor);
  }
  graph::Attributes attrs;
  attrs.set("axis", std::int64_t{stored_axis(*axis, rank, layout)});
  attrs.set("fused_activation_function", std::int64_t{0});
  const int out = to.emit("CONCATENATION", tensors, stored_dims(dims, layout), values[0].type,
                          std::move(attrs));
  to.set(node.outputs[0], out, dims, layout);
  return {};
}

/// A part of the value: parts of its dimensions.
int cut(Importer& to, const Value& in, const std::vector<Part>& parts, std::vector<int>& dims) {
  std::vector<int> begins, ends, steps, sizes;
  bool has_steps = false;
  dims.clear();
  for (const Part& part : parts) {
    begins.push_back(part.begin), sizes.push_back(part.count), steps.push_back(part.step);
    // Behind the last element; what lies before the first cannot be said as a number from the
    // front.
    ends.push_back(part.begin + part.step * (part.count - 1) + (part.step > 0 ? 1 : -1));
    has_steps = has_steps || part.step != 1;
    dims.push_back(part.count);
  }
  const auto stored = [&](const std::vector<int>& list) { return stored_dims(list, in.layout); };
  if (!has_steps)
    return to.emit("SLICE",
                   {in.tensor, to.add_integers(stored(begins)), to.add_integers(stored(sizes))},
                   stored(dims), in.type);
  graph::Attributes attrs;
  std::int64_t to_edge = 0;
  const std::vector<int> last = stored(ends);
  for (std::size_t i = 0; i < last.size(); ++i)
    if (last[i] < 0) to_edge |= std::int64_t{1} << i;
  attrs.set("begin_mask", std::int64_t{0});
  attrs.set("end_mask", to_edge);
  for (const char* mask : {"ellipsis_mask", "new_axis_mask", "shrink_axis_mask"})
    attrs.set(mask, std::int64_t{0});
  return to.emit("STRIDED_SLICE",
                 {in.tensor, to.add_integers(stored(begins)), to.add_integers(last),
                  to.add_integers(stored(steps))},
                 stored(dims), in.type, std::move(attrs));
}

Result<void> convert_slice(Importer& to, const Node& node) {
  const auto in = unflattened_input(to, node);
  MOTE_TRY(in);
  const auto parts = parts_of(to, node, in->dims);
  MOTE_TRY(parts);
  std::vector<int> dims;
  const int out = cut(to, *in, *parts, dims);
  to.set(node.outputs[0], out, dims, in->layout);
  return {};
}

Result<void> convert_split(Importer& to, const Node& node) {
  const auto in = unflattened_input(to, node);
  MOTE_TRY(in);
  const auto axis = axis_of(integer(node, "axis", 0), in->rank());
  MOTE_TRY(axis);
  const auto sizes = integers(to, node, "split", 1);
  MOTE_TRY(sizes);
  const int extent = in->dims[at(*axis)], count = static_cast<int>(node.outputs.size());
  std::vector<Part> parts;
  for (int dim : in->dims) parts.push_back({.count = dim});
  int begin = 0;
  for (int i = 0; i < count; ++i) {
    const std::int64_t each = (extent + count - 1) / count;
    const std::int64_t size = !*sizes ? std::min<std::int64_t>(each, extent - begin)
                              : i < static_cast<int>((*sizes)->size()) ? (**sizes)[at(i)]
                                                                       : 0;
    if (size < 1 || size > extent - begin)
      return bad_input(cat("its parts are not those of ", extent, " elements"));
    parts[at(*axis)] = {.begin = begin, .count = static_cast<int>(size)};
    begin += static_cast<int>(size);
    std::vector<int> dims;
    const int out = cut(to, *in, parts, dims);
    to.set(node.outputs[at(i)], out, dims, in->layout);
  }
  return {};
}

/// A constant place, or a list of them.
Result<void> convert_gather(Importer& to, const Node& node) {
  const auto in = unflattened_input(to, node);
  MOTE_TRY(in);
  const auto axis = axis_of(integer(node, "axis", 0), in->rank());
  MOTE_TRY(axis);
  const auto indices = to.input(node, 1);
  MOTE_TRY(indices);
  const int extent = in->dims[at(*axis)];
  std::vector<int> dims(in->dims.begin(), in->dims.begin() + *axis);
  dims.insert(dims.end(), indices->dims.begin(), indices->dims.end());
  dims.insert(dims.end(), in->dims.begin() + *axis + 1, in->dims.end());
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  int places = -1;
  if (indices->constant) {
    std::vector<int> list;
    for (double x : numbers_of(*indices->constant).values) {
      const std::int64_t place = to_integer(x) < 0 ? to_integer(x) + extent : to_integer(x);
      if (place < 0 || place >= extent)
        return bad_input(cat("it takes element ", to_integer(x), " of ", extent));
      list.push_back(static_cast<int>(place));
    }
    const auto bytes = std::as_bytes(std::span(list));
    places = to.add_constant(DType::kInt32, indices->dims, {bytes.begin(), bytes.end()});
  } else {
    const auto computed = to.tensor_of(*indices);
    MOTE_TRY(computed);
    places = *computed;
  }
  graph::Attributes attrs;
  attrs.set("axis", std::int64_t{*axis});
  attrs.set("batch_dims", std::int64_t{0});
  const int out = to.emit("GATHER", {*plain, places}, dims, in->type, std::move(attrs));
  to.set(node.outputs[0], out, dims, Layout::kPlain);
  return {};
}

/// Since opset 18, pads may be those of some axes.
Result<std::vector<std::int64_t>> pads_of_all(const Importer& to, const Node& node,
                                              const std::vector<std::int64_t>& pads, int rank) {
  const auto axes = to.integers(node, 3, "the axes");
  MOTE_TRY(axes);
  if (pads.size() != 2 * axes->size()) return bad_input("its pads are not two an axis");
  std::vector<std::int64_t> all(2 * at(rank));
  for (std::size_t i = 0; i < axes->size(); ++i) {
    const auto axis = axis_of((*axes)[i], rank);
    MOTE_TRY(axis);
    all[at(*axis)] = pads[i], all[at(rank + *axis)] = pads[axes->size() + i];
  }
  return all;
}

Result<void> convert_pad(Importer& to, const Node& node) {
  const auto in = unflattened_input(to, node);
  MOTE_TRY(in);
  auto pads = integers(to, node, "pads", 1);
  MOTE_TRY(pads);
  const std::size_t rank = in->dims.size();
  if (!*pads) return bad_input("it has no pads");
  if (to.has_input(node, 3)) {
    const auto spread = pads_of_all(to, node, **pads, in->rank());
    MOTE_TRY(spread);
    **pads = *spread;
  }
  if ((*pads)->size() != 2 * rank) return bad_input("its pads are not two a dimension");
  float fill = real(node, "value", 0);
  if (to.has_input(node, 2)) {
    const auto value = to.constant_input(node, 2, "the fill");
    MOTE_TRY(value);
    const Numbers numbers = numbers_of(*value->constant);
    if (numbers.count() != 1) return bad_input("its fill is no single number");
    fill = static_cast<float>(numbers.values[0]);
  }
  std::vector<int> before, after, dims = in->dims, list;
  for (std::size_t i = 0; i < rank; ++i) {
    constexpr std::int64_t kMost = 1 << 20;
    const std::int64_t first = (**pads)[i], second = (**pads)[rank + i];
    if (first < 0 || second < 0 || first > kMost || second > kMost)
      return unsupported(cat("its pads are ", first, " and ", second, ", expected none below 0"));
    before.push_back(static_cast<int>(first)), after.push_back(static_cast<int>(second));
    dims[i] += before.back() + after.back();
  }
  before = stored_dims(before, in->layout), after = stored_dims(after, in->layout);
  for (std::size_t i = 0; i < rank; ++i) list.push_back(before[i]), list.push_back(after[i]);
  const auto bytes = std::as_bytes(std::span(list));
  std::vector<int> tensors = {
      in->tensor, to.add_constant(DType::kInt32, {in->rank(), 2}, {bytes.begin(), bytes.end()})};
  const std::string mode = text(node, "mode", "constant");
  graph::Attributes attrs;
  const char* op = "PAD";
  if (mode == "reflect") {
    op = "MIRROR_PAD";
    attrs.set("mode", std::int64_t{0});
  } else if (mode != "constant") {
    return unsupported(cat("its mode is '", mode, "', expected constant or reflect"));
  } else if (fill != 0) {
    op = "PADV2";
    tensors.push_back(to.add_floats({1}, {fill}));
  }
  const int out = to.emit(op, tensors, stored_dims(dims, in->layout), in->type, std::move(attrs));
  to.set(node.outputs[0], out, dims, in->layout);
  return {};
}

Result<void> convert_expand(Importer& to, const Node& node) {
  const auto in = to.input(node, 0);
  MOTE_TRY(in);
  const auto wanted = to.integers(node, 1, "the shape");
  MOTE_TRY(wanted);
  std::vector<int> shape;
  for (std::int64_t dim : *wanted) {
    if (dim < 1 || dim > (1 << 24)) return unsupported(cat("it makes a dimension of ", dim));
    shape.push_back(static_cast<int>(dim));
  }
  const auto dims = broadcast(in->dims, shape);
  MOTE_TRY(dims);
  const auto plain = to.tensor_of(*in);
  MOTE_TRY(plain);
  const int out = to.emit("BROADCAST_TO", {*plain, to.add_integers(*dims)}, *dims, in->type);
  to.set(node.outputs[0], out, *dims, Layout::kPlain);
  return {};
}

constexpr Converter kConverters[] = {
    {"Concat", convert_concat},       {"Expand", convert_expand},     {"Flatten", convert_flatten},
    {"Gather", convert_gather},       {"Pad", convert_pad},           {"Reshape", convert_reshape},
    {"Slice", convert_slice},         {"Split", convert_split},       {"Squeeze", convert_squeeze},
    {"Transpose", convert_transpose}, {"Unsqueeze", convert_squeeze},
};

}  // namespace

std::span<const Converter> movement_converters() { return kConverters; }

}  // namespace mote::onnx
