#include <algorithm>
#include <optional>
#include <utility>

#include "mote/compiler/model/builtin.h"
#include "mote/compiler/model/file_parts.h"
#include "mote/compiler/model/flatbuffer.h"
#include "mote/compiler/model/foreign_tensors.h"
#include "mote/compiler/model/printable.h"
#include "mote/compiler/model/schema.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"

namespace mote::model {
namespace {

using graph::Attributes;
using graph::Graph;
using graph::Model;
using graph::Node;
using graph::Tensor;

std::string quoted(const std::string& name) { return name.empty() ? "" : cat(" '", name, "'"); }

struct OperatorCode {
  int code = 0;
  std::string custom_name;
};

class Reader {
 public:
  explicit Reader(const std::vector<std::byte>& bytes) : file_(bytes) {}

  Result<Model> read();

 private:
  Result<void> read_operator_codes(const FlatTables& codes);
  Result<Graph> read_subgraph(const FlatTable& table);
  Result<Tensor> read_tensor(const FlatTable& table, int index);
  Result<void> read_type(const FlatTable& table, int index, Tensor& tensor);
  Result<void> read_quantization(const FlatTable& table, Tensor& tensor);
  Result<Node> read_node(const FlatTable& table, int index);
  Result<void> read_builtin(const FlatTable& table, const Builtin& builtin, Node& node);
  Result<void> read_field(const FlatTable& options, int slot, const Field& field, Node& node);
  Result<void> read_custom_options(const FlatTable& table, Node& node);

  /// Names what is read now, in messages of the reader and of the file alike.
  void enter(std::string place) {
    file_.enter(place);
    place_ = std::move(place);
  }
  FlatFile file_;
  FlatTable root_;
  std::string place_;
  Buffers buffers_;
  std::vector<OperatorCode> codes_;
  std::vector<ForeignTensor> foreign_;  // of the subgraph that is read
  int subgraph_ = 0;
};

Result<Model> Reader::read() {
  const auto root = open_model(file_);
  MOTE_TRY(root);
  root_ = *root;
  auto buffers = read_buffers(file_, root_);
  MOTE_TRY(buffers);
  buffers_ = std::move(*buffers);
  MOTE_TRY(read_operator_codes(root_.tables(schema::model::kOperatorCodes)));
  Model model;
  enter("the model");
  model.description = printable(root_.text(schema::model::kDescription));
  const FlatTables subgraphs = root_.tables(schema::model::kSubgraphs);
  MOTE_TRY(intact(file_));
  for (subgraph_ = 0; subgraph_ < subgraphs.size(); ++subgraph_) {
    auto graph = read_subgraph(subgraphs[subgraph_]);
    MOTE_TRY(graph);
    model.graphs.push_back(std::move(*graph));
  }
  return model;
}

Result<void> Reader::read_operator_codes(const FlatTables& codes) {
  namespace slot = schema::operator_code;
  for (int i = 0; i < codes.size(); ++i) {
    const FlatTable table = codes[i];
    enter(cat("operator code ", i));
    OperatorCode code;
    code.code = std::max<int>(table.scalar<std::int8_t>(slot::kDeprecatedBuiltinCode),
                              table.scalar<std::int32_t>(slot::kBuiltinCode));
    code.custom_name = printable(table.text(slot::kCustomCode));
    MOTE_TRY(intact(file_));
    codes_.push_back(std::move(code));
  }
  return intact(file_);
}

Result<Graph> Reader::read_subgraph(const FlatTable& table) {
  namespace slot = schema::subgraph;
  enter(cat("subgraph ", subgraph_));
  Graph graph;
  graph.name = printable(table.text(slot::kName));
  graph.inputs = table.numbers<int>(slot::kInputs);
  graph.outputs = table.numbers<int>(slot::kOutputs);
  const FlatTables tensors = table.tables(slot::kTensors), nodes = table.tables(slot::kOperators);
  MOTE_TRY(intact(file_));
  foreign_.clear();
  for (int i = 0; i < tensors.size(); ++i) {
    auto tensor = read_tensor(tensors[i], i);
    MOTE_TRY(tensor);
    graph.tensors.push_back(std::move(*tensor));
  }
  for (int i = 0; i < nodes.size(); ++i) {
    auto node = read_node(nodes[i], i);
    MOTE_TRY(node);
    graph.nodes.push_back(std::move(*node));
  }
  MOTE_TRY(drop_foreign_tensors(graph, subgraph_, foreign_));
  return graph;
}

Result<Tensor> Reader::read_tensor(const FlatTable& table, int index) {
  namespace slot = schema::tensor;
  enter(cat("subgraph ", subgraph_, " tensor ", index));
  Tensor tensor;
  tensor.name = printable(table.text(slot::kName));
  if (!tensor.name.empty()) enter(cat(place_, quoted(tensor.name)));
  tensor.shape = table.numbers<int>(slot::kShape);
  tensor.is_variable = table.scalar<std::uint8_t>(slot::kIsVariable) != 0;
  const auto buffer = table.scalar<std::uint32_t>(slot::kBuffer);
  MOTE_TRY(intact(file_));
  if (buffer >= buffers_.size() && buffer != 0)
    return contradiction(cat(place_, " has its data in buffer ", buffer, ", but the file has ",
                             buffers_.size(), " buffers"));
  if (buffer != 0) tensor.data = buffers_[buffer];
  if (table.scalar<std::uint32_t>(slot::kExternalBuffer) != 0)
    return unsupported(cat(place_, " keeps its data in another file; export the model whole"));
  if (table.has(slot::kSparsity))
    return unsupported(cat(place_, " is stored sparse; export the model without sparsity"));
  MOTE_TRY(read_type(table, index, tensor));
  MOTE_TRY(read_quantization(table.table(slot::kQuantization), tensor));
  MOTE_TRY(intact(file_));
  return tensor;
}

Result<void> Reader::read_type(const FlatTable& table, int index, Tensor& tensor) {
  const int code = table.scalar<std::int8_t>(schema::tensor::kType);
  const TensorType* type = find_tensor_type(code);
  if (!type)
    return unsupported(
        cat(place_, " has the element type ", code,
            ", which mote does not know; convert the model with an older TensorFlow"));
  tensor.is_resource = code == kResourceType;
  if (tensor.is_resource)
    tensor.type = DType::kInt32;
  else if (type->type)
    tensor.type = *type->type;
  else
    foreign_.push_back({index, type->name});
  return {};
}

Result<void> Reader::read_quantization(const FlatTable& table, Tensor& tensor) {
  namespace slot = schema::quantization;
  if (!table.exists()) return {};
  if (table.scalar<std::uint8_t>(slot::kDetailsType) != 0)
    return unsupported(
        cat(place_,
            " is quantized in blocks or in a way of its own; quantize the model with "
            "one scale a tensor or a channel"));
  tensor.quant.scale = table.numbers<float>(slot::kScale);
  tensor.quant.zero_point = table.numbers<std::int64_t>(slot::kZeroPoint);
  // Some files give a bias the axis of its filter, which a vector does not have.
  if (tensor.quant.scale.size() > 1 && tensor.shape.size() > 1)
    tensor.quant.axis = table.scalar<std::int32_t>(slot::kQuantizedDimension);
  return {};
}

Result<Node> Reader::read_node(const FlatTable& table, int index) {
  namespace slot = schema::node;
  enter(cat("subgraph ", subgraph_, " node ", index));
  Node node = {.index = index,
               .inputs = table.numbers<int>(slot::kInputs),
               .outputs = table.numbers<int>(slot::kOutputs)};
  const auto opcode = table.scalar<std::uint32_t>(slot::kOpcodeIndex);
  MOTE_TRY(intact(file_));
  if (opcode >= codes_.size())
    return contradiction(
        cat(place_, " is operator ", opcode, " of the file's list, which has ", codes_.size()));
  const OperatorCode& code = codes_[opcode];
  const Builtin* builtin = find_builtin(code.code);
  if (!builtin)
    return unsupported(cat(place_, " is builtin operator ", code.code,
                           ", mote knows those from 0 to ", builtin_count() - 1,
                           "; convert the model with an older TensorFlow"));
  node.is_custom = code.code == kCustomBuiltin;
  node.op = node.is_custom ? code.custom_name : builtin->name;
  if (node.op.empty()) return contradiction(cat(place_, " is a custom operator without a name"));
  enter(cat(place_, " ", node.op));
  if (node.is_custom)
    MOTE_TRY(read_custom_options(table, node));
  else
    MOTE_TRY(read_builtin(table, *builtin, node));
  const std::vector<int> intermediates = table.numbers<int>(slot::kIntermediates);
  if (!intermediates.empty())
    node.attrs.set("intermediates",
                   std::vector<std::int64_t>(intermediates.begin(), intermediates.end()));
  MOTE_TRY(intact(file_));
  return node;
}

Result<void> Reader::read_builtin(const FlatTable& table, const Builtin& builtin, Node& node) {
  const int type = table.scalar<std::uint8_t>(schema::node::kBuiltinOptionsType);
  const std::span<const Field> fields = builtin.options->all();
  // Where no option matters, converters have written more than one type.
  if (fields.empty()) return {};
  if (type != kNone && type != builtin.options->type) {
    const Options* other = find_options(type);
    return contradiction(cat(place_, " has options of type ", other ? other->name : cat(type),
                             ", expected ", builtin.options->name));
  }
  const FlatTable options =
      type == kNone ? FlatTable() : table.table(schema::node::kBuiltinOptions);
  for (int slot = 0; slot < static_cast<int>(fields.size()); ++slot)
    MOTE_TRY(read_field(options, slot, fields[slot], node));
  return {};
}

/// The field's value, or its default where the table or the field is absent.
Attributes::Value value_of(const FlatTable& options, Slot slot, const Field& field) {
  switch (field.kind) {
    case FieldKind::kInt8:
      return std::int64_t{options.scalar(slot, static_cast<std::int8_t>(field.fallback))};
    case FieldKind::kInt32:
      return std::int64_t{options.scalar(slot, std::int32_t{field.fallback})};
    case FieldKind::kInt64:
      return options.scalar(slot, std::int64_t{field.fallback});
    case FieldKind::kBool:
      return std::int64_t{options.scalar(slot, static_cast<std::uint8_t>(field.fallback)) != 0};
    case FieldKind::kFloat:
      return double{options.scalar(slot, static_cast<float>(field.fallback))};
    case FieldKind::kString:
      return printable(options.text(slot));
    case FieldKind::kInts: {
      const std::vector<std::int32_t> numbers = options.numbers<std::int32_t>(slot);
      return std::vector<std::int64_t>(numbers.begin(), numbers.end());
    }
    case FieldKind::kGone:
      break;
  }
  return std::int64_t{0};
}

Result<void> Reader::read_field(const FlatTable& options, int slot, const Field& field,
                                Node& node) {
  if (field.kind == FieldKind::kGone) return {};
  Attributes::Value value = value_of(options, {field.name, slot}, field);
  MOTE_TRY(intact(file_));
  const auto* number = std::get_if<std::int64_t>(&value);
  if (field.last >= 0 && (*number < 0 || *number > field.last))
    return contradiction(
        cat(place_, " has ", field.name, " ", *number, ", expected 0 to ", field.last));
  node.attrs.set(field.name, std::move(value));
  return {};
}

Result<void> Reader::read_custom_options(const FlatTable& table, Node& node) {
  namespace slot = schema::node;
  std::span<const std::byte> data = table.bytes(slot::kCustomOptions);
  const auto offset = table.scalar<std::uint64_t>(slot::kLargeCustomOptionsOffset);
  const auto size = table.scalar<std::uint64_t>(slot::kLargeCustomOptionsSize);
  MOTE_TRY(intact(file_));
  if (offset > 1) {
    const auto behind = part_of(file_, offset, size);
    if (!behind)
      return contradiction(cat(place_, " is said to have its options in the ", size, " B at byte ",
                               offset, ", but the file has ", file_.bytes().size(), " B"));
    data = *behind;
  }
  if (!data.empty() && file_.charge(slot::kCustomOptions.name, data.size()))
    node.attrs.set("custom_options",
                   std::string(reinterpret_cast<const char*>(data.data()), data.size()));
  return {};
}

/// A model that satisfies graph::verify; its messages do not name the file yet.
Result<Model> read(std::shared_ptr<const std::vector<std::byte>> bytes, const std::string& source) {
  auto model = Reader(*bytes).read();
  MOTE_TRY(model);
  model->source = source;
  model->storage.push_back(std::move(bytes));
  MOTE_TRY(graph::verify(*model));
  return model;
}

}  // namespace

Result<Model> read_tflite(std::shared_ptr<const std::vector<std::byte>> bytes,
                          const std::string& source) {
  auto model = read(std::move(bytes), source);
  if (!model) return fail(model.error().code, cat(source, ": ", model.error().message));
  return model;
}

}  // namespace mote::model
