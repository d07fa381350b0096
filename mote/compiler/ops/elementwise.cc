#include "mote/compiler/ops/elementwise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// `axis` counted from the back; 1 beyond the shape's front.
int from_back(const std::vector<int>& shape, std::size_t axis) {
  return axis < shape.size() ? shape[shape.size() - 1 - axis] : 1;
}

void append(BroadcastShapes& shapes, int a, int b, int out) {
  int& rank = shapes.out.rank;
  const auto alike = [&](int i) {
    return (shapes.a.dims[i] == 1) == (a == 1) && (shapes.b.dims[i] == 1) == (b == 1);
  };
  if (out == 1) return;
  if (rank > 0 && alike(rank - 1)) {
    shapes.a.dims[rank - 1] *= a, shapes.b.dims[rank - 1] *= b, shapes.out.dims[rank - 1] *= out;
    return;
  }
  shapes.a.dims[rank] = a, shapes.b.dims[rank] = b, shapes.out.dims[rank] = out;
  ++rank;
}

}  // namespace

Result<BroadcastShapes> broadcast_shapes(const graph::Tensor& a, const graph::Tensor& b,
                                         const graph::Tensor& out) {
  BroadcastShapes shapes;
  const std::size_t rank = std::max({a.shape.size(), b.shape.size(), out.shape.size()});
  for (std::size_t i = rank; i-- > 0;) {
    const int x = from_back(a.shape, i), y = from_back(b.shape, i), z = from_back(out.shape, i);
    if ((x != y && x != 1 && y != 1) || z != (x == 1 ? y : x))
      return bad_input(cat("its inputs of shapes ", graph::describe_shape(a.shape), " and ",
                           graph::describe_shape(b.shape), " do not broadcast to its output's ",
                           graph::describe_shape(out.shape)));
    append(shapes, x, y, z);
  }
  if (shapes.out.rank == 0)
    shapes.out.rank = shapes.a.dims[0] = shapes.b.dims[0] = shapes.out.dims[0] = 1;
  shapes.a.rank = shapes.b.rank = shapes.out.rank;
  return shapes;
}

Result<void> expect_quantized(const graph::Tensor& tensor) {
  if (tensor.quant.scale.size() == 1) return {};
  return bad_input(cat("'", tensor.name, "' of type ", name_of(tensor.type), " has ",
                       tensor.quant.scale.size(),
                       " scales, expected one; re-export with quantisation by tensor"));
}

Result<void> expect_symmetric(const graph::Tensor& tensor) {
  MOTE_TRY(expect_quantized(tensor));
  if (tensor.zero_point() == 0) return {};
  return unsupported(cat("'", tensor.name, "' has the zero point ", tensor.zero_point(),
                         ", expected 0 for ", name_of(tensor.type),
                         "; re-export with symmetric activations"));
}

Result<void> expect_unquantized(const graph::Tensor& tensor) {
  if (tensor.quant.scale.empty()) return {};
  return unsupported(cat("'", tensor.name, "' of type ", name_of(tensor.type),
                         " is quantised, expected plain integers"));
}

Result<void> expect_usual_quantization(const graph::Tensor& tensor) {
  switch (tensor.type) {
    case DType::kInt8:
    case DType::kUint8:
      return expect_quantized(tensor);
    case DType::kInt16:
      return expect_symmetric(tensor);
    case DType::kInt32:
    case DType::kInt64:
      return expect_unquantized(tensor);
    default:
      return {};
  }
}

Result<void> expect_usual_quantization(const graph::Graph& graph, const graph::Node& node) {
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (const graph::Tensor* input = graph.input(node, i))
      MOTE_TRY(expect_usual_quantization(*input));
  return expect_usual_quantization(graph.output(node));
}

Result<void> expect_factor(double factor) {
  if (std::isfinite(factor) && std::abs(factor) <= 1 << 30) return {};
  return unsupported(cat("its scales are too far apart: they would multiply integers by ", factor,
                         ", expected at most 2^30; re-export the model"));
}

Result<void> expect_broadcast(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor* b = graph.input(node, 1);
  if (!b) return bad_input("its second input is left out");
  MOTE_TRY(broadcast_shapes(*graph.input(node, 0), *b, graph.output(node)));
  return {};
}

Result<void> expect_same_shape(const graph::Graph& graph, const graph::Node& node) {
  return expect_shape(graph.output(node), graph.input(node, 0)->shape);
}

Result<ActivationRange> plain_activation_range(int activation) {
  const auto real = float_activation_range(activation);
  if (!real) return tl::unexpected(real.error());
  ActivationRange range{std::numeric_limits<int>::min(), std::numeric_limits<int>::max()};
  if (activation == 0) return range;
  range.min = static_cast<int>(real->min);
  if (real->max < 100) range.max = static_cast<int>(real->max);
  return range;
}

Extents flat(const graph::Tensor& tensor) {
  return Extents(static_cast<int>(graph::element_count(tensor)));
}

Extents rows_of(const graph::Tensor& tensor) {
  const int depth = tensor.shape.back();
  return Extents(static_cast<int>(graph::element_count(tensor)) / depth, depth);
}

void add_binary_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                     const char* kernel, const Attributes& attrs) {
  const auto shapes =
      broadcast_shapes(*graph.input(node, 0), *graph.input(node, 1), graph.output(node));
  lowering.call({.kernel = kernel,
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[0], shapes->a),
                              lowering.read(node.inputs[1], shapes->b),
                              lowering.write(node.outputs[0], shapes->out)}});
}

void add_unary_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                    const char* kernel, const Attributes& attrs) {
  lowering.call({.kernel = kernel,
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[0], flat(*graph.input(node, 0))),
                              lowering.write(node.outputs[0], flat(graph.output(node)))}});
}

void add_table_call(const graph::Graph& graph, const graph::Node& node, Lowering& lowering,
                    const std::vector<std::int8_t>& table) {
  DraftOperand in = lowering.read(node.inputs[0], flat(*graph.input(node, 0)));
  DraftOperand out = lowering.write(node.outputs[0], flat(graph.output(node)));
  in.operand.type = out.operand.type = DType::kInt8;  // bytes, signed or not
  lowering.call({.kernel = "lookup_s8", .operands = {in, lowering.constant(table), out}});
}

}  // namespace mote::ops
