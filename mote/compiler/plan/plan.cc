#include "mote/compiler/plan/plan.h"

#include <algorithm>
#include <numeric>

#include "mote/support/cat.h"

namespace mote::plan {
namespace {

bool alive_together(const Buffer& a, const Buffer& b) {
  return a.first_use <= b.last_use && b.first_use <= a.last_use;
}

std::int64_t align_up(std::int64_t offset, std::int64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

/// Indices of buffers, in the order in which place() treats them: the largest first, then the
/// longest lived, then as given.
std::vector<std::size_t> placing_order(std::span<const Buffer> buffers) {
  std::vector<std::size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const Buffer &a = buffers[i], &b = buffers[j];
    if (a.size != b.size) return a.size > b.size;
    return a.last_use - a.first_use > b.last_use - b.first_use;
  });
  return order;
}

}  // namespace

Result<Layout> place(std::span<const Buffer> buffers, std::int64_t capacity) {
  Layout layout{.offsets = std::vector<std::int64_t>(buffers.size())};
  std::vector<std::size_t> placed;  // sorted by offset
  for (std::size_t i : placing_order(buffers)) {
    const Buffer& buffer = buffers[i];
    std::int64_t offset = 0;
    for (std::size_t j : placed) {
      if (!alive_together(buffer, buffers[j])) continue;
      if (offset + buffer.size <= layout.offsets[j]) break;
      offset = std::max(offset, align_up(layout.offsets[j] + buffers[j].size, buffer.alignment));
    }
    layout.offsets[i] = offset;
    layout.size = std::max(layout.size, offset + buffer.size);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), i,
                                   [&](std::size_t a, std::size_t b) {
                                     return layout.offsets[a] < layout.offsets[b];
                                   }),
                  i);
  }
  if (layout.size > capacity)
    return fail(ErrorCode::kOutOfMemory,
                cat("the plan needs ", layout.size, " B, the arena has ", capacity, " B"));
  return layout;
}

std::int64_t lower_bound(std::span<const Buffer> buffers) {
  std::int64_t bound = 0;
  for (const Buffer& at : buffers) {  // the peak is reached at some buffer's first use
    std::int64_t alive = 0;
    for (const Buffer& buffer : buffers)
      if (buffer.first_use <= at.first_use && at.first_use <= buffer.last_use) alive += buffer.size;
    bound = std::max(bound, alive);
  }
  return bound;
}

}  // namespace mote::plan
