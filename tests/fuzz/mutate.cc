#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <limits>
#include <ranges>

namespace mote::fuzz {
namespace {

using graph::Graph;
using graph::Node;
using graph::Tensor;

constexpr std::int64_t kMaxConstantBytes = 1 << 16;

/// Draws from what is there; every function changes at most one thing.
class Mutator {
 public:
  Mutator(graph::Model& model, std::mt19937& random) : model_(model), random_(random) {}

  void change() {
    if (model_.graphs.empty()) return;
    graph_ = &pick(model_.graphs);
    if (graph_->tensors.empty() || graph_->nodes.empty()) return;
    constexpr void (Mutator::*kChanges[])() = {
        &Mutator::change_dimension, &Mutator::change_rank,      &Mutator::change_type,
        &Mutator::change_scale,     &Mutator::change_option,    &Mutator::change_option,
        &Mutator::change_edge,      &Mutator::change_operator,  &Mutator::change_values,
        &Mutator::change_values,    &Mutator::change_constness, &Mutator::change_inputs};
    (this->*pick(kChanges))();
    for (Graph& graph : model_.graphs)
      for (Tensor& tensor : graph.tensors) fit_data(tensor);
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  template <class List>
  std::ranges::range_reference_t<List> pick(List& list) {
    return list[below(std::size(list))];
  }
  Tensor& tensor() { return pick(graph_->tensors); }
  Node& node() { return pick(graph_->nodes); }

  std::int64_t number(std::int64_t old) {
    constexpr std::int64_t kNumbers[] = {0,
                                         1,
                                         2,
                                         3,
                                         4,
                                         5,
                                         7,
                                         8,
                                         16,
                                         17,
                                         32,
                                         64,
                                         127,
                                         128,
                                         255,
                                         256,
                                         1000,
                                         65535,
                                         65536,
                                         -1,
                                         -2,
                                         -3,
                                         -128,
                                         -32768,
                                         1 << 24,
                                         1 << 30,
                                         std::numeric_limits<std::int32_t>::max(),
                                         std::numeric_limits<std::int32_t>::min()};
    old = static_cast<std::int32_t>(old);  // twice of it must not overflow
    const std::int64_t near[] = {old + 1, old - 1, 2 * old, old / 2, -old};
    return static_cast<std::int32_t>(below(2) ? pick(near) : pick(kNumbers));
  }

  void change_dimension() {
    Tensor& changed = tensor();
    if (changed.shape.empty()) return;
    int& dim = pick(changed.shape);
    dim = static_cast<int>(std::max<std::int64_t>(number(dim), 1));
  }
  void change_rank() {
    std::vector<int>& shape = tensor().shape;
    const auto at = shape.begin() + static_cast<std::ptrdiff_t>(below(shape.size() + 1));
    if (at != shape.end() && below(2))
      shape.erase(at);
    else
      shape.insert(at, static_cast<int>(1 + below(3)));
  }
  void change_type() {
    constexpr DType kTypes[] = {DType::kFloat32, DType::kInt8,  DType::kUint8, DType::kInt16,
                                DType::kInt32,   DType::kInt64, DType::kBool};
    tensor().type = pick(kTypes);
  }
  void change_scale() {
    constexpr float kScales[] = {1e-30f, 1e-10f, 1.0f / 65536, 1.0f / 256, 0.1f,
                                 1,      2,      1e10f,        1e38f};
    graph::Quantization& quant = tensor().quant;
    if (quant.scale.empty() || below(8) == 0) quant = {.scale = {pick(kScales)}, .zero_point = {0}};
    if (below(2))
      pick(quant.scale) = pick(kScales);
    else
      pick(quant.zero_point) = number(quant.zero_point[0]);
    if (below(8) == 0) quant = {};
  }
  void change_option() {
    Node& changed = node();
    if (changed.attrs.all().empty()) return;
    auto chosen = changed.attrs.all().begin();
    std::advance(chosen, below(changed.attrs.all().size()));
    graph::Attributes::Value value = chosen->second;
    if (auto* integer = std::get_if<std::int64_t>(&value)) *integer = number(*integer);
    if (auto* real = std::get_if<double>(&value)) *real = static_cast<double>(number(1)) / 16;
    if (auto* list = std::get_if<std::vector<std::int64_t>>(&value); list && !list->empty())
      pick(*list) = number(list->front());
    changed.attrs.set(std::string(chosen->first), std::move(value));
  }
  void change_edge() {
    Node& changed = node();
    std::vector<int>& edges = below(4) ? changed.inputs : changed.outputs;
    if (!edges.empty())
      pick(edges) = static_cast<int>(below(graph_->tensors.size() + 1)) - 1;  // -1: left out
  }
  void change_inputs() {
    std::vector<int>& inputs = node().inputs;
    if (!inputs.empty() && below(2))
      inputs.pop_back();
    else
      inputs.push_back(static_cast<int>(below(graph_->tensors.size())));
  }
  /// Swaps the names of two operators, so that one gets the other's edges.
  void change_operator() {
    Graph& other = pick(model_.graphs);
    if (!other.nodes.empty()) node().op = pick(other.nodes).op;
  }
  void change_values() {
    Tensor& changed = tensor();
    if (changed.data.size() < 4 || changed.type != DType::kInt32) return;
    std::vector<std::byte> bytes(changed.data.begin(), changed.data.end());
    std::byte* place = bytes.data() + 4 * below(bytes.size() / 4);
    std::int32_t value;
    std::memcpy(&value, place, 4);
    value = static_cast<std::int32_t>(number(value));
    std::memcpy(place, &value, 4);
    keep(changed, std::move(bytes));
  }
  void change_constness() {
    Tensor& changed = tensor();
    if (changed.is_constant())
      changed.data = {};
    else if (below(2))
      changed.is_variable = !changed.is_variable;
    else
      keep(changed, std::vector<std::byte>(1, std::byte{1}));
  }

  /// Repeats or cuts a constant's bytes until there are as many as its shape asks for.
  void fit_data(Tensor& tensor) {
    std::int64_t wanted = size_of(tensor.type);
    for (int dim : tensor.shape) wanted = std::min(wanted * dim, kMaxConstantBytes + 1);
    if (tensor.data.empty() || static_cast<std::int64_t>(tensor.data.size()) == wanted) return;
    if (wanted > kMaxConstantBytes) return;  // verify refuses it
    std::vector<std::byte> bytes(static_cast<std::size_t>(wanted));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = tensor.data[i % tensor.data.size()];
    keep(tensor, std::move(bytes));
  }
  void keep(Tensor& tensor, std::vector<std::byte> bytes) {
    model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
    tensor.data = *model_.storage.back();
  }

  graph::Model& model_;
  std::mt19937& random_;
  Graph* graph_ = nullptr;
};

}  // namespace

void mutate(graph::Model& model, std::mt19937& random) { Mutator(model, random).change(); }

}  // namespace mote::fuzz
