#include <algorithm>

#include "mote/compiler/ops/ops.h"
#include "mote/compiler/ops/weighted_layer.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr std::size_t kMaxBatchAxes = 3;
constexpr int kMaxWideDepth = (1 << 17) - 1;  // 64-bit sums are rescaled with 48 bits

/// One side of the product: its batch, padded in front to three axes, and its matrices.
struct Side {
  int batch[kMaxBatchAxes] = {1, 1, 1};
  int rows = 0, columns = 0;
  bool is_adjoint = false;  ///< the matrices are to be transposed

  int matrices() const { return batch[0] * batch[1] * batch[2]; }
};

Side side_of(const graph::Tensor& tensor, bool is_adjoint) {
  const std::size_t rank = tensor.shape.size();
  Side side{
      .rows = tensor.shape[rank - 2], .columns = tensor.shape[rank - 1], .is_adjoint = is_adjoint};
  std::copy(tensor.shape.begin(), tensor.shape.end() - 2, side.batch + kMaxBatchAxes - (rank - 2));
  return side;
}

struct Product {
  Side lhs, rhs;
  int rows, columns, lhs_depth, rhs_depth;
};

Product product_of(const graph::Graph& graph, const graph::Node& node) {
  const Side lhs = side_of(*graph.input(node, 0), node.attrs.integer("adj_x") != 0);
  const Side rhs = side_of(*graph.input(node, 1), node.attrs.integer("adj_y") != 0);
  return {.lhs = lhs,
          .rhs = rhs,
          .rows = lhs.is_adjoint ? lhs.columns : lhs.rows,
          .columns = rhs.is_adjoint ? rhs.rows : rhs.columns,
          .lhs_depth = lhs.is_adjoint ? lhs.rows : lhs.columns,
          .rhs_depth = rhs.is_adjoint ? rhs.columns : rhs.rows};
}

double factor(const graph::Graph& graph, const graph::Node& node) {
  return double{graph.input(node, 0)->scale() * graph.input(node, 1)->scale()} /
         double{graph.output(node).scale()};
}

Result<void> check_scales(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &lhs = *graph.input(node, 0), &rhs = *graph.input(node, 1);
  if (lhs.type == DType::kFloat32) return {};
  MOTE_TRY(check_quantized("left side", lhs));
  MOTE_TRY(check_quantized("right side", rhs));
  MOTE_TRY(check_quantized("output", graph.output(node)));
  if (lhs.type == DType::kInt8) return {};
  if (product_of(graph, node).lhs_depth > kMaxWideDepth)
    return unsupported(cat("each output is a sum of ", product_of(graph, node).lhs_depth,
                           " products, expected at most ", kMaxWideDepth));
  if (quantize_multiplier(factor(graph, node)).shift > 7)
    return unsupported(cat("the product of the sides' scales is ", factor(graph, node),
                           " output scales, expected less than 128"));
  return {};
}

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i = 0; i < 2; ++i) {
    const graph::Tensor* side = graph.input(node, i);
    if (!side) return bad_input("one of its sides is left out, expected two");
    if (side->shape.size() < 2 || side->shape.size() > kMaxBatchAxes + 2)
      return unsupported(cat("'", side->name, "' has shape ", graph::describe_shape(side->shape),
                             ", expected 2 to 5 dimensions"));
  }
  const Product product = product_of(graph, node);
  if (product.lhs_depth != product.rhs_depth)
    return bad_input(cat("it multiplies rows of ", product.lhs_depth, " with columns of ",
                         product.rhs_depth, ", expected as many"));
  const std::size_t rank =
      std::max(graph.input(node, 0)->shape.size(), graph.input(node, 1)->shape.size());
  std::vector<int> expected;
  for (std::size_t i = 0; i < kMaxBatchAxes; ++i) {
    const int left = product.lhs.batch[i], right = product.rhs.batch[i];
    if (left != right && left != 1 && right != 1)
      return bad_input(cat("its batches are ", left, " and ", right,
                           " along one dimension, expected equal ones or 1"));
    expected.push_back(std::max(left, right));
  }
  expected.insert(expected.end(), {product.rows, product.columns});
  expected.erase(expected.begin(), expected.end() - static_cast<std::ptrdiff_t>(rank));
  if (graph.output(node).shape != expected)
    return bad_input(cat("the output '", graph.output(node).name, "' has shape ",
                         graph::describe_shape(graph.output(node).shape), ", expected ",
                         graph::describe_shape(expected)));
  return check_scales(graph, node);
}

/// The side as [matrices, outer, depth]: as it lies, or turned by a call of its own.
DraftOperand dense_side(int tensor, const Side& side, bool must_turn, DType type,
                        Lowering& lowering) {
  const int matrices = side.matrices();
  DraftOperand source = lowering.read(tensor, Extents(matrices, side.rows, side.columns));
  if (!must_turn) return source;
  DraftOperand turned = lowering.scratch(type, Extents(matrices, side.columns, side.rows));
  lowering.call({.kernel = type == DType::kInt8    ? "transpose_matrices_s8"
                           : type == DType::kInt16 ? "transpose_matrices_s16"
                                                   : "transpose_matrices_f32",
                 .attrs = program::NoAttrs{},
                 .operands = {source, turned}});
  turned.operand.access = Access::kRead;
  return turned;
}

/// How many matrices further each axis of the batch leads; 0 where the side is repeated.
void set_steps(const Side& side, int (&steps)[kMaxBatchAxes]) {
  int step = 1;
  for (std::size_t i = kMaxBatchAxes; i-- > 0; step *= side.batch[i])
    steps[i] = side.batch[i] == 1 ? 0 : step;
}

template <class Attrs>
Attrs batch_attrs(const Product& product) {
  Attrs attrs;
  for (std::size_t i = 0; i < kMaxBatchAxes; ++i)
    attrs.batch[i] = std::max(product.lhs.batch[i], product.rhs.batch[i]);
  set_steps(product.lhs, attrs.lhs_step);
  set_steps(product.rhs, attrs.rhs_step);
  return attrs;
}

Attributes attrs_of(const graph::Graph& graph, const graph::Node& node, const Product& product) {
  const graph::Tensor &lhs = *graph.input(node, 0), &output = graph.output(node);
  if (lhs.type == DType::kFloat32) return batch_attrs<program::BatchMatmulAttrs>(product);
  auto attrs = batch_attrs<program::BatchMatmulQuantizedAttrs>(product);
  const auto [multiplier, shift] = quantize_multiplier(factor(graph, node));
  const auto range = activation_range(output, 0);
  attrs.lhs_offset = -lhs.zero_point();
  attrs.rhs_offset = -graph.input(node, 1)->zero_point();
  attrs.output_offset = output.zero_point();
  attrs.multiplier = multiplier, attrs.shift = shift;
  attrs.act_min = range->min, attrs.act_max = range->max;
  return attrs;
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const Product product = product_of(graph, node);
  const DType type = graph.output(node).type;
  const DraftOperand lhs =
      dense_side(node.inputs[0], product.lhs, product.lhs.is_adjoint, type, lowering);
  const DraftOperand rhs =
      dense_side(node.inputs[1], product.rhs, !product.rhs.is_adjoint, type, lowering);
  const std::int64_t outputs = graph::element_count(graph.output(node));
  const int matrices = static_cast<int>(outputs / product.rows / product.columns);
  lowering.call({.kernel = type == DType::kInt8    ? "batch_matmul_s8"
                           : type == DType::kInt16 ? "batch_matmul_s16"
                                                   : "batch_matmul_f32",
                 .attrs = attrs_of(graph, node, product),
                 .operands = {lhs, rhs,
                              lowering.write(node.outputs[0],
                                             Extents(matrices, product.rows, product.columns))},
                 .macs = outputs * product.lhs_depth});
  return {};
}

constexpr DType kInt8[] = {DType::kInt8, DType::kInt8};
constexpr DType kInt16[] = {DType::kInt16, DType::kInt16};
constexpr DType kFloat[] = {DType::kFloat32, DType::kFloat32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8, .output = DType::kInt8},
    {.label = "int16", .inputs = kInt16, .output = DType::kInt16},
    {.label = "float32", .inputs = kFloat, .output = DType::kFloat32}};

}  // namespace

const Op batch_matmul = {.tflite_name = "BATCH_MATMUL",
                         .signatures = kSignatures,
                         .min_inputs = 2,
                         .max_inputs = 2,
                         .check = check,
                         .lower = lower,
                         .notes = "up to 5 dimensions"};

}  // namespace mote::ops
