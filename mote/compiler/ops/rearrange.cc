#include <algorithm>
#include <limits>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

/// What reorders the elements of one tensor: DEPTH_TO_SPACE, SPACE_TO_DEPTH, BATCH_TO_SPACE_ND,
/// SPACE_TO_BATCH_ND, REVERSE_V2.
namespace mote::ops {
namespace {

void add_copy(const graph::Node& node, Lowering& lowering, const Copy& copy) {
  add_copy(lowering, lowering.read(node.inputs[0]), lowering.write(node.outputs[0]), copy);
}

// DEPTH_TO_SPACE and SPACE_TO_DEPTH

/// That `deep` [batch, height, width, channels] is `wide` with blocks of pixels in its channels.
Result<void> check_blocks(const graph::Tensor& deep, const graph::Tensor& wide, int block) {
  MOTE_TRY(expect_same_type(deep, wide));
  constexpr int kLargest = 1 << 10;
  if (block < 1 || block > kLargest)
    return bad_input(cat("its block size is ", block, ", expected 1 to ", kLargest));
  if (wide.shape.size() != 4 || wide.shape[1] % block != 0 || wide.shape[2] % block != 0)
    return bad_input(cat("'", wide.name, "' has shape ", graph::describe_shape(wide.shape),
                         ", expected [batch, height, width, channels] of whole blocks of ", block));
  const std::int64_t channels = std::int64_t{wide.shape[3]} * block * block;
  const int expected[] = {
      wide.shape[0], wide.shape[1] / block, wide.shape[2] / block,
      static_cast<int>(std::min<std::int64_t>(channels, std::numeric_limits<int>::max()))};
  return expect_shape(deep, expected);
}

/// Reads the wide tensor as [batch, height, block, width, block, channels], and writes the deep one
/// as [batch, height, width, block, block, channels].
Copy wide_to_deep(const graph::Tensor& wide, int block) {
  const int height = wide.shape[1] / block, width = wide.shape[2] / block, depth = wide.shape[3];
  const int row = wide.shape[2] * depth, pixel = depth * block * block;
  return {.extents = {wide.shape[0], height, block, width, block, depth},
          .in_strides = {wide.shape[1] * row, block * row, row, block * depth, depth, 1},
          .out_strides = {height * width * pixel, width * pixel, block * depth, pixel, depth, 1}};
}

Result<void> check_depth_to_space(const graph::Graph& graph, const graph::Node& node) {
  return check_blocks(*graph.input(node, 0), graph.output(node), node.attrs.integer("block_size"));
}
Result<void> lower_depth_to_space(const graph::Graph& graph, const graph::Node& node,
                                  Lowering& lowering) {
  Copy copy = wide_to_deep(graph.output(node), node.attrs.integer("block_size"));
  std::swap(copy.in_strides, copy.out_strides);
  add_copy(node, lowering, copy);
  return {};
}

Result<void> check_space_to_depth(const graph::Graph& graph, const graph::Node& node) {
  return check_blocks(graph.output(node), *graph.input(node, 0), node.attrs.integer("block_size"));
}
Result<void> lower_space_to_depth(const graph::Graph& graph, const graph::Node& node,
                                  Lowering& lowering) {
  add_copy(node, lowering, wide_to_deep(*graph.input(node, 0), node.attrs.integer("block_size")));
  return {};
}

// BATCH_TO_SPACE_ND and SPACE_TO_BATCH_ND

/// One spatial dimension: whole elements are dealt out over `block` batches; `before` and `after`
/// elements of what was dealt out are not in the whole tensor.
struct Dealt {
  int block = 1, before = 0, after = 0;
  int whole = 1, dealt = 1;  ///< the extents
};
struct Batches {
  Dealt y, x;
  int batch = 1, depth = 1;
};

/// `whole` is the tensor with few batches, `dealt` the one with many.
Result<Batches> plan_batches(const graph::Tensor& whole, const graph::Tensor& dealt,
                             const graph::Tensor* block_shape, const graph::Tensor* margins) {
  const auto blocks = constant_integers(block_shape, "the block shape");
  const auto edges = constant_integers(margins, "the paddings or crops");
  if (!blocks) return tl::unexpected(blocks.error());
  if (!edges) return tl::unexpected(edges.error());
  const std::size_t rank = whole.shape.size(), spatial = blocks->size();
  if (rank < 3 || rank > 4 || dealt.shape.size() != rank || spatial != rank - 2 ||
      edges->size() != 2 * spatial)
    return bad_input(cat("it has tensors of ", rank, " and ", dealt.shape.size(), " dimensions, ",
                         spatial, " blocks and ", edges->size(),
                         " margins, expected 3 or 4 dimensions, a block for each but the first and "
                         "last and two margins a block"));
  Batches plan{.batch = whole.shape[0], .depth = whole.shape[rank - 1]};
  std::vector<int> expected = whole.shape;
  for (std::size_t k = 0; k < spatial; ++k) {
    const std::int64_t block = (*blocks)[k], before = (*edges)[2 * k], after = (*edges)[2 * k + 1];
    constexpr std::int64_t kMost = 1 << 20;
    const auto is_margin = [](std::int64_t margin) { return margin >= 0 && margin <= kMost; };
    const bool fits = block >= 1 && block <= 64 && is_margin(before) && is_margin(after);
    const std::int64_t total = fits ? before + whole.shape[k + 1] + after : 0;
    if (!fits || total % block != 0)
      return bad_input(cat("dimension ", k + 1, " of ", whole.shape[k + 1], " elements with ",
                           before, " and ", after, " more does not divide into blocks of ", block,
                           ", expected it to, and blocks of 1 to 64"));
    const Dealt side = {.block = static_cast<int>(block),
                        .before = static_cast<int>(before),
                        .after = static_cast<int>(after),
                        .whole = whole.shape[k + 1],
                        .dealt = static_cast<int>(total / block)};
    (k == 0 ? plan.y : plan.x) = side;
    expected[k + 1] = side.dealt;
    expected[0] = static_cast<int>(
        std::min<std::int64_t>(std::int64_t{expected[0]} * block, std::numeric_limits<int>::max()));
  }
  if (const auto fits = expect_shape(dealt, expected); !fits) return tl::unexpected(fits.error());
  return plan;
}

/// The elements that one block position owns: from `first` on, `count` of them.
struct Owned {
  int first = 0, count = 0;
};
Owned owned_by(const Dealt& side, int position) {
  // dealt element i is whole element i * block + position - before
  const int missing = std::max(side.before - position, 0);
  const int first = (missing + side.block - 1) / side.block;
  const int end = side.before + side.whole - position;
  const int last = end <= 0 ? 0 : (end + side.block - 1) / side.block;
  return {.first = first, .count = std::max(std::min(last, side.dealt) - first, 0)};
}

/// One copy from the whole tensor to the batches for each position within a block.
std::vector<Copy> deal_out(const Batches& plan) {
  std::vector<Copy> copies;
  const int whole_row = plan.x.whole * plan.depth, dealt_row = plan.x.dealt * plan.depth;
  for (int y = 0; y < plan.y.block; ++y)
    for (int x = 0; x < plan.x.block; ++x) {
      const Owned rows = owned_by(plan.y, y), columns = owned_by(plan.x, x);
      if (rows.count == 0 || columns.count == 0) continue;
      const int batch = (y * plan.x.block + x) * plan.batch;
      copies.push_back({.extents = {plan.batch, rows.count, columns.count, plan.depth},
                        .in_strides = {plan.y.whole * whole_row, plan.y.block * whole_row,
                                       plan.x.block * plan.depth, 1},
                        .out_strides = {plan.y.dealt * dealt_row, dealt_row, plan.depth, 1},
                        .in_start = (rows.first * plan.y.block + y - plan.y.before) * whole_row +
                                    (columns.first * plan.x.block + x - plan.x.before) * plan.depth,
                        .out_start = batch * plan.y.dealt * dealt_row + rows.first * dealt_row +
                                     columns.first * plan.depth});
    }
  return copies;
}

Result<Batches> plan_batch_to_space(const graph::Graph& graph, const graph::Node& node) {
  return plan_batches(graph.output(node), *graph.input(node, 0), graph.input(node, 1),
                      graph.input(node, 2));
}
Result<Batches> plan_space_to_batch(const graph::Graph& graph, const graph::Node& node) {
  return plan_batches(*graph.input(node, 0), graph.output(node), graph.input(node, 1),
                      graph.input(node, 2));
}

template <auto kPlan>
Result<void> check_batches(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  MOTE_TRY(kPlan(graph, node));
  return {};
}

Result<void> lower_batch_to_space(const graph::Graph& graph, const graph::Node& node,
                                  Lowering& lowering) {
  const std::vector<Copy> copies = deal_out(*plan_batch_to_space(graph, node));
  for (Copy copy : copies) {
    std::swap(copy.in_strides, copy.out_strides);
    std::swap(copy.in_start, copy.out_start);
    add_copy(node, lowering, copy);
  }
  return {};
}

Result<void> lower_space_to_batch(const graph::Graph& graph, const graph::Node& node,
                                  Lowering& lowering) {
  const graph::Tensor& output = graph.output(node);
  const Batches plan = *plan_space_to_batch(graph, node);
  if (plan.y.before + plan.y.after + plan.x.before + plan.x.after > 0) {
    const auto zero =
        output.type == DType::kInt8
            ? lowering.constant(std::vector{static_cast<std::int8_t>(output.zero_point())})
            : lowering.constant(std::vector<float>{0});
    add_copy(lowering, zero, lowering.write(node.outputs[0]),
             {.extents = {static_cast<int>(graph::element_count(output))},
              .in_strides = {0},
              .out_strides = {1}});
  }
  const std::vector<Copy> copies = deal_out(plan);
  for (const Copy& copy : copies) add_copy(node, lowering, copy);
  return {};
}

// REVERSE_V2

Result<std::vector<bool>> plan_reverse(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor& input = *graph.input(node, 0);
  const auto axes = constant_integers(graph.input(node, 1), "the axes");
  if (!axes) return tl::unexpected(axes.error());
  std::vector<bool> is_reversed(input.shape.size());
  for (std::int64_t entry : *axes) {
    const auto axis = resolve_axis(entry, input.shape.size());
    if (!axis) return tl::unexpected(axis.error());
    if (is_reversed[static_cast<std::size_t>(*axis)])
      return bad_input(cat("it names axis ", *axis, " twice, expected once"));
    is_reversed[static_cast<std::size_t>(*axis)] = true;
  }
  return is_reversed;
}

Result<void> check_reverse(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  MOTE_TRY(expect_shape(graph.output(node), graph.input(node, 0)->shape));
  MOTE_TRY(plan_reverse(graph, node));
  return {};
}

Result<void> lower_reverse(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const std::vector<int>& shape = graph.input(node, 0)->shape;
  const std::vector<bool> is_reversed = *plan_reverse(graph, node);
  Copy copy{.extents = shape, .in_strides = strides_of(shape), .out_strides = strides_of(shape)};
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (!is_reversed[k]) continue;
    copy.in_start += (shape[k] - 1) * copy.in_strides[k];
    copy.in_strides[k] = -copy.in_strides[k];
  }
  add_copy(node, lowering, copy);
  return {};
}

using enum DType;

}  // namespace

const Op depth_to_space = {.tflite_name = "DEPTH_TO_SPACE",
                           .signatures = kSignaturesOf<kInt8, kFloat32>,
                           .check = check_depth_to_space,
                           .lower = lower_depth_to_space};
const Op space_to_depth = {.tflite_name = "SPACE_TO_DEPTH",
                           .signatures = kSignaturesOf<kInt8, kFloat32>,
                           .check = check_space_to_depth,
                           .lower = lower_space_to_depth};
const Op batch_to_space_nd = {.tflite_name = "BATCH_TO_SPACE_ND",
                              .signatures = kSignaturesOf<kInt8, kFloat32>,
                              .min_inputs = 3,
                              .max_inputs = 3,
                              .check = check_batches<plan_batch_to_space>,
                              .lower = lower_batch_to_space,
                              .notes = "blocks and crops must be constants"};
const Op space_to_batch_nd = {.tflite_name = "SPACE_TO_BATCH_ND",
                              .signatures = kSignaturesOf<kInt8, kFloat32>,
                              .min_inputs = 3,
                              .max_inputs = 3,
                              .check = check_batches<plan_space_to_batch>,
                              .lower = lower_space_to_batch,
                              .notes = "blocks and paddings must be constants"};
const Op reverse_v2 = {
    .tflite_name = "REVERSE_V2",
    .signatures = kSignaturesOf<kInt8, kInt16, kFloat32, kInt32, kInt64, kBool, kUint8>,
    .min_inputs = 2,
    .max_inputs = 2,
    .check = check_reverse,
    .lower = lower_reverse,
    .notes = "the axes must be a constant"};

}  // namespace mote::ops
