#include "mote/compiler/onnx/importer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <utility>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/import.h"
#include "mote/compiler/onnx/integers.h"
#include "mote/compiler/onnx/quantized_operators.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Which ONNX dimension each stored one is.
std::vector<int> order_of(int rank, Layout layout) {
  std::vector<int> order(at(rank));
  std::iota(order.begin(), order.end(), 0);
  if (layout == Layout::kChannelsLast && rank > 2)
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  return order;
}

/// The other way round: which stored dimension each of ONNX's is.
std::vector<int> inverse_of(const std::vector<int>& order) {
  std::vector<int> inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) inverse[at(order[i])] = static_cast<int>(i);
  return inverse;
}

/// Whether moving dimensions so moves no element: those longer than one keep their order.
bool moves_nothing(const std::vector<int>& dims, const std::vector<int>& order) {
  int last = -1;
  for (int axis : order) {
    if (dims[at(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

}  // namespace

std::vector<int> stored_dims(const std::vector<int>& dims, Layout layout) {
  std::vector<int> stored;
  for (int axis : order_of(static_cast<int>(dims.size()), layout)) stored.push_back(dims[at(axis)]);
  return stored;
}

int stored_axis(int axis, int rank, Layout layout) {
  return inverse_of(order_of(rank, layout))[at(axis)];
}

std::string describe_dims(const std::vector<int>& dims) { return graph::describe_shape(dims); }

Importer::Importer(const File& file, const std::string& source) : file_(file) {
  model_.source = source;
  model_.description = file.producer;
  model_.graphs.emplace_back();
  for (const Node& node : file.nodes) {
    for (const std::string& input : node.inputs)
      if (!input.empty()) readers_[input].push_back(&node);
    for (const std::string& output : node.outputs) makers_[output] = &node;
  }
}

Result<graph::Model> Importer::run() {
  for (const Node& node : file_.nodes)
    if (node.outputs.empty()) return bad_input(cat(place(node), " makes nothing"));
  for (const Tensor& constant : file_.constants)
    set(constant.name,
        {.constant = std::shared_ptr<const Tensor>(std::shared_ptr<void>(), &constant),
         .type = constant.type,
         .dims = {constant.dims.begin(), constant.dims.end()}});
  MOTE_TRY(add_inputs());
  // Constants stand right before what reads them; whoever looks ahead wants them, too.
  for (const Node& node : file_.nodes)
    if (node.op == "Constant") {
      MOTE_TRY(convert(node));
      skip(node);
    }
  for (const Node& node : file_.nodes)
    if (!skipped_.contains(&node)) MOTE_TRY(convert(node));
  MOTE_TRY(add_outputs());
  compute_with_integers(model_, grids_);
  return std::move(model_);
}

// Nodes

/// "node 4 Conv 'conv1'"
std::string Importer::place(const Node& node) const {
  return cat("node ", node.index, " ", node.written.empty() ? node.op : node.written,
             node.outputs.empty() ? "" : cat(" '", node.outputs[0], "'"));
}

/// " (behind node 3 Conv 'x', before node 5 Relu 'y')"
std::string Importer::neighbours(const Node& node) const {
  std::string text;
  for (const Node& other : file_.nodes)
    for (const std::string& output : other.outputs)
      if (text.empty() && !output.empty() &&
          std::count(node.inputs.begin(), node.inputs.end(), output) > 0)
        text = cat("behind ", place(other));
  for (const std::string& output : node.outputs)
    if (const auto readers = readers_.find(output); readers != readers_.end())
      return cat(" (", text, text.empty() ? "" : ", ", "before ", place(*readers->second[0]), ")");
  return text.empty() ? "" : cat(" (", text, ")");
}

Result<void> Importer::convert(const Node& node) {
  node_ = &node;
  const auto located = [&](const Error& error) {
    return fail(error.code, cat(place(node), ": ", error.message));
  };
  if (const auto folded = fold(*this, node); !folded)
    return located(folded.error());
  else if (*folded)
    return {};
  const Converter* converter = find_converter(node);
  if (!converter)
    return unsupported(
        cat(place(node), neighbours(node), ": mote does not read this operator", hint_for(node)));
  if (const auto converted = converter->convert(*this, node); !converted)
    return located(converted.error());
  if (constants_left_ < 0)
    return located({ErrorCode::kUnsupported, "up to here the constants take more than 1 GiB"});
  return {};
}

Result<Value> Importer::input(const Node& node, std::size_t i) const {
  if (!has_input(node, i)) return bad_input(cat("input ", i, " is left out"));
  return value_of(node.inputs[i]);
}

Result<Value> Importer::value_of(const std::string& name) const {
  const auto place = values_.find(name);
  if (place == values_.end())
    return bad_input(cat("its input '", name, "' is made by no node before it"));
  return place->second;
}

const Node* Importer::maker(const std::string& value) const {
  const auto place = makers_.find(value);
  return place == makers_.end() ? nullptr : place->second;
}

Result<Value> Importer::constant_input(const Node& node, std::size_t i,
                                       std::string_view what) const {
  auto value = input(node, i);
  MOTE_TRY(value);
  if (value->constant) return value;
  return unsupported(cat(what, ", '", node.inputs[i], "', is computed, expected a constant"));
}

Result<std::vector<std::int64_t>> Importer::integers(const Node& node, std::size_t i,
                                                     std::string_view what) const {
  const auto value = constant_input(node, i, what);
  MOTE_TRY(value);
  const Numbers numbers = numbers_of(*value->constant);
  std::vector<std::int64_t> list;
  for (double x : numbers.values) list.push_back(to_integer(x));
  return list;
}

const Node* Importer::only_reader(const std::string& value) const {
  const auto readers = readers_.find(value);
  for (const Port& output : file_.outputs)
    if (output.name == value) return nullptr;
  return readers != readers_.end() && readers->second.size() == 1 ? readers->second[0] : nullptr;
}

bool Importer::is_read(const std::string& value) const {
  for (const Port& output : file_.outputs)
    if (output.name == value) return true;
  return !value.empty() && readers_.contains(value);
}

void Importer::set(const std::string& name, Value value) {
  if (!name.empty()) values_[name] = std::move(value);
}

void Importer::set(const std::string& name, int tensor, std::vector<int> dims, Layout layout,
                   std::vector<int> image) {
  graph::Tensor& made = graph().tensors[at(tensor)];
  made.name = name;
  set(name, {.tensor = tensor,
             .type = made.type,
             .dims = std::move(dims),
             .layout = layout,
             .image = std::move(image)});
}

// Tensors

int Importer::add_constant(DType type, const std::vector<int>& dims, std::vector<std::byte> bytes) {
  constants_left_ -= std::ssize(bytes);
  model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  graph().tensors.push_back({.type = type, .shape = dims, .data = *model_.storage.back()});
  return static_cast<int>(graph().tensors.size()) - 1;
}

int Importer::add_floats(const std::vector<int>& dims, const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return add_constant(DType::kFloat32, dims, {bytes.begin(), bytes.end()});
}

int Importer::add_integers(const std::vector<int>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return add_constant(DType::kInt32, {static_cast<int>(values.size())},
                      {bytes.begin(), bytes.end()});
}

int Importer::emit(std::string op, std::vector<int> inputs, std::vector<int> stored_output_dims,
                   DType type, graph::Attributes attrs) {
  const int output = static_cast<int>(graph().tensors.size());
  const std::string name = node_ && !node_->outputs.empty() ? node_->outputs[0] : "";
  graph().tensors.push_back({.name = name, .type = type, .shape = std::move(stored_output_dims)});
  graph().nodes.push_back({.index = static_cast<int>(graph().nodes.size()),
                           .op = std::move(op),
                           .attrs = std::move(attrs),
                           .inputs = std::move(inputs),
                           .outputs = {output}});
  return output;
}

void Importer::emit_without_output(std::string op, std::vector<int> inputs,
                                   graph::Attributes attrs) {
  graph().nodes.push_back({.index = static_cast<int>(graph().nodes.size()),
                           .op = std::move(op),
                           .attrs = std::move(attrs),
                           .inputs = std::move(inputs)});
}

graph::Quantization& Importer::quantization(int tensor) {
  return graph().tensors[at(tensor)].quant;
}

DType Importer::type_of(int tensor) const { return model_.graphs[0].tensors[at(tensor)].type; }

int Importer::add_variable(DType type, const std::vector<int>& dims) {
  graph().tensors.push_back({.name = "state", .type = type, .shape = dims, .is_variable = true});
  return static_cast<int>(graph().tensors.size()) - 1;
}

int Importer::reshape(int tensor, const std::vector<int>& stored) {
  const graph::Tensor& input = graph().tensors[at(tensor)];
  if (input.shape == stored) return tensor;
  const DType type = input.type;
  return emit("RESHAPE", {tensor, add_integers(stored)}, stored, type);
}

/// A constant's elements in another order.
Tensor Importer::folded_tensor(const Value& value, Layout layout) const {
  Numbers numbers = numbers_of(*value.constant);
  const std::vector<int> order = order_of(value.rank(), layout);
  return tensor_of_numbers(transposed(numbers, {order.begin(), order.end()}));
}

Result<int> Importer::tensor_of(const Value& value, Layout layout) {
  if (value.constant) {
    auto& known = constant_tensors_.try_emplace(value.constant, std::array{-1, -1})
                      .first->second[layout == Layout::kPlain ? 0 : 1];
    if (known >= 0) return known;
    Tensor stored = folded_tensor(value, layout);
    std::vector<int> dims(stored.dims.begin(), stored.dims.end());
    known = add_constant(stored.type, dims, std::move(stored.data));
    if (value.grid) {
      Grid grid = *value.grid;
      if (grid.quant.scale.size() > 1)
        grid.quant.axis = stored_axis(grid.quant.axis, value.rank(), layout);
      set_grid(known, std::move(grid));
    }
    return known;
  }
  int tensor = value.tensor;
  if (!value.image.empty()) {  // to be put into ONNX's order first
    const std::vector<int> image = stored_dims(value.image, Layout::kChannelsLast);
    const Value whole{.tensor = reshape(tensor, image),
                      .type = value.type,
                      .dims = value.image,
                      .layout = Layout::kChannelsLast};
    const auto plain = tensor_of(whole, Layout::kPlain);
    MOTE_TRY(plain);
    tensor = reshape(*plain, value.dims);
  }
  if (value.layout == layout || value.rank() < 3) return tensor;
  // From stored dimensions to stored dimensions.
  const std::vector<int> from = order_of(value.rank(), value.layout),
                         to = order_of(value.rank(), layout);
  const std::vector<int> place = inverse_of(from), stored = stored_dims(value.dims, value.layout);
  std::vector<int> order;
  for (int axis : to) order.push_back(place[at(axis)]);
  const std::vector<int> wanted = stored_dims(value.dims, layout);
  if (moves_nothing(stored, order)) return reshape(tensor, wanted);
  return emit("TRANSPOSE", {tensor, add_integers(order)}, wanted, value.type);
}

Result<graph::Model> read_onnx(std::span<const std::byte> bytes, const std::string& source) {
  const auto located = [&](const Error& error) {
    return fail(error.code, cat(source, ": ", error.message));
  };
  auto file = read_file(bytes);
  if (!file) return located(file.error());
  const auto plain = without_quantized_operators(std::move(*file));
  if (!plain) return located(plain.error());
  auto model = Importer(*plain, source).run();
  if (!model) return located(model.error());
  if (auto sound = graph::verify(*model); !sound) return located(sound.error());
  return model;
}

}  // namespace mote::onnx
