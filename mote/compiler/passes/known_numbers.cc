#include "mote/compiler/passes/known_numbers.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "mote/compiler/graph/edit.h"

namespace mote::passes {
namespace {

using graph::Node;
using Values = std::vector<std::int64_t>;

/// As many bits as the type has.
std::int64_t wrapped(std::uint64_t value, DType type) {
  if (type == DType::kBool) return value != 0;
  return type == DType::kInt32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                               : static_cast<std::int64_t>(value);
}

struct Binary {
  std::string_view op;
  std::int64_t (*run)(std::int64_t a, std::int64_t b);
};
std::int64_t wide(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

constexpr Binary kBinaries[] = {
    {"ADD", [](std::int64_t a, std::int64_t b) { return wide(bits(a) + bits(b)); }},
    {"SUB", [](std::int64_t a, std::int64_t b) { return wide(bits(a) - bits(b)); }},
    {"MUL", [](std::int64_t a, std::int64_t b) { return wide(bits(a) * bits(b)); }},
    {"MINIMUM", [](std::int64_t a, std::int64_t b) { return std::min(a, b); }},
    {"MAXIMUM", [](std::int64_t a, std::int64_t b) { return std::max(a, b); }},
    {"LESS", [](std::int64_t a, std::int64_t b) { return std::int64_t{a < b}; }},
    {"LESS_EQUAL", [](std::int64_t a, std::int64_t b) { return std::int64_t{a <= b}; }},
    {"GREATER", [](std::int64_t a, std::int64_t b) { return std::int64_t{a > b}; }},
    {"GREATER_EQUAL", [](std::int64_t a, std::int64_t b) { return std::int64_t{a >= b}; }},
    {"EQUAL", [](std::int64_t a, std::int64_t b) { return std::int64_t{a == b}; }},
    {"NOT_EQUAL", [](std::int64_t a, std::int64_t b) { return std::int64_t{a != b}; }},
    {"LOGICAL_AND", [](std::int64_t a, std::int64_t b) { return std::int64_t{a && b}; }},
    {"LOGICAL_OR", [](std::int64_t a, std::int64_t b) { return std::int64_t{a || b}; }},
};

/// Of equal shapes, or one number with each of many.
std::optional<Values> combine(const Binary& binary, const Numbers& a, const Numbers& b) {
  const std::size_t many = std::max(a.values.size(), b.values.size());
  if ((a.values.size() != 1 && b.values.size() != 1 && a.shape != b.shape) || a.values.empty() ||
      b.values.empty())
    return {};
  Values out;
  for (std::size_t i = 0; i < many; ++i)
    out.push_back(
        binary.run(a.values[i % a.values.size()], b.values[b.values.size() == 1 ? 0 : i]));
  return out;
}

/// In the order of their elements: of numbers, or of rows that are joined along the first
/// dimension.
std::optional<Values> join(const Node& node, std::span<const Known> inputs) {
  const int rank = static_cast<int>(inputs[0].shape->size());
  const int axis = node.attrs.integer("axis");
  if (axis != 0 && axis != (node.op == "PACK" ? -rank - 1 : -rank)) return {};
  Values out;
  for (const Known& input : inputs)
    out.insert(out.end(), input.numbers->values.begin(), input.numbers->values.end());
  return out;
}

std::optional<Values> pick(const Node& node, std::span<const Known> inputs) {
  const Values& from = inputs[0].numbers->values;
  if (inputs[0].shape->size() != 1) return {};
  Values out;
  if (node.op == "GATHER") {
    if (inputs.size() != 2 || node.attrs.integer("batch_dims") != 0) return {};
    for (std::int64_t at : inputs[1].numbers->values) {
      if (at < 0 || at >= std::ssize(from)) return {};
      out.push_back(from[static_cast<std::size_t>(at)]);
    }
    return out;
  }
  const auto parts = parts_of(node, inputs);
  if (!parts) return {};
  const Part& part = parts->front();
  for (std::int64_t i = 0; i < (part.is_dropped ? 1 : part.count); ++i)
    out.push_back(from[static_cast<std::size_t>(part.start + i * part.stride)]);
  return out;
}

/// All numbers' product.
std::optional<Values> multiply(std::span<const Known> inputs) {
  std::uint64_t product = 1;
  for (std::int64_t value : inputs[0].numbers->values) product *= bits(value);
  return Values{wide(product)};
}

bool is_one_of(std::string_view op, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), op) != names.end();
}

std::optional<Values> compute(const Node& node, std::span<const Known> inputs, std::int64_t count) {
  if (node.attrs.integer("fused_activation_function") != 0) return {};
  const Values& first = inputs[0].numbers->values;
  for (const Binary& binary : kBinaries)
    if (node.op == binary.op && inputs.size() == 2)
      return combine(binary, *inputs[0].numbers, *inputs[1].numbers);
  if (is_one_of(node.op, {"RESHAPE", "EXPAND_DIMS", "SQUEEZE", "CAST"})) return first;
  if (is_one_of(node.op, {"PACK", "CONCATENATION"})) return join(node, inputs);
  if (is_one_of(node.op, {"GATHER", "SLICE", "STRIDED_SLICE"})) return pick(node, inputs);
  if (node.op == "FILL" && inputs.size() == 2 && inputs[1].numbers->values.size() == 1)
    return Values(static_cast<std::size_t>(count), inputs[1].numbers->values[0]);
  if (node.op == "REDUCE_PROD" && count == 1) return multiply(inputs);
  if (node.op == "LOGICAL_NOT" || node.op == "NEG") {
    Values out;
    for (std::int64_t x : first)
      out.push_back(node.op == "NEG" ? wide(std::uint64_t{0} - bits(x)) : std::int64_t{x == 0});
    return out;
  }
  return {};
}

}  // namespace

std::int64_t count_of(const std::vector<int>& shape) {
  constexpr std::int64_t kMost = std::int64_t{1} << 32;
  if (std::ranges::any_of(shape, [](int dim) { return dim < 1; })) return 0;
  std::int64_t count = 1;
  for (int dim : shape) count = std::min(count * dim, kMost);
  return count;
}

std::optional<Numbers> numbers_of(const graph::Tensor& tensor) {
  const bool is_wide = tensor.type == DType::kInt64, is_bool = tensor.type == DType::kBool;
  if (!tensor.is_constant() || (!is_wide && !is_bool && tensor.type != DType::kInt32) ||
      tensor.is_resource || graph::element_count(tensor) > kMostNumbers)
    return {};
  Numbers numbers{.type = tensor.type, .shape = tensor.shape, .values = {}};
  if (is_wide)
    numbers.values = graph::values<std::int64_t>(tensor);
  else if (is_bool)
    for (std::byte byte : tensor.data) numbers.values.push_back(byte != std::byte{0});
  else
    for (std::int32_t value : graph::values<std::int32_t>(tensor)) numbers.values.push_back(value);
  return numbers;
}

std::vector<std::byte> bytes_of(const Numbers& numbers) {
  if (numbers.type == DType::kInt64) return graph::bytes_of(numbers.values);
  if (numbers.type == DType::kBool)
    return graph::bytes_of(std::vector<std::uint8_t>(numbers.values.begin(), numbers.values.end()));
  return graph::bytes_of(std::vector<std::int32_t>(numbers.values.begin(), numbers.values.end()));
}

std::optional<Numbers> numbers_from(const Node& node, std::span<const Known> inputs, DType type,
                                    const std::vector<int>& shape) {
  if (type != DType::kInt32 && type != DType::kInt64 && type != DType::kBool) return {};
  const bool is_shape = node.op == "SHAPE", is_rank = node.op == "RANK";
  const std::int64_t count = count_of(shape);
  if (inputs.empty() || !inputs[0].shape || count > kMostNumbers) return {};
  Numbers numbers{.type = type, .shape = shape, .values = {}};
  if (is_rank) {
    numbers.values = {std::ssize(*inputs[0].shape)};
  } else if (is_shape) {
    numbers.values.assign(inputs[0].shape->begin(), inputs[0].shape->end());
  } else {
    if (node.is_custom ||
        std::any_of(inputs.begin(), inputs.end(), [](const Known& k) { return !k.numbers; }))
      return {};
    auto values = compute(node, inputs, count);
    if (!values) return {};
    numbers.values = std::move(*values);
  }
  if (std::ssize(numbers.values) != count) return {};
  for (std::int64_t& value : numbers.values) value = wrapped(bits(value), type);
  return numbers;
}

}  // namespace mote::passes
