#include "mote/compiler/plan/first_fit.h"

#include <algorithm>

namespace mote::plan {
namespace {

std::int64_t align_up(std::int64_t offset, std::int64_t alignment) {
  return (offset + alignment - 1) & ~(alignment - 1);
}

}  // namespace

FirstFit::FirstFit(std::span<const Buffer> buffers) : buffers_(buffers) {
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i].tied_to == Buffer::kFree) continue;
    followers_.resize(buffers.size());
    followers_[static_cast<std::size_t>(buffers[i].tied_to)].push_back(i);
  }
}

/// The lowest offset from `from` on, itself aligned.
std::int64_t FirstFit::lowest_gap(const Buffer& buffer, std::int64_t from) const {
  std::int64_t offset = from;
  for (const Block& block : placed_) {
    const bool alive_together =
        buffer.first_use <= block.last_use && block.first_use <= buffer.last_use;
    if (!alive_together) continue;
    if (offset + buffer.size <= block.begin) break;
    offset = std::max(offset, align_up(block.end, buffer.alignment));
  }
  return offset;
}

/// The lowest offset at which the buffer and all that is tied to it have room.
std::int64_t FirstFit::lowest_gap_for_all(std::size_t first) const {
  std::int64_t offset = lowest_gap(buffers_[first], 0);
  if (followers_.empty()) return offset;
  for (std::int64_t before = -1; before != offset;) {
    before = offset;
    for (std::size_t i : followers_[first]) {
      const std::int64_t from = offset + buffers_[i].tie_offset;
      if (buffers_[i].size > 0) offset += lowest_gap(buffers_[i], from) - from;
    }
    offset = lowest_gap(buffers_[first], offset);
  }
  return offset;
}

void FirstFit::put(std::size_t i, std::int64_t offset) {
  const Buffer& buffer = buffers_[i];
  const Block block = {offset, offset + buffer.size, buffer.first_use, buffer.last_use};
  layout_.offsets[i] = offset;
  if (buffer.size == 0) return;  // takes no room, and none is kept for it
  layout_.size = std::max(layout_.size, block.end);
  const auto after =
      std::upper_bound(placed_.begin(), placed_.end(), block,
                       [](const Block& a, const Block& b) { return a.begin < b.begin; });
  placed_.insert(after, block);
}

std::int64_t FirstFit::place(const PlacingOrder& order, std::int64_t most) {
  placed_.clear();
  placed_.reserve(buffers_.size());
  layout_.offsets.assign(buffers_.size(), 0);
  layout_.size = 0;
  for (std::size_t i : order) {
    const bool leads = !followers_.empty() && !followers_[i].empty();
    if (buffers_[i].size == 0 && !leads) continue;
    const std::int64_t offset = lowest_gap_for_all(i);
    put(i, offset);
    if (leads)
      for (std::size_t j : followers_[i]) put(j, offset + buffers_[j].tie_offset);
    if (layout_.size > most) break;
  }
  return layout_.size;
}

}  // namespace mote::plan
