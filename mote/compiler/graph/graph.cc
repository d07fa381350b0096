#include "mote/compiler/graph/graph.h"

#include <algorithm>

#include "mote/compiler/graph/print.h"
#include "mote/support/cat.h"

namespace mote::graph {

std::int64_t element_count(const Tensor& tensor) {
  std::int64_t product = 1;
  for (int dim : tensor.shape) product *= dim;
  return product;
}

std::int64_t byte_count(const Tensor& tensor) {
  return tensor.is_resource ? 0 : element_count(tensor) * size_of(tensor.type);
}

namespace {

/// The attribute's value if it is there and of type T, else nullptr.
template <class T>
const T* value_of(const Attributes& attrs, std::string_view name) {
  return std::get_if<T>(attrs.find(name));  // of nullptr: nullptr
}

}  // namespace

void Attributes::set(std::string name, Value value) {
  const auto at =
      std::lower_bound(values_.begin(), values_.end(), name,
                       [](const auto& entry, const std::string& n) { return entry.first < n; });
  if (at != values_.end() && at->first == name)
    at->second = std::move(value);
  else
    values_.emplace(at, std::move(name), std::move(value));
}

const Attributes::Value* Attributes::find(std::string_view name) const {
  for (const auto& [known, value] : values_)
    if (known == name) return &value;
  return nullptr;
}

int Attributes::integer(std::string_view name, int fallback) const {
  const auto* value = value_of<std::int64_t>(*this, name);
  return value ? static_cast<int>(*value) : fallback;
}

float Attributes::real(std::string_view name, float fallback) const {
  const auto* value = value_of<double>(*this, name);
  return value ? static_cast<float>(*value) : fallback;
}

std::string Attributes::text(std::string_view name) const {
  const auto* value = value_of<std::string>(*this, name);
  return value ? *value : std::string();
}

std::vector<std::int64_t> Attributes::integers(std::string_view name) const {
  const auto* value = value_of<std::vector<std::int64_t>>(*this, name);
  return value ? *value : std::vector<std::int64_t>();
}

const Tensor* Graph::input(const Node& node, std::size_t i) const {
  if (i >= node.inputs.size() || node.inputs[i] == kNoTensor) return nullptr;
  return &tensors[static_cast<std::size_t>(node.inputs[i])];
}

// Converters make names of hundreds of characters by joining those of fused operators: the ends
// tell.
std::string short_name(const std::string& name) {
  constexpr std::size_t kLongest = 60, kEnd = 28;
  if (name.size() <= kLongest) return name;
  return cat(name.substr(0, kEnd), "...", name.substr(name.size() - kEnd));
}

std::string describe(const Graph& graph, const Node& node) {
  const std::string name =
      node.outputs.empty() ? std::string() : short_name(graph.output(node).name);
  return cat(node.index == kAdded ? "added" : cat("node ", node.index), " ", node.op,
             name.empty() ? "" : cat(" '", name, "'"));
}

std::string describe_neighbours(const Graph& graph, const Node& node) {
  const auto share_one = [](const std::vector<int>& a, const std::vector<int>& b) {
    return std::any_of(a.begin(), a.end(), [&](int tensor) {
      return tensor != kNoTensor && std::find(b.begin(), b.end(), tensor) != b.end();
    });
  };
  std::string behind, before;
  for (const Node& other : graph.nodes) {
    if (behind.empty() && share_one(node.inputs, other.outputs))
      behind = cat("behind ", describe(graph, other));
    if (before.empty() && share_one(node.outputs, other.inputs))
      before = cat("before ", describe(graph, other));
  }
  if (behind.empty() && before.empty()) return "";
  return cat(" (", behind, behind.empty() || before.empty() ? "" : ", ", before, ")");
}

std::string describe_shape(std::span<const int> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += cat(i ? ", " : "", shape[i]);
  return text + "]";
}

}  // namespace mote::graph
