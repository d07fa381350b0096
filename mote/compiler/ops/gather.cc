#include <algorithm>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// That constant indices lie within the dimensions, to which they belong in turn.
Result<void> check_indices(const graph::Tensor& indices, std::span<const int> extents) {
  if (!indices.is_constant()) return {};
  const auto values = graph::values<std::int32_t>(indices);
  for (std::size_t k = 0; k < values.size(); ++k)
    if (const int extent = extents[k % extents.size()]; values[k] < 0 || values[k] >= extent)
      return bad_input(
          cat("the index ", values[k], " in '", indices.name, "' is outside of [0, ", extent, ")"));
  return {};
}

Result<const graph::Tensor*> indices_of(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor* indices = graph.input(node, 1);
  if (!indices) return bad_input("its indices are left out");
  return indices;
}

// GATHER

struct Gather {
  int batch = 1, outer = 1, axis = 1, inner = 1, count = 1;
};

Result<Gather> plan_gather(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto indices = indices_of(graph, node);
  if (!indices) return tl::unexpected(indices.error());
  const std::vector<int>&in = input.shape, &at = (*indices)->shape;
  const auto axis = resolve_axis(node.attrs.integer("axis"), in.size());
  if (!axis) return tl::unexpected(axis.error());
  std::int64_t batch_dims = node.attrs.integer("batch_dims");
  if (batch_dims < 0) batch_dims += static_cast<std::int64_t>(at.size());
  const auto b = static_cast<std::size_t>(batch_dims);
  if (batch_dims < 0 || batch_dims > *axis || b > at.size() ||
      !std::equal(in.begin(), in.begin() + batch_dims, at.begin()))
    return bad_input(cat("its batch_dims is ", node.attrs.integer("batch_dims"), ", but '",
                         input.name, "' of shape ", graph::describe_shape(in),
                         " and its indices of shape ", graph::describe_shape(at),
                         " do not begin with as many equal dimensions before axis ", *axis));
  std::vector<int> shape(in.begin(), in.begin() + *axis);
  shape.insert(shape.end(), at.begin() + batch_dims, at.end());
  shape.insert(shape.end(), in.begin() + *axis + 1, in.end());
  if (const auto fits = expect_shape(graph.output(node), shape); !fits)
    return tl::unexpected(fits.error());
  const AxisView view = around(in, *axis);
  Gather gather{.axis = view.extent, .inner = view.inner};
  for (std::size_t k = 0; k < at.size(); ++k) (k < b ? gather.batch : gather.count) *= at[k];
  gather.outer = view.outer / gather.batch;
  return gather;
}

Result<void> check_gather(const graph::Graph& graph, const graph::Node& node) {
  const auto gather = plan_gather(graph, node);
  if (!gather) return tl::unexpected(gather.error());
  return check_indices(*graph.input(node, 1), {&gather->axis, 1});
}

/// The operand as a kernel that only knows sizes sees it.
DraftOperand as_integers(DraftOperand operand) {
  operand.operand.type = size_of(operand.operand.type) == 4 ? DType::kInt32 : DType::kInt8;
  return operand;
}

Result<void> lower_gather(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const auto [batch, outer, axis, inner, count] = *plan_gather(graph, node);
  lowering.call(
      {.kernel = graph.output(node).type == DType::kInt8 ? "gather_s8" : "gather_s32",
       .operands = {
           as_integers(lowering.read(node.inputs[0], Extents(batch, outer, axis, inner))),
           lowering.read(node.inputs[1], Extents(batch, count)),
           as_integers(lowering.write(node.outputs[0], Extents(batch, outer, count, inner)))}});
  return {};
}

// GATHER_ND

struct GatherNd {
  std::vector<int> in;  ///< the indexed dimensions, then what each index takes
  int count = 1, depth = 0;
};

Result<GatherNd> plan_gather_nd(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto indices = indices_of(graph, node);
  if (!indices) return tl::unexpected(indices.error());
  const std::vector<int>&in = input.shape, &at = (*indices)->shape;
  const std::size_t depth = at.empty() ? 0 : static_cast<std::size_t>(at.back());
  if (depth < 1 || depth > in.size() || depth + 1 > kMaxRank)
    return bad_input(cat("each of its indices has ", depth, " numbers, expected 1 to ",
                         std::min<std::size_t>(in.size(), kMaxRank - 1)));
  std::vector<int> shape(at.begin(), at.end() - 1);
  const auto rest = in.begin() + static_cast<std::ptrdiff_t>(depth);
  shape.insert(shape.end(), rest, in.end());
  if (const auto fits = expect_shape(graph.output(node), shape); !fits)
    return tl::unexpected(fits.error());
  GatherNd gather{.in = {in.begin(), rest}, .depth = static_cast<int>(depth)};
  const auto inner = around(in, static_cast<int>(depth) - 1).inner;
  gather.in.push_back(inner);
  gather.count = static_cast<int>(graph::element_count(**indices)) / gather.depth;
  return gather;
}

Result<void> check_gather_nd(const graph::Graph& graph, const graph::Node& node) {
  const auto gather = plan_gather_nd(graph, node);
  if (!gather) return tl::unexpected(gather.error());
  return check_indices(*graph.input(node, 1),
                       std::span(gather->in).first(static_cast<std::size_t>(gather->depth)));
}

Result<void> lower_gather_nd(const graph::Graph& graph, const graph::Node& node,
                             Lowering& lowering) {
  const GatherNd gather = *plan_gather_nd(graph, node);
  Extents in;
  in.rank = static_cast<int>(gather.in.size());
  std::copy(gather.in.begin(), gather.in.end(), in.dims);
  lowering.call(
      {.kernel = graph.output(node).type == DType::kInt8 ? "gather_nd_s8" : "gather_nd_s32",
       .operands = {
           as_integers(lowering.read(node.inputs[0], in)),
           lowering.read(node.inputs[1], Extents(gather.count, gather.depth)),
           as_integers(lowering.write(node.outputs[0], Extents(gather.count, gather.in.back())))}});
  return {};
}

constexpr DType kInt8[] = {DType::kInt8, DType::kInt32};
constexpr DType kFloat32[] = {DType::kFloat32, DType::kInt32};
constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kInt8, .output = DType::kInt8},
    {.label = "float32", .inputs = kFloat32, .output = DType::kFloat32}};
constexpr std::string_view kNotes =
    "INT32 indices; one that is out of range when run takes the nearest element";

}  // namespace

const Op gather = {.tflite_name = "GATHER",
                   .signatures = kSignatures,
                   .min_inputs = 2,
                   .max_inputs = 2,
                   .check = check_gather,
                   .lower = lower_gather,
                   .notes = kNotes};
const Op gather_nd = {.tflite_name = "GATHER_ND",
                      .signatures = kSignatures,
                      .min_inputs = 2,
                      .max_inputs = 2,
                      .check = check_gather_nd,
                      .lower = lower_gather_nd,
                      .notes = kNotes};

}  // namespace mote::ops
