#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "mote/compiler/onnx/converters.h"
#include "mote/compiler/onnx/fold.h"
#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

/// Products of matrices.
namespace mote::onnx {
namespace {

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// Weights [outputs, inputs], as FULLY_CONNECTED has them.
struct Weights {
  int outputs = 0, inputs = 0;
  std::vector<float> list;
  std::shared_ptr<const Grid> grid;  ///< by output; nullptr: they are floats
};

/// Of a constant matrix [inputs, outputs], or turned.
Weights weights_of(const Value& value, bool is_turned, float factor) {
  const Tensor& matrix = *value.constant;
  const Numbers numbers = is_turned ? numbers_of(matrix) : transposed(numbers_of(matrix), {1, 0});
  Weights weights{.outputs = static_cast<int>(numbers.dims[0]),
                  .inputs = static_cast<int>(numbers.dims[1]),
                  .list = {},
                  .grid = nullptr};
  if (value.grid && factor == 1 &&
      (value.grid->quant.scale.size() == 1 || value.grid->quant.axis == (is_turned ? 0 : 1)))
    weights.grid = value.grid;
  for (double x : numbers.values) weights.list.push_back(static_cast<float>(x) * factor);
  return weights;
}

/// Lets the weights read an image's elements as they are stored, not as ONNX orders them.
void reorder(Weights& weights, const std::vector<int>& image) {
  const int channels = image[1];
  const int places = weights.inputs / channels;  // rows and columns
  std::vector<float> list(weights.list.size());
  for (int o = 0; o < weights.outputs; ++o)
    for (int c = 0; c < channels; ++c)
      for (int p = 0; p < places; ++p)
        list[at(o) * at(weights.inputs) + at(p) * at(channels) + at(c)] =
            weights.list[at(o) * at(weights.inputs) + at(c) * at(places) + at(p)];
  weights.list = std::move(list);
}

/// Whether the last dimension is an image of one example, flattened, in the order of memory.
bool is_flat_image(const Value& value, int inputs) {
  if (value.image.empty() || value.rank() != 2) return false;
  return value.dims[1] == inputs && count_of(value.image) == std::int64_t{value.image[0]} * inputs;
}

/// A vector [outputs] of a constant that adds one number to each output; empty where it is none.
std::vector<float> bias_of(const Value& value, int outputs) {
  if (!value.constant) return {};
  const Numbers numbers = numbers_of(*value.constant);
  const bool is_row =
      numbers.count() == outputs && (value.rank() < 1 || value.dims.back() == outputs);
  if (!is_row && numbers.count() != 1) return {};
  std::vector<float> bias;
  for (int o = 0; o < outputs; ++o)
    bias.push_back(static_cast<float>(numbers.values[numbers.count() == 1 ? 0 : at(o)]));
  return bias;
}

/// The product of a computed value with constant weights. @returns its tensor.
Result<int> multiply(Importer& to, const Value& in, Weights weights,
                     const std::vector<float>& bias) {
  Value from = in;
  if (is_flat_image(in, weights.inputs)) {
    reorder(weights, in.image);
    from.image.clear();
  }
  const auto tensor = to.tensor_of(from);
  MOTE_TRY(tensor);
  std::vector<int> dims = in.dims;
  dims.back() = weights.outputs;
  graph::Attributes attrs;
  attrs.set("fused_activation_function", std::int64_t{0});
  attrs.set("keep_num_dims", std::int64_t{1});
  const int filter = to.add_floats({weights.outputs, weights.inputs}, weights.list);
  if (weights.grid) {
    Grid grid = *weights.grid;
    grid.quant.axis = 0;
    to.set_grid(filter, std::move(grid));
  }
  std::vector<float> addends = bias;
  addends.resize(at(weights.outputs));
  return to.emit("FULLY_CONNECTED", {*tensor, filter, to.add_floats({weights.outputs}, addends)},
                 dims, DType::kFloat32, std::move(attrs));
}

/// An addition behind a product that alone is read by it: its constant, as the product's bias.
/// @returns the value that the two make, and the bias; the product's own where there is none.
struct Absorbed {
  std::string value;
  std::vector<float> bias;
};
Absorbed absorb_addition(Importer& to, const Node& node, int outputs) {
  const Node* next = to.only_reader(node.outputs[0]);
  if (!next || next->op != "Add" || next->inputs.size() != 2) return {node.outputs[0], {}};
  const std::size_t other = next->inputs[0] == node.outputs[0] ? 1 : 0;
  const auto value = to.input(*next, other);
  if (!value) return {node.outputs[0], {}};
  std::vector<float> bias = bias_of(*value, outputs);
  if (bias.empty() || value->rank() > 1) return {node.outputs[0], {}};
  to.skip(*next);
  return {next->outputs[0], std::move(bias)};
}

Result<void> convert_mat_mul(Importer& to, const Node& node) {
  const auto a = to.input(node, 0), b = to.input(node, 1);
  MOTE_TRY(a);
  MOTE_TRY(b);
  if (a->rank() < 2 || b->rank() < 2)
    return unsupported(cat("it multiplies ", describe_dims(a->dims), " and ",
                           describe_dims(b->dims), ", expected matrices"));
  if (a->dims.back() != b->dims[at(b->rank() - 2)])
    return bad_input(
        cat("it multiplies ", describe_dims(a->dims), " and ", describe_dims(b->dims)));
  if (b->constant && b->rank() == 2 && !a->constant) {
    const Weights weights = weights_of(*b, false, 1);
    const Absorbed absorbed = absorb_addition(to, node, weights.outputs);
    const auto out = multiply(to, *a, weights, absorbed.bias);
    MOTE_TRY(out);
    std::vector<int> dims = a->dims;
    dims.back() = weights.outputs;
    to.set(absorbed.value, *out, dims, Layout::kPlain);
    return {};
  }
  const std::vector<int> outer_a(a->dims.begin(), a->dims.end() - 2),
      outer_b(b->dims.begin(), b->dims.end() - 2);
  auto dims = broadcast(outer_a, outer_b);
  MOTE_TRY(dims);
  dims->push_back(a->dims[at(a->rank() - 2)]), dims->push_back(b->dims.back());
  const auto x = to.tensor_of(*a), y = to.tensor_of(*b);
  MOTE_TRY(x);
  MOTE_TRY(y);
  graph::Attributes attrs;
  attrs.set("adj_x", std::int64_t{0});
  attrs.set("adj_y", std::int64_t{0});
  const int out = to.emit("BATCH_MATMUL", {*x, *y}, *dims, DType::kFloat32, std::move(attrs));
  to.set(node.outputs[0], out, *dims, Layout::kPlain);
  return {};
}

Result<void> convert_gemm(Importer& to, const Node& node) {
  auto a = to.input(node, 0);
  MOTE_TRY(a);
  const auto b = to.constant_input(node, 1, "the second matrix");
  MOTE_TRY(b);
  if (a->rank() != 2 || b->rank() != 2) return bad_input("its inputs are no matrices");
  if (integer(node, "transA", 0) != 0) return unsupported("it turns its first matrix (transA)");
  const bool is_turned = integer(node, "transB", 0) != 0;
  const Weights weights = weights_of(*b, is_turned, real(node, "alpha", 1));
  if (weights.inputs != a->dims[1])
    return bad_input(
        cat("it multiplies ", describe_dims(a->dims), " and ", describe_dims(b->dims)));
  std::vector<float> bias;
  if (to.has_input(node, 2)) {
    const auto c = to.constant_input(node, 2, "the addend");
    MOTE_TRY(c);
    bias = bias_of(*c, weights.outputs);
    if (bias.empty())
      return unsupported(
          cat("its addend is ", describe_dims(c->dims), ", expected a number an output"));
    for (float& x : bias) x *= real(node, "beta", 1);
  }
  const auto out = multiply(to, *a, weights, bias);
  MOTE_TRY(out);
  to.set(node.outputs[0], *out, {a->dims[0], weights.outputs}, Layout::kPlain);
  return {};
}

constexpr Converter kConverters[] = {
    {"Gemm", convert_gemm},
    {"MatMul", convert_mat_mul},
};

}  // namespace

std::span<const Converter> matrix_converters() { return kConverters; }

}  // namespace mote::onnx
