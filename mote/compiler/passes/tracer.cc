#include "mote/compiler/passes/tracer.h"

#include <algorithm>
#include <utility>

#include "mote/compiler/graph/edit.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using graph::kNoTensor;
using graph::Node;
using graph::Tensor;

/// How much there is to copy, in numbers and characters.
std::int64_t size_of_copy(const Tensor& tensor) {
  return std::ssize(tensor.shape) + 2 * std::ssize(tensor.quant.scale) +
         std::ssize(tensor.name) / 8;
}
std::int64_t size_of_copy(const graph::Attributes& attrs) {
  std::int64_t size = 0;
  for (const auto& [name, value] : attrs.all()) {
    if (const auto* text = std::get_if<std::string>(&value)) size += std::ssize(*text) / 8;
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
      size += std::ssize(*list);
  }
  return size;
}

bool is_empty(const std::vector<int>& shape) {
  return std::any_of(shape.begin(), shape.end(), [](int dim) { return dim < 1; });
}
tl::unexpected<Error> no_elements(const std::vector<int>& shape) {
  return unsupported(cat("it makes a tensor of shape ", graph::describe_shape(shape),
                         ", expected at least one element"));
}

}  // namespace

std::vector<Known> known_of(const std::vector<ValuePtr>& values) {
  std::vector<Known> known;
  for (const ValuePtr& value : values)
    known.push_back(value ? Known{.shape = &value->info.shape,
                                  .numbers = value->numbers ? &*value->numbers : nullptr}
                          : Known{});
  return known;
}

Result<void> Tracer::charge_work(std::int64_t units) {
  work_ += units;
  if (work_ <= kMostWork) return {};
  return unsupported(cat("writing it out takes more than ", kMostWork,
                         " steps, the most that mote takes; export the model with fewer rounds"));
}

Result<void> Tracer::charge_nodes(std::int64_t count) {
  written_ += count;
  if (written_ <= kMostNodes) return {};
  return unsupported(cat("written out, the model has more than ", kMostNodes,
                         " operators and constants, the most that mote writes; export it with "
                         "fewer rounds"));
}

std::vector<ValuePtr> Tracer::values_of(std::size_t graph) {
  const auto [at, is_new] = constants_.try_emplace(graph);
  if (!is_new) return at->second;
  const auto& tensors = model_.graphs[graph].tensors;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const bool is_there = tensors[t].is_constant() || (graph == 0 && tensors[t].is_variable);
    ValuePtr value;
    if (is_there) {
      value = std::make_shared<Value>(Value{.info = tensors[t], .numbers = numbers_of(tensors[t])});
      if (graph == 0) value->tensor = static_cast<int>(t);
    }
    at->second.push_back(std::move(value));
  }
  return at->second;
}

int Tracer::add_numbers(const std::string& name, const Numbers& numbers) {
  return graph::add_constant(model_, {.name = name, .type = numbers.type, .shape = numbers.shape},
                             bytes_of(numbers));
}

int Tracer::add_list(const std::vector<std::int32_t>& values) {
  return graph::add_constant(
      model_, {.name = "", .type = DType::kInt32, .shape = {static_cast<int>(values.size())}},
      graph::bytes_of(values));
}

Result<int> Tracer::add(const char* op, std::vector<int> inputs, Tensor out,
                        std::initializer_list<std::pair<const char*, std::int64_t>> attrs) {
  MOTE_TRY(charge_nodes(1));
  out.data = {};
  const int tensor = graph::add_tensor(model_, std::move(out));
  Node node{.index = graph::kAdded, .op = op, .inputs = std::move(inputs), .outputs = {tensor}};
  for (const auto& [name, value] : attrs) node.attrs.set(name, value);
  nodes_.push_back(std::move(node));
  return tensor;
}

Result<int> Tracer::tensor_of(const ValuePtr& value) {
  if (value->tensor != kNoTensor) return value->tensor;
  if (value->rows) {
    const auto joined = join(*value);
    MOTE_TRY(joined);
    return value->tensor = *joined;
  }
  if (is_empty(value->info.shape)) return no_elements(value->info.shape);
  MOTE_TRY(charge_nodes(1));
  value->tensor = value->info.is_constant() ? graph::add_tensor(model_, value->info)
                                            : add_numbers(value->info.name, *value->numbers);
  return value->tensor;
}

/// The rows from begin to end, which are all whole tensors, or neighbours in one.
Result<int> Tracer::run_of(const Value& value, std::size_t begin, std::size_t end) {
  const std::vector<Row>& rows = *value.rows;
  const auto count = static_cast<int>(end - begin);
  Tensor part = value.info;
  part.shape[0] = count;
  if (rows[begin].at != Row::kWhole) {
    const int whole = rows[begin].tensor, at = rows[begin].at;
    const std::vector<int> shape = first().tensors[static_cast<std::size_t>(whole)].shape;
    if (count == shape[0]) return whole;
    MOTE_TRY(charge_nodes(2));
    std::vector<std::int32_t> from(shape.size()), size(part.shape.begin(), part.shape.end());
    from[0] = at;
    return add("SLICE", {whole, add_list(from), add_list(size)}, std::move(part), {});
  }
  std::vector<int> inputs;
  for (std::size_t i = begin; i < end; ++i) inputs.push_back(rows[i].tensor);
  return add("PACK", std::move(inputs), std::move(part), {{"values_count", count}, {"axis", 0}});
}

Result<int> Tracer::join(const Value& value) {
  const std::vector<Row>& rows = *value.rows;
  if (rows.empty())
    return unsupported(cat("'", value.info.name,
                           "' has nothing in it in some round, where an operator reads it; mote "
                           "has tensors of at least one element"));
  std::vector<int> runs;
  for (std::size_t begin = 0, end = 1; begin < rows.size(); begin = end++) {
    while (end < rows.size() &&
           (rows[end].at == Row::kWhole
                ? rows[begin].at == Row::kWhole
                : rows[end].tensor == rows[begin].tensor && rows[end].at == rows[end - 1].at + 1))
      ++end;
    const auto run = run_of(value, begin, end);
    MOTE_TRY(run);
    runs.push_back(*run);
  }
  if (runs.size() == 1) return runs[0];
  return add("CONCATENATION", std::move(runs), value.info,
             {{"axis", 0}, {"fused_activation_function", 0}});
}

Result<void> Tracer::write_output(int tensor, const ValuePtr& value) {
  const auto from = tensor_of(value);
  MOTE_TRY(from);
  if (*from == tensor) return {};
  MOTE_TRY(charge_nodes(1));
  first().tensors[static_cast<std::size_t>(tensor)].shape = value->info.shape;
  Node node{.index = graph::kAdded, .op = "RESHAPE", .inputs = {*from}, .outputs = {tensor}};
  node.attrs.set("new_shape",
                 std::vector<std::int64_t>(value->info.shape.begin(), value->info.shape.end()));
  nodes_.push_back(std::move(node));
  return {};
}

Result<void> Tracer::write(const Node& node, std::vector<ValuePtr>& values,
                           std::vector<Tensor> outputs, std::optional<int> round) {
  MOTE_TRY(charge_nodes(1));
  if (round && !node.attrs.integers("intermediates").empty())
    return unsupported("it has intermediate tensors, which mote does not take in a loop");
  MOTE_TRY(charge_work(size_of_copy(node.attrs)));
  Node written = node;
  for (int& input : written.inputs) {
    if (input == kNoTensor) continue;
    const ValuePtr& value = values[static_cast<std::size_t>(input)];
    if (!value && round) return unsupported("it reads a tensor that nothing writes");
    if (!value) continue;  // a custom operator's working memory
    const auto tensor = tensor_of(value);
    MOTE_TRY(tensor);
    input = *tensor;
  }
  if (round) written.index = graph::kAdded, written.outputs.clear();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto at = static_cast<std::size_t>(node.outputs[i]);
    const std::vector<int>& shape = outputs[i].shape;
    if (is_empty(shape)) return no_elements(shape);
    auto value = std::make_shared<Value>(Value{.info = outputs[i]});
    value->is_reshaped = shape != values[at]->info.shape;
    if (round) {
      value->info.name = cat(value->info.name, '/', *round);
      written.outputs.push_back(graph::add_tensor(model_, value->info));
    } else {
      first().tensors[at].shape = shape;
    }
    value->tensor = written.outputs[i];
    values[at] = std::move(value);
  }
  nodes_.push_back(std::move(written));
  return {};
}

Result<void> Tracer::visit(std::size_t graph, const Node& node, std::vector<ValuePtr>& values,
                           std::optional<int> round) {
  std::vector<ValuePtr> inputs;
  bool is_reshaped = false;
  for (int input : node.inputs) {
    inputs.push_back(input == kNoTensor ? nullptr : values[static_cast<std::size_t>(input)]);
    is_reshaped = is_reshaped || (inputs.back() && inputs.back()->is_reshaped);
  }
  MOTE_TRY(charge_work(std::ssize(node.inputs) + std::ssize(node.outputs)));
  std::vector<Tensor> outputs;
  Shapes declared;
  for (int output : node.outputs) {
    outputs.push_back(model_.graphs[graph].tensors[static_cast<std::size_t>(output)]);
    MOTE_TRY(charge_work(size_of_copy(outputs.back())));
    declared.push_back(outputs.back().shape);
    values[static_cast<std::size_t>(output)] =
        std::make_shared<Value>(Value{.info = outputs.back()});
  }
  const std::vector<Known> known = known_of(inputs);
  const Shapes shapes = shapes_of(node, known, declared);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (is_reshaped || count_of(shapes[i]) != count_of(outputs[i].shape))
      outputs[i].shape = shapes[i];
  }
  if (outputs.size() == 1 && !outputs[0].is_resource && !outputs[0].is_variable)
    if (auto numbers = numbers_from(node, known, outputs[0].type, outputs[0].shape)) {
      if (!round) computed_.push_back(graph::describe(model_.graphs[graph], node));
      values[static_cast<std::size_t>(node.outputs[0])] =
          std::make_shared<Value>(Value{.info = outputs[0],
                                        .is_reshaped = outputs[0].shape != declared[0],
                                        .numbers = std::move(*numbers)});
      return {};
    }
  auto lists = visit_list(node, inputs, outputs, round.has_value());
  MOTE_TRY(lists);
  if (!*lists) return write(node, values, std::move(outputs), round);
  for (std::size_t i = 0; i < (*lists)->size(); ++i) {
    ValuePtr& value = (**lists)[i];
    value->is_reshaped = value->info.shape != declared[i];
    values[static_cast<std::size_t>(node.outputs[i])] = std::move(value);
  }
  return {};
}

}  // namespace mote::passes
