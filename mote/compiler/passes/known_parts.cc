#include <algorithm>

#include "mote/compiler/passes/known_numbers.h"

namespace mote::passes {
namespace {

using graph::Node;
using Values = std::vector<std::int64_t>;

/// The numbers of the i-th input, one for each dimension.
const Values* values_at(std::span<const Known> inputs, std::size_t i) {
  if (i >= inputs.size() || !inputs[i].numbers ||
      inputs[i].numbers->values.size() != inputs[0].shape->size())
    return nullptr;
  return &inputs[i].numbers->values;
}

std::optional<Part> part_of_slice(std::int64_t begin, std::int64_t size, std::int64_t extent) {
  if (begin < 0 || begin > extent || size < -1) return {};
  const std::int64_t count = size == -1 ? extent - begin : size;
  if (count > extent - begin) return {};
  return Part{.start = begin, .count = count};
}

/// One dimension of a STRIDED_SLICE, as Python's slices take it.
struct Walk {
  std::int64_t begin, end, stride;
  bool from_edge, to_edge, is_dropped;
};
std::optional<Part> part_of_walk(Walk walk, std::int64_t extent) {
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  const std::int64_t stride = std::clamp(walk.stride, -kMost, kMost);
  if (stride == 0) return {};
  const std::int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? extent : extent - 1;
  const auto place = [&](std::int64_t at) {
    return std::clamp(at < 0 ? at + extent : at, low, high);
  };
  const std::int64_t start = walk.from_edge ? (stride > 0 ? 0 : extent - 1) : place(walk.begin);
  if (walk.is_dropped) {
    if (start < 0 || start >= extent) return {};
    return Part{.start = start, .count = 1, .is_dropped = true};
  }
  const std::int64_t stop = walk.to_edge ? (stride > 0 ? extent : -1) : place(walk.end);
  const std::int64_t distance = stride > 0 ? stop - start : start - stop;
  const std::int64_t step = stride > 0 ? stride : -stride;
  return Part{
      .start = start, .count = distance <= 0 ? 0 : (distance + step - 1) / step, .stride = stride};
}

}  // namespace

std::optional<std::vector<Part>> parts_of(const Node& node, std::span<const Known> inputs) {
  if (inputs.empty() || !inputs[0].shape) return {};
  const bool is_strided = node.op == "STRIDED_SLICE";
  const Values *begin = values_at(inputs, 1), *end = values_at(inputs, 2),
               *stride = is_strided ? values_at(inputs, 3) : begin;
  if (!begin || !end || !stride) return {};
  for (const char* name : {"ellipsis_mask", "new_axis_mask", "offset"})
    if (node.attrs.integer(name) != 0) return {};
  const auto bit = [&](const char* mask, std::size_t k) {
    return (node.attrs.integer(mask) >> k & 1) != 0;
  };
  std::vector<Part> parts;
  for (std::size_t k = 0; k < begin->size() && k < 31; ++k) {
    const int extent = (*inputs[0].shape)[k];
    const auto part =
        is_strided ? part_of_walk({(*begin)[k], (*end)[k], (*stride)[k], bit("begin_mask", k),
                                   bit("end_mask", k), bit("shrink_axis_mask", k)},
                                  extent)
                   : part_of_slice((*begin)[k], (*end)[k], extent);
    if (!part) return {};
    parts.push_back(*part);
  }
  if (parts.size() != begin->size()) return {};
  return parts;
}

}  // namespace mote::passes
