#include <algorithm>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/tracer.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::kNoTensor;
using graph::Node;
using graph::Tensor;
using Values = std::vector<ValuePtr>;
using Maybe = Result<std::optional<ValuePtr>>;

/// The shape without its first dimension.
std::vector<int> row_shape(const std::vector<int>& shape) {
  return {shape.begin() + 1, shape.end()};
}
bool is_row_of(const std::vector<int>& row, const std::vector<int>& list, int count) {
  return !list.empty() && list[0] == count && row == row_shape(list);
}

/// The one number of a value that has no more.
std::optional<std::int64_t> number_of(const ValuePtr& value) {
  if (!value || !value->numbers || value->numbers->values.size() != 1) return {};
  return value->numbers->values[0];
}

ValuePtr list(const ValuePtr& like, std::vector<Row> rows) {
  auto value = std::make_shared<Value>();
  value->info = like->info;
  value->info.data = {}, value->info.is_variable = false;
  value->info.shape[0] = static_cast<int>(rows.size());
  value->rows = std::move(rows);
  return value;
}

}  // namespace

Result<std::vector<Row>> Tracer::rows_of(const ValuePtr& value) {
  MOTE_TRY(charge_work(value->info.shape[0]));
  if (value->rows) return *value->rows;
  const auto tensor = tensor_of(value);
  MOTE_TRY(tensor);
  std::vector<Row> rows;
  for (int i = 0; i < value->info.shape[0]; ++i) rows.push_back({*tensor, i});
  return rows;
}

/// The row as a tensor of its own: a piece of a constant, or an output of UNPACK.
Result<int> Tracer::tensor_of(const Row& row, Tensor info) {
  if (row.at == Row::kWhole) return row.tensor;
  const Tensor whole = first().tensors[static_cast<std::size_t>(row.tensor)];
  info.data = {};
  if (whole.is_constant()) {
    MOTE_TRY(charge_nodes(1));
    const std::size_t bytes = whole.data.size() / static_cast<std::size_t>(whole.shape[0]);
    info.data = whole.data.subspan(static_cast<std::size_t>(row.at) * bytes, bytes);
    return graph::add_tensor(model_, std::move(info));
  }
  const auto [at, is_new] = unpacked_.try_emplace(row.tensor);
  if (is_new) {
    MOTE_TRY(charge_nodes(1 + whole.shape[0]));
    for (int i = 0; i < whole.shape[0]; ++i) {
      info.name = cat(whole.name, '/', i);
      at->second.push_back(graph::add_tensor(model_, info));
    }
    Node unpack{
        .index = graph::kAdded, .op = "UNPACK", .inputs = {row.tensor}, .outputs = at->second};
    unpack.attrs.set("num", std::int64_t{whole.shape[0]}),
        unpack.attrs.set("axis", std::int64_t{0});
    nodes_.push_back(std::move(unpack));
  }
  return at->second[static_cast<std::size_t>(row.at)];
}

Result<ValuePtr> Tracer::row_of(const ValuePtr& value, std::int64_t at) {
  const int count = value->info.shape[0];
  if (at < 0 || at >= count)
    return bad_input(cat("it takes row ", at, " of '", value->info.name, "', which has ", count));
  auto row = std::make_shared<Value>();
  row->info = value->info;
  row->info.shape = row_shape(value->info.shape), row->info.is_variable = false;
  Row place;
  if (value->rows) {
    place = (*value->rows)[static_cast<std::size_t>(at)];
  } else {
    const auto whole = tensor_of(value);
    MOTE_TRY(whole);
    place = {*whole, static_cast<int>(at)};
  }
  const auto tensor = tensor_of(place, row->info);
  MOTE_TRY(tensor);
  row->info.data = {};
  row->tensor = *tensor;
  return row;
}

/// SLICE and STRIDED_SLICE of whole rows.
Maybe Tracer::part_of(const Node& node, const Values& inputs) {
  const auto parts = parts_of(node, known_of(inputs));
  if (!parts || parts->empty()) return std::optional<ValuePtr>();
  const std::vector<int>& shape = inputs[0]->info.shape;
  for (std::size_t k = 1; k < shape.size(); ++k)
    if (!(*parts)[k].is_all_of(shape[k])) return std::optional<ValuePtr>();
  const Part& part = parts->front();
  if (part.is_dropped) {
    auto row = row_of(inputs[0], part.start);
    MOTE_TRY(row);
    return std::optional(std::move(*row));
  }
  MOTE_TRY(charge_work(part.count));
  const auto whole = inputs[0]->rows ? Result<int>(kNoTensor) : tensor_of(inputs[0]);
  MOTE_TRY(whole);
  std::vector<Row> taken;
  for (std::int64_t i = 0; i < part.count; ++i) {
    const std::int64_t at = part.start + i * part.stride;
    taken.push_back(inputs[0]->rows ? (*inputs[0]->rows)[static_cast<std::size_t>(at)]
                                    : Row{*whole, static_cast<int>(at)});
  }
  return std::optional(list(inputs[0], std::move(taken)));
}

/// CONCATENATION along the first dimension.
Maybe Tracer::joined(const Values& inputs) {
  std::vector<Row> all;
  for (const ValuePtr& input : inputs) {
    if (!input || input->info.shape.empty() || input->info.type != inputs[0]->info.type ||
        row_shape(input->info.shape) != row_shape(inputs[0]->info.shape))
      return std::optional<ValuePtr>();
    const auto rows = rows_of(input);
    MOTE_TRY(rows);
    all.insert(all.end(), rows->begin(), rows->end());
  }
  return std::optional(list(inputs[0], std::move(all)));
}

/// DYNAMIC_UPDATE_SLICE of whole rows; as TensorFlow Lite does, it keeps them inside.
Maybe Tracer::updated(const Values& inputs) {
  if (inputs.size() != 3 || !inputs[1] || !inputs[2] || !inputs[2]->numbers)
    return std::optional<ValuePtr>();
  const std::vector<int>&shape = inputs[0]->info.shape, &part = inputs[1]->info.shape;
  const auto& start = inputs[2]->numbers->values;
  if (shape.empty() || part.size() != shape.size() || start.size() != shape.size() ||
      row_shape(part) != row_shape(shape) || part[0] > shape[0])
    return std::optional<ValuePtr>();
  auto rows = rows_of(inputs[0]);
  MOTE_TRY(rows);
  const auto update = rows_of(inputs[1]);
  MOTE_TRY(update);
  const auto from = std::clamp<std::int64_t>(start[0], 0, shape[0] - part[0]);
  std::copy(update->begin(), update->end(), rows->begin() + from);
  return std::optional(list(inputs[0], std::move(*rows)));
}

/// `shape`: the output's.
Maybe Tracer::list_of(const Node& node, const Values& inputs, const std::vector<int>& shape,
                      bool is_round) {
  const ValuePtr& first_input = inputs[0];
  const std::vector<int>& from = first_input->info.shape;
  const bool is_list = first_input->rows.has_value();
  if (node.op == "RESHAPE" || node.op == "EXPAND_DIMS" || node.op == "SQUEEZE") {
    if (is_list && shape == from) return std::optional(std::make_shared<Value>(*first_input));
    if (is_list && is_row_of(shape, from, 1)) {
      auto row = row_of(first_input, 0);
      MOTE_TRY(row);
      return std::optional(std::move(*row));
    }
    if (!is_round || is_list || !is_row_of(from, shape, 1)) return std::optional<ValuePtr>();
    const auto tensor = tensor_of(first_input);
    MOTE_TRY(tensor);
    auto expanded = std::make_shared<Value>();
    expanded->info = first_input->info;
    expanded->info.data = {}, expanded->info.shape = shape;
    expanded->rows = std::vector<Row>{{*tensor, Row::kWhole}};
    return std::optional(std::move(expanded));
  }
  if ((node.op == "SLICE" || node.op == "STRIDED_SLICE") && !from.empty() && (is_round || is_list))
    return part_of(node, inputs);
  if (node.op == "GATHER" && inputs.size() == 2 && !from.empty() && (is_round || is_list)) {
    const auto at = number_of(inputs[1]);
    if (!at || !inputs[1]->info.shape.empty() || node.attrs.integer("axis") != 0 ||
        node.attrs.integer("batch_dims") != 0)
      return std::optional<ValuePtr>();
    auto row = row_of(first_input, *at);
    MOTE_TRY(row);
    return std::optional(std::move(*row));
  }
  const bool has_list =
      std::any_of(inputs.begin(), inputs.end(), [](const ValuePtr& v) { return v && v->rows; });
  if (node.op == "CONCATENATION" && has_list && !from.empty() &&
      (node.attrs.integer("axis") == 0 || node.attrs.integer("axis") == -std::ssize(from)) &&
      node.attrs.integer("fused_activation_function") == 0)
    return joined(inputs);
  if (node.op == "DYNAMIC_UPDATE_SLICE") return updated(inputs);
  return std::optional<ValuePtr>();
}

Result<std::optional<Values>> Tracer::visit_list(const Node& node, const Values& inputs,
                                                 const std::vector<Tensor>& outputs,
                                                 bool is_round) {
  const std::optional<Values> none;
  if (node.is_custom || inputs.empty() || !inputs[0] || inputs[0]->info.is_resource ||
      inputs[0]->info.quant.scale.size() > 1 || outputs.empty())
    return none;
  for (const ValuePtr& input : inputs)
    if (input && !input->info.shape.empty() && input->info.shape[0] > kMostRows) return none;
  if (node.op == "UNPACK" && inputs[0]->rows && node.attrs.integer("axis") == 0 &&
      inputs[0]->rows->size() == outputs.size()) {
    Values rows;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      auto row = row_of(inputs[0], static_cast<std::int64_t>(i));
      MOTE_TRY(row);
      rows.push_back(std::move(*row));
    }
    return std::optional(std::move(rows));
  }
  if (outputs.size() != 1) return none;
  auto value = list_of(node, inputs, outputs[0].shape, is_round);
  MOTE_TRY(value);
  if (!*value) return none;
  return std::optional(Values{std::move(**value)});
}

}  // namespace mote::passes
