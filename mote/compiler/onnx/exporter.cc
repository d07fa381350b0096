#include "mote/compiler/onnx/exporter.h"

#include <algorithm>

#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

using graph::Node;
using graph::Tensor;

std::size_t place(Form form) { return form == Form::kStored ? 0 : 1; }

/// Operators that work on images, and so want channels second.
bool is_of_images(std::string_view op) {
  constexpr std::string_view kNames[] = {
      "AVERAGE_POOL_2D",         "CONV_2D",        "DEPTHWISE_CONV_2D",
      "DEPTH_TO_SPACE",          "MAX_POOL_2D",    "RESIZE_BILINEAR",
      "RESIZE_NEAREST_NEIGHBOR", "SPACE_TO_DEPTH", "TRANSPOSE_CONV"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

/// Operators that work in either form.
bool is_of_any_form(std::string_view op) {
  constexpr std::string_view kNames[] = {
      "ADD", "CONCATENATION", "DEQUANTIZE", "DIV",      "HARD_SWISH", "LEAKY_RELU", "LOGISTIC",
      "MUL", "PAD",           "PADV2",      "QUANTIZE", "RELU",       "RELU6",      "RESHAPE",
      "SUB", "TANH",          "MAXIMUM",    "MINIMUM",  "PRELU",      "GELU",       "MEAN"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

}  // namespace

std::vector<int> channels_second_order(int rank) {
  std::vector<int> order = {0, rank - 1};
  for (int i = 1; i + 1 < rank; ++i) order.push_back(i);
  return order;
}

Ints dims_in(const std::vector<int>& shape, Form form) {
  Ints dims(shape.begin(), shape.end());
  if (form == Form::kChannelsSecond && dims.size() >= 3)
    std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
  return dims;
}

int axis_in(int axis, int rank, Form form) {
  if (axis < 0) axis += rank;
  if (form == Form::kStored || rank < 3 || axis == 0) return axis;
  return axis == rank - 1 ? 1 : axis + 1;
}

// Values

Form Exporter::home(int index) const {
  const auto found = values_.find(index);
  const bool is_second =
      found == values_.end() ? signals_.contains(index) : found->second[0].empty();
  return is_second && rank(index) >= 3 ? Form::kChannelsSecond : Form::kStored;
}

Form Exporter::common_form(const Node& node, int wanted_rank) const {
  for (int input : node.inputs)
    if (input != graph::kNoTensor && !tensor(input).is_constant() && rank(input) == wanted_rank &&
        home(input) == Form::kChannelsSecond)
      return Form::kChannelsSecond;
  return Form::kStored;
}

const std::vector<int>* Exporter::flat_image(int index) const {
  const auto found = flat_.find(index);
  return found == flat_.end() ? nullptr : &found->second;
}

bool Exporter::is_output(int index) const {
  return std::count(graph_.outputs.begin(), graph_.outputs.end(), index) > 0;
}

bool Exporter::is_read_by(int index, std::string_view op) const {
  return !is_output(index) &&
         std::all_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
           return node.op == op || std::count(node.inputs.begin(), node.inputs.end(), index) == 0;
         });
}

bool Exporter::is_read_by_windows(int index) const {
  return std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
    const bool is_pad = node.op == "PAD" || node.op == "PADV2";
    return std::count(node.inputs.begin(), node.inputs.end(), index) > 0 &&
           (is_of_images(node.op) || (is_pad && is_read_by_windows(node.outputs[0])));
  });
}

bool Exporter::wants_channels_second(int index, int depth) const {
  constexpr int kDeepest = 12;
  if (rank(index) < 3 || depth > kDeepest) return false;
  return std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
    if (std::count(node.inputs.begin(), node.inputs.end(), index) == 0) return false;
    if (is_of_images(node.op)) return true;
    const std::vector<int>&in = tensor(index).shape, &out = graph_.output(node).shape;
    const bool keeps =
        node.op != "RESHAPE" || (out.size() >= 3 && in[0] == out[0] && in.back() == out.back());
    return is_of_any_form(node.op) && keeps && wants_channels_second(node.outputs[0], depth + 1);
  });
}

std::string Exporter::base_name(int index) {
  std::string name = tensor(index).name;
  if (name.empty()) name = cat("tensor_", index);
  // Names of their own have the writer's constants, nodes and values.
  while (names_.contains(name) || name.starts_with("value_") || name.starts_with("constant_"))
    name = cat("tensor_", index, "_", name);
  names_[name] = index;
  return name;
}

Result<std::string> Exporter::value(int index, Form form, int wanted_rank) {
  const Tensor& from = tensor(index);
  const int own_rank = rank(index);
  if (from.is_constant()) {
    std::vector<int> order(static_cast<std::size_t>(own_rank));
    for (int i = 0; i < own_rank; ++i) order[static_cast<std::size_t>(i)] = i;
    if (wanted_rank <= own_rank || form == Form::kStored) {
      if (form == Form::kChannelsSecond && own_rank >= 3) order = channels_second_order(own_rank);
      return constant(index, order);
    }
    // With fewer dimensions: they are the last ones, of which the last are the channels.
    if (from.quant.scale.size() > 1)
      return unsupported(cat("'", from.name, "' has a scale a channel and is no filter"));
    std::vector<int> whole(static_cast<std::size_t>(wanted_rank - own_rank), 1);
    whole.insert(whole.end(), from.shape.begin(), from.shape.end());
    Tensor padded = from;
    padded.shape = whole;
    const std::vector<int> second = channels_second_order(wanted_rank);
    const auto bytes =
        reordered(from.data, static_cast<std::size_t>(size_of(from.type)), whole, second);
    const std::string name =
        builder_.constant(from.type, dims_in(whole, Form::kChannelsSecond), bytes);
    return from.quant.scale.empty() ? name : dequantized(name, from, 0);
  }
  if (own_rank < 3) form = Form::kStored;
  if (const std::string* wave = signal(index); wave && !values_.contains(index))
    values_[index][1] = reshaped(*wave, dims_in(from.shape, Form::kChannelsSecond));
  auto& names = values_[index];
  std::string& name = names[place(form)];
  if (!name.empty()) return name;
  const std::string& other = names[1 - place(form)];
  if (other.empty()) return unsupported(cat("'", from.name, "' is made by no node before it"));
  const std::vector<int> second = channels_second_order(own_rank);
  Ints order(second.begin(), second.end());
  if (form == Form::kStored)
    for (std::size_t i = 0; i < second.size(); ++i)
      order[static_cast<std::size_t>(second[i])] = static_cast<std::int64_t>(i);
  return name = transposed(other, order);
}

Result<Ints> Exporter::integers(const Node& node, std::size_t i) const {
  const Tensor* from = graph_.input(node, i);
  if (!from || !from->is_constant())
    return unsupported(cat("its input ", i, " is computed, expected constants"));
  if (from->type == DType::kInt32) {
    const auto list = graph::values<std::int32_t>(*from);
    return Ints(list.begin(), list.end());
  }
  if (from->type == DType::kInt64) return graph::values<std::int64_t>(*from);
  return unsupported(cat("its input ", i, " is ", name_of(from->type), ", expected INT32"));
}

// Nodes

std::string Exporter::emit(std::string_view op, const Names& inputs,
                           const ModelBuilder::Attributes& attributes) {
  return emit_several(op, inputs, 1, attributes)[0];
}

Names Exporter::emit_several(std::string_view op, const Names& inputs, std::size_t outputs,
                             const ModelBuilder::Attributes& attributes) {
  Names names;
  for (std::size_t i = 0; i < outputs; ++i) names.push_back(fresh());
  builder_.node("", op, inputs, names, attributes);
  return names;
}

Result<std::string> Exporter::activated(const Node& node, std::string name) {
  switch (node.attrs.integer("fused_activation_function")) {
    case 0:
      return name;
    case 1:
      return emit("Relu", {name});
    case 2:
      return emit("Clip", {name, builder_.scalar(-1.0f), builder_.scalar(1.0f)});
    case 3:
      return emit("Clip", {name, builder_.scalar(0.0f), builder_.scalar(6.0f)});
    case 4:
      return emit("Tanh", {name});
    default:
      return unsupported("its fused activation has no counterpart in ONNX");
  }
}

Result<void> Exporter::set(const Node& node, const std::string& name, Form form, std::size_t i) {
  const int index = node.outputs[i];
  const bool is_lstm = node.op == "UNIDIRECTIONAL_SEQUENCE_LSTM";
  auto done = is_lstm ? Result<std::string>(name) : activated(node, name);
  MOTE_TRY(done);
  const auto stored = requantized(index, *done);
  MOTE_TRY(stored);
  if (rank(index) < 3) form = Form::kStored;
  if (*stored != *done) {
    stored_[index][place(form)] = *stored;
    done = dequantized(*stored, tensor(index), 0);
  }
  values_[index][place(form)] = *done;
  return {};
}

const std::string* Exporter::signal(int index) const {
  const auto found = signals_.find(index);
  return found == signals_.end() ? nullptr : &found->second;
}

Result<void> Exporter::set_signal_of(const Node& node, const std::string& name) {
  const int index = node.outputs[0];
  const auto done = activated(node, name);
  MOTE_TRY(done);
  const auto stored = requantized(index, *done);
  MOTE_TRY(stored);
  signals_[index] = *stored == *done ? *done : dequantized(*stored, tensor(index), 0);
  return {};
}

Result<void> Exporter::set_alias(const Node& node, const std::string& name, Form form) {
  const int index = node.outputs[0];
  if (is_output(index)) return set(node, emit("Identity", {name}), form);
  values_[index][place(rank(index) < 3 ? Form::kStored : form)] = name;
  return {};
}

// The whole

Result<void> Exporter::add_inputs() {
  for (int index : graph_.inputs) {
    const Tensor& port = tensor(index);
    const Form form = wants_channels_second(index) ? Form::kChannelsSecond : Form::kStored;
    const Ints dims = dims_in(port.shape, form);
    const std::string name = base_name(index);
    if (!port.quant.scale.empty() && !is_quantized(port) && port.type != DType::kFloat32)
      return unsupported(cat("input '", port.name, "' is quantised ", name_of(port.type),
                             ", expected INT8, UINT8 or INT16"));
    inputs_.push_back({name, port.type, std::vector<int>(dims.begin(), dims.end())});
    values_[index][place(form)] = is_quantized(port) ? dequantized(name, port, 0) : name;
  }
  return {};
}

Result<void> Exporter::add_outputs() {
  for (int index : graph_.outputs) {
    const Tensor& port = tensor(index);
    const Form form = home(index);
    std::string from = stored_[index][place(form)];
    if (from.empty()) {
      const auto real = value(index, form);
      MOTE_TRY(real);
      const auto stored = requantized(index, *real);
      MOTE_TRY(stored);
      from = *stored;
    }
    const Ints dims = dims_in(port.shape, form);
    const std::string name = base_name(index);
    builder_.node("", "Identity", Names{from}, name);
    outputs_.push_back({name, port.type, std::vector<int>(dims.begin(), dims.end())});
  }
  return {};
}

Result<void> Exporter::write(const Node& node) {
  if (node.is_custom) return unsupported("it is a custom operator, which ONNX has not");
  for (const auto list : {element_writers(), window_writers(), matrix_writers(), movement_writers(),
                          recurrent_writers()})
    for (const OperatorWriter& writer : list)
      if (writer.op == node.op) return writer.write(*this, node);
  return unsupported("there is no conversion of this operator to ONNX");
}

Result<std::string> Exporter::run() {
  MOTE_TRY(add_inputs());
  for (const Node& node : graph_.nodes)
    if (const auto done = write(node); !done)
      return fail(done.error().code,
                  cat(graph::describe(graph_, node), graph::describe_neighbours(graph_, node), ": ",
                      done.error().message));
  MOTE_TRY(add_outputs());
  return builder_.finish(inputs_, outputs_, opset_);
}

}  // namespace mote::onnx
