#include "mote/compiler/onnx/file.h"

#include <algorithm>

#include "mote/compiler/onnx/import.h"
#include "mote/compiler/onnx/schema.h"
#include "mote/compiler/onnx/tensor.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

using Bytes = std::span<const std::byte>;

namespace attribute = schema::attribute;
namespace graph = schema::graph;
namespace model = schema::model;
namespace node = schema::node;
namespace opset = schema::opset;
namespace value = schema::value;

Result<Attribute> read_attribute(Bytes bytes) {
  Attribute out;
  Fields fields(bytes);
  while (fields.next()) switch (fields.number()) {
      case attribute::kName:
        out.name = name_in(fields);
        break;
      case attribute::kReal:
        out.real = fields.real();
        break;
      case attribute::kInteger:
        out.integer = fields.integer();
        break;
      case attribute::kText:
        out.text = name_in(fields);
        break;
      case attribute::kTensor: {
        auto tensor = read_tensor(fields.bytes());
        MOTE_TRY(tensor);
        out.tensor = std::move(*tensor);
        break;
      }
      case attribute::kGraph:
      case attribute::kGraphs:
        out.has_graph = true;
        break;
      case attribute::kReals:
        fields.reals([&](float x) { out.reals.push_back(x); });
        break;
      case attribute::kIntegers:
        fields.integers([&](std::int64_t i) { out.integers.push_back(i); });
        break;
      default:
        break;
    }
  if (fields.is_damaged()) return damaged(cat("the attribute '", out.name, "'"));
  return out;
}

Result<Node> read_node(Bytes bytes) {
  Node out;
  Fields fields(bytes);
  while (fields.next()) switch (fields.number()) {
      case node::kInput:
        out.inputs.push_back(name_in(fields));
        break;
      case node::kOutput:
        out.outputs.push_back(name_in(fields));
        break;
      case node::kName:
        out.name = name_in(fields);
        break;
      case node::kOp:
        out.op = name_in(fields);
        break;
      case node::kDomain:
        out.domain = name_in(fields);
        break;
      case node::kAttribute: {
        auto attribute = read_attribute(fields.bytes());
        MOTE_TRY(attribute);
        out.attributes.push_back(std::move(*attribute));
        break;
      }
      default:
        break;
    }
  if (fields.is_damaged()) return damaged(cat("the node ", out.op, " '", out.name, "'"));
  return out;
}

bool read_dimension(Bytes bytes, Port& port) {
  Dimension out;
  Fields fields(bytes);
  while (fields.next()) {
    if (fields.number() == value::kSize) out.size = fields.integer();
    if (fields.number() == value::kParameter) out.name = name_in(fields);
  }
  if (out.size < 1) out.size = -1;  // exporters write 0, too, for what is open
  port.dims.push_back(std::move(out));
  return !fields.is_damaged();
}

bool read_shape(Bytes bytes, Port& port) {
  Fields fields(bytes);
  while (fields.next())
    if (fields.number() == value::kDim && !read_dimension(fields.bytes(), port)) return false;
  return !fields.is_damaged();
}

bool read_tensor_type(Bytes bytes, Port& port) {
  Fields fields(bytes);
  while (fields.next()) {
    if (fields.number() == value::kElement) {
      const auto type = type_of(fields.integer());
      port.type_name = name_of_type(fields.integer());
      port.is_tensor = type.has_value();
      if (type) port.type = *type;
    }
    if (fields.number() == value::kShape && !read_shape(fields.bytes(), port)) return false;
  }
  return !fields.is_damaged();
}

bool read_type(Bytes bytes, Port& port) {
  Fields fields(bytes);
  while (fields.next())
    if (fields.number() == value::kTensorType && !read_tensor_type(fields.bytes(), port))
      return false;
  return !fields.is_damaged();
}

Result<Port> read_port(Bytes bytes) {
  Port out;
  bool is_sound = true;
  Fields fields(bytes);
  while (fields.next()) {
    if (fields.number() == value::kName) out.name = name_in(fields);
    if (fields.number() == value::kType) is_sound = is_sound && read_type(fields.bytes(), out);
  }
  if (!is_sound || fields.is_damaged()) return damaged(cat("the input or output '", out.name, "'"));
  return out;
}

/// Appends what `read` makes of a field.
template <class T>
Result<void> append(std::vector<T>& list, Result<T> (*read)(Bytes), Fields& fields) {
  auto element = read(fields.bytes());
  MOTE_TRY(element);
  list.push_back(std::move(*element));
  return {};
}

Result<void> read_graph(Bytes bytes, File& file) {
  Fields fields(bytes);
  while (fields.next()) switch (fields.number()) {
      case graph::kNode:
        MOTE_TRY(append(file.nodes, read_node, fields));
        file.nodes.back().index = static_cast<int>(file.nodes.size()) - 1;
        break;
      case graph::kInitializer:
        MOTE_TRY(append(file.constants, read_tensor, fields));
        break;
      case graph::kInput:
        MOTE_TRY(append(file.inputs, read_port, fields));
        break;
      case graph::kOutput:
        MOTE_TRY(append(file.outputs, read_port, fields));
        break;
      case graph::kSparse:
        return unsupported("the model has sparse constants; store them dense");
      default:
        break;
    }
  if (fields.is_damaged()) return damaged("the graph");
  return {};
}

/// Of the operators of the standard, whose domain has no name.
std::int64_t standard_opset(Bytes bytes) {
  std::int64_t version = 0;
  bool is_standard = true;
  Fields fields(bytes);
  while (fields.next()) {
    if (fields.number() == opset::kVersion) version = fields.integer();
    if (fields.number() == opset::kDomain)
      is_standard = fields.text().empty() || fields.text() == "ai.onnx";
  }
  return is_standard && !fields.is_damaged() ? version : 0;
}

}  // namespace

const Attribute* Node::find(std::string_view attribute) const {
  const auto it = std::find_if(attributes.begin(), attributes.end(),
                               [&](const Attribute& a) { return a.name == attribute; });
  return it == attributes.end() ? nullptr : &*it;
}

/// They begin as a model's message does.
bool may_be_onnx(Bytes bytes) {
  constexpr std::int64_t kMostVersions = 100;  // of the format; 13 in 2026
  Fields fields(bytes);
  if (!fields.next() || fields.number() != model::kIrVersion) return false;
  const std::int64_t version = fields.integer();
  return !fields.is_damaged() && version >= 1 && version <= kMostVersions;
}

Result<File> read_file(Bytes bytes) {
  File file;
  bool has_graph = false;
  std::string version;
  Fields fields(bytes);
  while (fields.next()) switch (fields.number()) {
      case model::kProducer:
        file.producer = name_in(fields);
        break;
      case model::kProducerVersion:
        version = name_in(fields);
        break;
      case model::kOpset:
        file.opset = std::max(file.opset, standard_opset(fields.bytes()));
        break;
      case model::kGraph:
        if (has_graph) return damaged("the model, which has two graphs,");
        has_graph = true;
        MOTE_TRY(read_graph(fields.bytes(), file));
        break;
      default:
        break;
    }
  if (fields.is_damaged()) return damaged("the model");
  if (!has_graph) return damaged("the model, which has no graph,");
  if (!version.empty()) file.producer += " " + version;
  return file;
}

}  // namespace mote::onnx
