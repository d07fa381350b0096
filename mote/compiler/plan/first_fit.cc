#include "mote/compiler/plan/first_fit.h"

#include <algorithm>

namespace mote::plan {
namespace {

std::int64_t align_up(std::int64_t offset, std::int64_t alignment) {
  return (offset + alignment - 1) & ~(alignment - 1);
}

}  // namespace

FirstFit::FirstFit(std::span<const Buffer> buffers, std::span<const Overlap> overlaps)
    : buffers_(buffers) {
  if (!overlaps.empty()) partners_.resize(buffers.size());
  for (const Overlap& overlap : overlaps) {
    partners_[overlap.writer].push_back({overlap.reader, overlap.lead, true});
    partners_[overlap.reader].push_back({overlap.writer, overlap.lead, false});
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i].tied_to == Buffer::kFree) continue;
    followers_.resize(buffers.size());
    followers_[static_cast<std::size_t>(buffers[i].tied_to)].push_back(i);
  }
}

const FirstFit::Partner* FirstFit::partner(std::size_t i, std::size_t other) const {
  if (partners_.empty()) return nullptr;
  for (const Partner& partner : partners_[i])
    if (partner.other == other) return &partner;
  return nullptr;
}

/// The lowest offset from `from` on, itself aligned. Of a pair that may overlap, the writer needs
/// to end where the reader begins, or to begin so much before it; whichever is the less.
std::int64_t FirstFit::lowest_gap(std::size_t i, std::int64_t from) const {
  const Buffer& buffer = buffers_[i];
  std::int64_t offset = from, checked = -1;  // what lay behind `checked` may not do so any more
  while (checked != offset) {
    checked = offset;
    for (const Block& block : placed_) {
      const bool alive_together =
          buffer.first_use <= block.last_use && block.first_use <= buffer.last_use;
      if (!alive_together) continue;
      const Partner* pair = partner(i, block.buffer);
      if (!pair && offset + buffer.size <= block.begin) break;
      std::int64_t end = block.end;
      if (pair) {
        const std::int64_t needed =
            pair->other_reads ? std::min(buffer.size, pair->lead) : buffer.size;
        if (offset + needed <= block.begin) continue;
        if (!pair->other_reads) end = std::min(end, block.begin + pair->lead);
      }
      offset = std::max(offset, align_up(std::max<std::int64_t>(end, 0), buffer.alignment));
    }
    if (partners_.empty()) break;  // blocks are in order: none that was passed is met again
  }
  return offset;
}

/// The lowest offset at which the buffer and all that is tied to it have room.
std::int64_t FirstFit::lowest_gap_for_all(std::size_t first) const {
  std::int64_t offset = lowest_gap(first, 0);
  if (followers_.empty()) return offset;
  for (std::int64_t before = -1; before != offset;) {
    before = offset;
    for (std::size_t i : followers_[first]) {
      const std::int64_t from = offset + buffers_[i].tie_offset;
      if (buffers_[i].size > 0) offset += lowest_gap(i, from) - from;
    }
    offset = lowest_gap(first, offset);
  }
  return offset;
}

void FirstFit::put(std::size_t i, std::int64_t offset) {
  const Buffer& buffer = buffers_[i];
  const Block block = {offset, offset + buffer.size, buffer.first_use, buffer.last_use, i};
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
