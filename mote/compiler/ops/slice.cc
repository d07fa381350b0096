#include <algorithm>

#include "mote/compiler/ops/movement.h"
#include "mote/compiler/ops/ops.h"
#include "mote/support/cat.h"

namespace mote::ops {
namespace {

/// Which elements along one dimension: start, start + stride, ..., `count` of them.
struct Range {
  int start = 0, count = 1, stride = 1;
};

/// The copy that takes these elements, packed, out of a tensor of this shape.
Copy copy_of(const std::vector<int>& shape, const std::vector<Range>& ranges) {
  Copy copy;
  const std::vector<int> strides = strides_of(shape);
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    copy.extents.push_back(ranges[k].count);
    copy.in_strides.push_back(strides[k] * ranges[k].stride);
    copy.in_start += strides[k] * ranges[k].start;
  }
  copy.out_strides = strides_of(copy.extents);
  return copy;
}

/// One number a dimension from the node's i-th input.
Result<std::vector<std::int64_t>> numbers(const graph::Graph& graph, const graph::Node& node,
                                          std::size_t i, std::string_view what) {
  auto values = constant_integers(graph.input(node, i), what);
  const std::size_t rank = graph.input(node, 0)->shape.size();
  if (values && values->size() != rank)
    return bad_input(cat(what, ": ", values->size(), " numbers, expected one for each of ", rank,
                         " dimensions"));
  return values;
}

// SLICE

Result<std::vector<Range>> plan_slice(const graph::Graph& graph, const graph::Node& node) {
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const auto begin = numbers(graph, node, 1, "the begin"),
             size = numbers(graph, node, 2, "the size");
  if (!begin) return tl::unexpected(begin.error());
  if (!size) return tl::unexpected(size.error());
  std::vector<Range> ranges;
  std::vector<int> shape;
  for (std::size_t k = 0; k < input.shape.size(); ++k) {
    const std::int64_t extent = input.shape[k], start = (*begin)[k];
    const bool is_inside = start >= 0 && start < extent;
    const std::int64_t count = is_inside && (*size)[k] == -1 ? extent - start : (*size)[k];
    if (!is_inside || count < 1 || count > extent - start)
      return bad_input(cat("it takes ", (*size)[k], " from ", start, " on of the ", extent,
                           " elements along dimension ", k, ", expected a part of them"));
    ranges.push_back({.start = static_cast<int>(start), .count = static_cast<int>(count)});
    shape.push_back(static_cast<int>(count));
  }
  if (const auto fits = expect_shape(output, shape); !fits) return tl::unexpected(fits.error());
  return ranges;
}

// STRIDED_SLICE

/// Where the walk along a dimension starts and ends (exclusive), as Python's slices do: negative
/// indices count from the back, then both are clamped to what the direction can reach.
struct Walk {
  std::int64_t start = 0, stop = 0;
};
Walk clamp_walk(Walk walk, std::int64_t stride, std::int64_t extent, bool from_edge, bool to_edge) {
  const std::int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? extent : extent - 1;
  const auto place = [&](std::int64_t index) {
    return std::clamp(index < 0 ? index + extent : index, low, high);
  };
  return {.start = from_edge ? (stride > 0 ? 0 : extent - 1) : place(walk.start),
          .stop = to_edge ? (stride > 0 ? extent : -1) : place(walk.stop)};
}

Result<Range> plan_dimension(Walk walk, std::int64_t stride, std::int64_t extent, bool is_shrunk) {
  if (is_shrunk) {
    if (walk.start < 0 || walk.start >= extent || stride < 0)
      return bad_input(cat("it picks element ", walk.start, " of ", extent, " with stride ", stride,
                           ", expected an element and a positive stride"));
    return Range{.start = static_cast<int>(walk.start)};
  }
  const std::int64_t distance = stride > 0 ? walk.stop - walk.start : walk.start - walk.stop;
  const std::int64_t step = stride > 0 ? stride : -stride;
  if (distance <= 0)
    return bad_input(cat("it takes nothing of ", extent, " elements (from ", walk.start, " to ",
                         walk.stop, " with stride ", stride, "), expected at least one"));
  const std::int64_t count = (distance + step - 1) / step;
  return Range{.start = static_cast<int>(walk.start),
               .count = static_cast<int>(count),
               .stride = count == 1 ? 1 : static_cast<int>(stride)};
}

Result<std::vector<Range>> plan_strided_slice(const graph::Graph& graph, const graph::Node& node) {
  for (const char* name : {"ellipsis_mask", "new_axis_mask", "offset"})
    if (node.attrs.integer(name) != 0)
      return unsupported(cat("its ", name, " is ", node.attrs.integer(name),
                             ", expected 0; write the slice with one index a dimension"));
  const graph::Tensor &input = *graph.input(node, 0), &output = graph.output(node);
  const auto begin = numbers(graph, node, 1, "the begin"), end = numbers(graph, node, 2, "the end"),
             stride = numbers(graph, node, 3, "the strides");
  for (const auto* values : {&begin, &end, &stride})
    if (!*values) return tl::unexpected(values->error());
  std::vector<Range> ranges;
  std::vector<int> shape;
  const auto bit = [&](const char* mask, std::size_t k) {
    return (node.attrs.integer(mask) >> k & 1) != 0;
  };
  for (std::size_t k = 0; k < input.shape.size(); ++k) {
    if ((*stride)[k] == 0) return bad_input("one of its strides is 0, expected another number");
    constexpr std::int64_t kMost = std::int64_t{1} << 31;  // further than any tensor is long
    const std::int64_t step = std::clamp((*stride)[k], -kMost, kMost);
    const Walk walk = clamp_walk({(*begin)[k], (*end)[k]}, step, input.shape[k],
                                 bit("begin_mask", k), bit("end_mask", k));
    const bool is_shrunk = bit("shrink_axis_mask", k);
    const auto range = plan_dimension(walk, step, input.shape[k], is_shrunk);
    if (!range) return tl::unexpected(range.error());
    ranges.push_back(*range);
    if (!is_shrunk) shape.push_back(range->count);
  }
  if (const auto fits = expect_shape(output, shape); !fits) return tl::unexpected(fits.error());
  return ranges;
}

using Plan = Result<std::vector<Range>> (*)(const graph::Graph&, const graph::Node&);

template <Plan kPlan>
Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(expect_same_type(*graph.input(node, 0), graph.output(node)));
  MOTE_TRY(kPlan(graph, node));
  return {};
}

template <Plan kPlan>
Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  add_copy(lowering, lowering.read(node.inputs[0]), lowering.write(node.outputs[0]),
           copy_of(graph.input(node, 0)->shape, *kPlan(graph, node)));
  return {};
}

using enum DType;
constexpr auto& kSignatures = kSignaturesOf<kInt8, kUint8, kInt16, kFloat32, kInt32, kBool>;

}  // namespace

const Op slice = {.tflite_name = "SLICE",
                  .signatures = kSignatures,
                  .min_inputs = 3,
                  .max_inputs = 3,
                  .check = check<plan_slice>,
                  .lower = lower<plan_slice>,
                  .notes = "begin and size must be constants"};
const Op strided_slice = {.tflite_name = "STRIDED_SLICE",
                          .signatures = kSignatures,
                          .min_inputs = 4,
                          .max_inputs = 4,
                          .check = check<plan_strided_slice>,
                          .lower = lower<plan_strided_slice>,
                          .notes =
                              "begin, end and strides must be constants; no ellipsis, no new "
                              "axis"};

}  // namespace mote::ops
