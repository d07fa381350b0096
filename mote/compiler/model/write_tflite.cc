#include <flatbuffers/flatbuffer_builder.h>

#include <algorithm>
#include <map>
#include <utility>

#include "mote/compiler/model/builtin.h"
#include "mote/compiler/model/operator_version.h"
#include "mote/compiler/model/schema.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"

namespace mote::model {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using graph::Attributes;
using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

// The format ends at 2 GB; what is not constants must fit in the rest.
constexpr std::size_t kMaxConstantBytes = (std::size_t{1} << 31) - (std::size_t{1} << 26);
constexpr std::size_t kDataAlignment = 16;

/// What a field refers to; made before the table that has the field.
using Part = Offset<void>;

/// Says what keeps `value` from being stored in `field`; empty if nothing does.
std::string misfit(const Field& field, const Attributes::Value& value) {
  switch (field.kind) {
    case FieldKind::kInt8:
    case FieldKind::kInt32:
    case FieldKind::kInt64:
    case FieldKind::kBool: {
      const auto* number = std::get_if<std::int64_t>(&value);
      if (!number) return "expected a whole number";
      if (field.kind == FieldKind::kInt64 || std::in_range<std::int8_t>(*number)) return {};
      if (field.kind == FieldKind::kInt32 && std::in_range<std::int32_t>(*number)) return {};
      return cat("its value ", *number, " does not fit");
    }
    case FieldKind::kFloat:
      return std::holds_alternative<double>(value) ? "" : "expected a real number";
    case FieldKind::kString:
      return std::holds_alternative<std::string>(value) ? "" : "expected a text";
    case FieldKind::kInts:
      return std::holds_alternative<std::vector<std::int64_t>>(value) ? "" : "expected a list";
    case FieldKind::kGone:
      break;
  }
  return "the format has given it up";
}

/// Attributes that are stored beside the options.
bool stands_apart(const Node& node, std::string_view name) {
  return name == "intermediates" || (node.is_custom && name == "custom_options");
}

Result<void> check_attributes(const Node& node, const Options& options) {
  if (options.type == kNotDescribed)
    return unsupported(cat("the options of ", node.op, " are not known to the writer"));
  for (const auto& [name, value] : node.attrs.all()) {
    if (stands_apart(node, name)) continue;
    const std::span<const Field> fields = options.all();
    const auto field =
        std::find_if(fields.begin(), fields.end(),
                     [&, &wanted = name](const Field& f) { return f.name == wanted; });
    if (field == fields.end())
      return unsupported(cat("the format has no place for its attribute '", name, "'"));
    if (const std::string reason = misfit(*field, value); !reason.empty())
      return unsupported(cat("its attribute '", name, "' cannot be written: ", reason));
  }
  return {};
}

class Writer {
 public:
  Result<std::vector<std::byte>> write(const Model& model);

 private:
  Result<Part> write_subgraph(const Graph& graph, int index);
  Part write_tensor(const Tensor& tensor);
  Part write_quantization(const graph::Quantization& quant);
  Result<Part> write_node(const Graph& graph, const Node& node);
  Part write_options(const Node& node, const Options& options);
  void write_field(const Attributes& attrs, Slot slot, const Field& field);
  Part write_buffers();
  Part write_operator_codes();
  Part write_metadata(const Model& model);
  Part write_signatures(const Model& model);
  Part write_ports(const std::vector<graph::Signature::Port>& ports, const std::vector<int>& list);
  std::uint32_t buffer_of(std::span<const std::byte> data);
  std::uint32_t opcode_of(const Node& node, int builtin, int version);

  Part text(const std::string& text) { return out_.CreateString(text).o; }
  template <class T>
  Part numbers(const std::vector<T>& numbers) {
    return out_.CreateVector(numbers).o;
  }
  Part bytes(std::span<const std::byte> bytes) {
    out_.ForceVectorAlignment(bytes.size(), 1, kDataAlignment);
    return out_.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()).o;
  }
  Part tables(const std::vector<Part>& parts) { return out_.CreateVector(parts).o; }

  void add(Slot slot, Part part) {
    if (!part.IsNull()) out_.AddOffset(place(slot), part);
  }
  template <class T>
  void add(Slot slot, T value, T fallback) {
    out_.AddElement<T>(place(slot), value, fallback);
  }
  static flatbuffers::voffset_t place(Slot slot) {
    return static_cast<flatbuffers::voffset_t>(4 + 2 * slot.index);
  }

  FlatBufferBuilder out_{1 << 16};
  std::vector<std::span<const std::byte>> buffers_{{}};  // the first stays empty
  std::map<std::pair<const std::byte*, std::size_t>, std::uint32_t> buffer_index_;
  struct Code {
    int builtin, version;
    std::string custom_name;
    bool operator==(const Code&) const = default;
  };
  std::vector<Code> codes_;
  std::size_t constant_bytes_ = 0;
};

Result<std::vector<std::byte>> Writer::write(const Model& model) {
  namespace slot = schema::model;
  MOTE_TRY(graph::verify(model));
  std::vector<Part> graphs;
  for (int i = 0; i < static_cast<int>(model.graphs.size()); ++i) {
    const auto graph = write_subgraph(model.graphs[i], i);
    MOTE_TRY(graph);
    graphs.push_back(*graph);
  }
  if (constant_bytes_ > kMaxConstantBytes)
    return unsupported(cat("the constants take ", constant_bytes_, " B, more than the ",
                           kMaxConstantBytes, " B that a .tflite can hold"));
  const Part subgraphs = tables(graphs), codes = write_operator_codes();
  const Part metadata = write_metadata(model), signatures = write_signatures(model);
  const Part buffers = write_buffers();  // last: what stands before names them
  const Part description = text(model.description);
  const auto start = out_.StartTable();
  add<std::uint32_t>(slot::kVersion, schema::kVersion, 0);
  add(slot::kOperatorCodes, codes);
  add(slot::kSubgraphs, subgraphs);
  add(slot::kDescription, description);
  add(slot::kBuffers, buffers);
  add(slot::kMetadata, metadata);
  add(slot::kSignatureDefs, signatures);
  out_.Finish(Part(out_.EndTable(start)), schema::kIdentifier);
  const auto* first = reinterpret_cast<const std::byte*>(out_.GetBufferPointer());
  return std::vector<std::byte>(first, first + out_.GetSize());
}

Result<Part> Writer::write_subgraph(const Graph& graph, int index) {
  namespace slot = schema::subgraph;
  std::vector<Part> tensor_parts, node_parts;
  for (const Tensor& tensor : graph.tensors) tensor_parts.push_back(write_tensor(tensor));
  for (const Node& node : graph.nodes) {
    const auto part = write_node(graph, node);
    if (!part)
      return fail(part.error().code,
                  cat("subgraph ", index, " ", graph::describe(graph, node),
                      graph::describe_neighbours(graph, node), ": ", part.error().message));
    node_parts.push_back(*part);
  }
  const Part tensors = tables(tensor_parts), nodes = tables(node_parts);
  const Part inputs = numbers(graph.inputs), outputs = numbers(graph.outputs);
  const Part name = text(graph.name);
  const auto start = out_.StartTable();
  add(slot::kTensors, tensors);
  add(slot::kInputs, inputs);
  add(slot::kOutputs, outputs);
  add(slot::kOperators, nodes);
  add(slot::kName, name);
  return Part(out_.EndTable(start));
}

Part Writer::write_tensor(const Tensor& tensor) {
  namespace slot = schema::tensor;
  const Part shape = numbers(tensor.shape), name = text(tensor.name);
  const Part quantization = write_quantization(tensor.quant);
  const int type = tensor.is_resource ? kResourceType : tensor_type_code(tensor.type);
  const auto start = out_.StartTable();
  add(slot::kShape, shape);
  add(slot::kType, static_cast<std::int8_t>(type), std::int8_t{0});
  add<std::uint32_t>(slot::kBuffer, buffer_of(tensor.data), 0);
  add(slot::kName, name);
  add(slot::kQuantization, quantization);
  add<std::uint8_t>(slot::kIsVariable, tensor.is_variable, 0);
  return Part(out_.EndTable(start));
}

Part Writer::write_quantization(const graph::Quantization& quant) {
  namespace slot = schema::quantization;
  if (quant.scale.empty()) return {};
  const Part scale = numbers(quant.scale), zero_point = numbers(quant.zero_point);
  const auto start = out_.StartTable();
  add(slot::kScale, scale);
  add(slot::kZeroPoint, zero_point);
  add<std::int32_t>(slot::kQuantizedDimension, quant.scale.size() > 1 ? quant.axis : 0, 0);
  return Part(out_.EndTable(start));
}

Result<Part> Writer::write_node(const Graph& graph, const Node& node) {
  namespace slot = schema::node;
  if (node.from_uint8)
    return unsupported("it computes on INT8 what its file had as UINT8, which no operator says");
  if (node.op == "RESHAPE" && !graph.input(node, 1) && node.attrs.integers("new_shape").empty()) {
    const std::vector<int>& shape = graph.output(node).shape;
    Node whole = node;
    whole.attrs.set("new_shape", std::vector<std::int64_t>(shape.begin(), shape.end()));
    if (!shape.empty()) return write_node(graph, whole);
  }
  const Builtin* builtin = node.is_custom ? find_builtin(kCustomBuiltin) : find_builtin(node.op);
  if (!builtin) return unsupported("TensorFlow Lite has no such builtin operator");
  MOTE_TRY(check_attributes(node, *builtin->options));
  const Part inputs = numbers(node.inputs), outputs = numbers(node.outputs);
  const Part options = write_options(node, *builtin->options);
  const std::string custom = node.is_custom ? node.attrs.text("custom_options") : "";
  const Part custom_options = custom.empty() ? Part() : bytes(std::as_bytes(std::span(custom)));
  const std::vector<std::int64_t> tensors = node.attrs.integers("intermediates");
  const Part intermediates =
      tensors.empty() ? Part() : numbers(std::vector<std::int32_t>(tensors.begin(), tensors.end()));
  const auto start = out_.StartTable();
  add<std::uint32_t>(slot::kOpcodeIndex,
                     opcode_of(node, builtin->code, operator_version(graph, node)), 0);
  add(slot::kInputs, inputs);
  add(slot::kOutputs, outputs);
  if (!options.IsNull())
    add(slot::kBuiltinOptionsType, static_cast<std::uint8_t>(builtin->options->type),
        std::uint8_t{0});
  add(slot::kBuiltinOptions, options);
  add(slot::kCustomOptions, custom_options);
  add(slot::kIntermediates, intermediates);
  return Part(out_.EndTable(start));
}

Part Writer::write_options(const Node& node, const Options& options) {
  if (options.type == kNone) return {};
  const std::span<const Field> fields = options.all();
  Part parts[Options::kMaxFields] = {};  // texts and lists come before the table
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == FieldKind::kString) parts[i] = text(node.attrs.text(fields[i].name));
    if (fields[i].kind != FieldKind::kInts) continue;
    const std::vector<std::int64_t> wide = node.attrs.integers(fields[i].name);
    parts[i] = numbers(std::vector<std::int32_t>(wide.begin(), wide.end()));
  }
  const auto start = out_.StartTable();
  for (int i = 0; i < static_cast<int>(fields.size()); ++i) {
    add({fields[i].name, i}, parts[i]);
    write_field(node.attrs, {fields[i].name, i}, fields[i]);
  }
  return Part(out_.EndTable(start));
}

/// Nothing for texts, lists and deprecated fields.
void Writer::write_field(const Attributes& attrs, Slot slot, const Field& field) {
  const Attributes::Value* found = attrs.find(field.name);
  if (!found) return;
  const auto* number = std::get_if<std::int64_t>(found);
  switch (field.kind) {
    case FieldKind::kInt8:
      return add(slot, static_cast<std::int8_t>(*number), static_cast<std::int8_t>(field.fallback));
    case FieldKind::kInt32:
      return add(slot, static_cast<std::int32_t>(*number), std::int32_t{field.fallback});
    case FieldKind::kInt64:
      return add(slot, *number, std::int64_t{field.fallback});
    case FieldKind::kBool:
      return add(slot, std::uint8_t{*number != 0}, static_cast<std::uint8_t>(field.fallback));
    case FieldKind::kFloat:
      return add(slot, attrs.real(field.name), static_cast<float>(field.fallback));
    case FieldKind::kString:
    case FieldKind::kInts:
    case FieldKind::kGone:
      return;
  }
}

Part Writer::write_buffers() {
  namespace slot = schema::buffer;
  std::vector<Part> parts;
  for (const std::span<const std::byte> buffer : buffers_) {
    const Part data = buffer.empty() ? Part() : bytes(buffer);
    const auto start = out_.StartTable();
    add(slot::kData, data);
    parts.push_back(Part(out_.EndTable(start)));
  }
  return tables(parts);
}

Part Writer::write_operator_codes() {
  namespace slot = schema::operator_code;
  std::vector<Part> parts;
  for (const auto& [code, version, custom_name] : codes_) {
    const Part name = custom_name.empty() ? Part() : text(custom_name);
    const auto start = out_.StartTable();
    const int old_code = std::min<int>(code, kLastDeprecatedBuiltin);
    add(slot::kDeprecatedBuiltinCode, static_cast<std::int8_t>(old_code), std::int8_t{0});
    add(slot::kCustomCode, name);
    add<std::int32_t>(slot::kVersion, version, 1);
    add<std::int32_t>(slot::kBuiltinCode, code, 0);
    parts.push_back(Part(out_.EndTable(start)));
  }
  return tables(parts);
}

Part Writer::write_metadata(const Model& model) {
  namespace slot = schema::metadata;
  if (!model.extras || model.extras->metadata.empty()) return {};
  std::vector<Part> parts;
  for (const graph::Metadata& entry : model.extras->metadata) {
    const Part name = text(entry.name);
    const auto start = out_.StartTable();
    add(slot::kName, name);
    add<std::uint32_t>(slot::kBuffer, buffer_of(entry.data), 0);
    parts.push_back(Part(out_.EndTable(start)));
  }
  return tables(parts);
}

Part Writer::write_ports(const std::vector<graph::Signature::Port>& ports,
                         const std::vector<int>& list) {
  std::vector<Part> parts;
  for (const auto& [port_name, place] : ports) {
    if (place >= std::ssize(list)) continue;  // the graph was changed since
    const Part name = text(port_name);
    const auto start = out_.StartTable();
    add(schema::tensor_map::kName, name);
    add(schema::tensor_map::kTensor,
        static_cast<std::uint32_t>(list[static_cast<std::size_t>(place)]), std::uint32_t{0});
    parts.push_back(Part(out_.EndTable(start)));
  }
  return tables(parts);
}

Part Writer::write_signatures(const Model& model) {
  namespace slot = schema::signature_def;
  if (!model.extras || model.extras->signatures.empty()) return {};
  std::vector<Part> parts;
  for (const graph::Signature& signature : model.extras->signatures) {
    if (signature.graph >= std::ssize(model.graphs)) continue;
    const Graph& graph = model.graphs[static_cast<std::size_t>(signature.graph)];
    const Part inputs = write_ports(signature.inputs, graph.inputs);
    const Part outputs = write_ports(signature.outputs, graph.outputs), key = text(signature.key);
    const auto start = out_.StartTable();
    add(slot::kInputs, inputs);
    add(slot::kOutputs, outputs);
    add(slot::kKey, key);
    add(slot::kSubgraph, static_cast<std::uint32_t>(signature.graph), std::uint32_t{0});
    parts.push_back(Part(out_.EndTable(start)));
  }
  return tables(parts);
}

std::uint32_t Writer::buffer_of(std::span<const std::byte> data) {
  if (data.empty()) return 0;
  const auto [entry, is_new] = buffer_index_.try_emplace(
      {data.data(), data.size()}, static_cast<std::uint32_t>(buffers_.size()));
  if (is_new) {
    buffers_.push_back(data);
    constant_bytes_ += data.size();
  }
  return entry->second;
}

std::uint32_t Writer::opcode_of(const Node& node, int builtin, int version) {
  const Code code{builtin, version, node.is_custom ? node.op : ""};
  const auto found = std::find(codes_.begin(), codes_.end(), code);
  const auto index = static_cast<std::uint32_t>(found - codes_.begin());
  if (found == codes_.end()) codes_.push_back(code);
  return index;
}

}  // namespace

Result<std::vector<std::byte>> write_tflite(const Model& model) {
  auto bytes = Writer().write(model);
  if (bytes || model.source.empty()) return bytes;
  return fail(bytes.error().code, cat(model.source, ": ", bytes.error().message));
}

}  // namespace mote::model
