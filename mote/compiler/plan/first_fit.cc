#include "mote/compiler/plan/first_fit.h"

#include <algorithm>

namespace mote::plan {
namespace {

std::int64_t align_up(std::int64_t offset, std::int64_t alignment) {
  return (offset + alignment - 1) & ~(alignment - 1);
}

}  // namespace

std::int64_t FirstFit::lowest_gap(const Buffer& buffer) const {
  std::int64_t offset = 0;
  for (const Block& block : placed_) {
    const bool alive_together =
        buffer.first_use <= block.last_use && block.first_use <= buffer.last_use;
    if (!alive_together) continue;
    if (offset + buffer.size <= block.begin) break;
    offset = std::max(offset, align_up(block.end, buffer.alignment));
  }
  return offset;
}

std::int64_t FirstFit::place(const PlacingOrder& order, std::int64_t most) {
  placed_.clear();
  placed_.reserve(buffers_.size());
  layout_.offsets.assign(buffers_.size(), 0);
  layout_.size = 0;
  for (std::size_t i : order) {
    const Buffer& buffer = buffers_[i];
    if (buffer.size == 0) continue;  // takes no room, and none is kept for it
    const std::int64_t offset = lowest_gap(buffer);
    const Block block = {offset, offset + buffer.size, buffer.first_use, buffer.last_use};
    layout_.offsets[i] = offset;
    layout_.size = std::max(layout_.size, block.end);
    if (layout_.size > most) break;
    const auto after =
        std::upper_bound(placed_.begin(), placed_.end(), block,
                         [](const Block& a, const Block& b) { return a.begin < b.begin; });
    placed_.insert(after, block);
  }
  return layout_.size;
}

}  // namespace mote::plan
