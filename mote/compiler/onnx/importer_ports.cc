#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "mote/compiler/onnx/importer.h"
#include "mote/support/cat.h"

/// A network's inputs and outputs.
namespace mote::onnx {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Operators that want channels last, and those that a wish passes through.
constexpr std::string_view kWantChannelsLast[] = {
    "Conv",         "ConvTranspose",     "BatchNormalization",
    "MaxPool",      "AveragePool",       "Resize",
    "Upsample",     "GlobalAveragePool", "GlobalMaxPool",
    "DepthToSpace", "SpaceToDepth",      "InstanceNormalization",
    "LRN"};
constexpr std::string_view kPassOn[] = {"Add",
                                        "Sub",
                                        "Mul",
                                        "Div",
                                        "Pad",
                                        "Relu",
                                        "Clip",
                                        "Identity",
                                        "Dropout",
                                        "Sigmoid",
                                        "Tanh",
                                        "LeakyRelu",
                                        "PRelu",
                                        "HardSwish",
                                        "HardSigmoid",
                                        "Elu",
                                        "Concat",
                                        "Cast",
                                        "QuantizeLinear",
                                        "DequantizeLinear"};

template <std::size_t kCount>
bool is_one_of(std::string_view op, const std::string_view (&list)[kCount]) {
  return std::find(std::begin(list), std::end(list), op) != std::end(list);
}

}  // namespace

Result<void> Importer::add_inputs() {
  for (const Port& port : file_.inputs)
    if (!values_.contains(port.name)) MOTE_TRY(add_input(port));  // old files list constants, too
  if (graph().inputs.empty()) return bad_input("the model has no input");
  return {};
}

Result<void> Importer::add_input(const Port& port) {
  const std::string place = cat("the input '", port.name, "'");
  if (!port.is_tensor)
    return unsupported(cat(place, " has the type ", port.type_name,
                           ", expected float32 or integers; export the model in float32"));
  std::vector<int> dims;
  for (std::size_t i = 0; i < port.dims.size(); ++i) {
    const Dimension& dim = port.dims[i];
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    if (dim.size >= kMost) return bad_input(cat(place, " has ", dim.size, " elements in a row"));
    if (dim.size < 0 && i > 0)
      return unsupported(cat(place, " leaves dimension ", i,
                             dim.name.empty() ? "" : cat(" ('", dim.name, "')"),
                             " open; export the model with the size that it is to run with"));
    dims.push_back(dim.size < 0 ? 1 : static_cast<int>(dim.size));  // one example at a time
  }
  const Layout layout = wanted_layout(port.name, static_cast<int>(dims.size()));
  // Numbers of 64 bits are indices: kernels take them with 32.
  const DType type = port.type == DType::kInt64 ? DType::kInt32 : port.type;
  const int tensor = static_cast<int>(graph().tensors.size());
  graph().tensors.push_back({.name = port.name, .type = type, .shape = stored_dims(dims, layout)});
  graph().inputs.push_back(tensor);
  values_[port.name] = {.tensor = tensor, .type = type, .dims = dims, .layout = layout};
  return {};
}

/// Channels last where the first that reads it, past those that do not care, wants that.
Layout Importer::wanted_layout(const std::string& value, int rank, int depth) const {
  constexpr int kFarthest = 20;
  const auto readers = readers_.find(value);
  if (rank < 3 || depth > kFarthest || readers == readers_.end()) return Layout::kPlain;
  for (const Node* node : readers->second) {
    if (is_one_of(node->op, kWantChannelsLast) && node->inputs[0] == value)
      return Layout::kChannelsLast;
    if (is_one_of(node->op, kPassOn) && !node->outputs.empty() &&
        wanted_layout(node->outputs[0], rank, depth + 1) == Layout::kChannelsLast)
      return Layout::kChannelsLast;
  }
  return Layout::kPlain;
}

Result<void> Importer::add_outputs() {
  if (file_.outputs.empty()) return bad_input("the model has no output");
  for (const Port& port : file_.outputs) {
    const auto place = values_.find(port.name);
    if (place == values_.end())
      return bad_input(cat("the output '", port.name, "' is made by no node"));
    Value& value = place->second;
    auto tensor = tensor_of(value, value.constant ? Layout::kPlain : value.layout);
    MOTE_TRY(tensor);
    if (!value.constant) {
      tensor = as_written(*tensor, value.type);
      MOTE_TRY(tensor);
    }
    graph::Tensor& output = graph().tensors[at(*tensor)];
    const bool is_input = std::count(graph().inputs.begin(), graph().inputs.end(), *tensor) > 0;
    if (!is_input && !output.is_constant()) output.name = port.name;
    graph().outputs.push_back(*tensor);
  }
  return {};
}

/// The tensor in the type that the file has of it.
Result<int> Importer::as_written(int tensor, DType type) {
  const graph::Tensor& made = graph().tensors[at(tensor)];
  if (type == DType::kUint16 && made.type == DType::kInt16)
    return unsupported(cat("the output '", made.name,
                           "' is of UINT16, which mote does not give; leave its QuantizeLinear "
                           "out, or make it INT16"));
  if (type != DType::kUint8 || made.type != DType::kInt8) return tensor;
  graph::Quantization quant = made.quant;
  for (std::int64_t& zero_point : quant.zero_point) zero_point += 128;
  const int out = emit("QUANTIZE", {tensor}, std::vector<int>(made.shape), type);
  quantization(out) = std::move(quant);
  return out;
}

}  // namespace mote::onnx
