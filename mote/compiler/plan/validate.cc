#include "mote/compiler/plan/plan.h"
#include "mote/support/cat.h"

namespace mote::plan {

namespace {

/// Whether the two may lie as they do, though they overlap.
bool is_allowed(std::span<const Overlap> overlaps, const Layout& layout, std::size_t i,
                std::size_t j) {
  for (const Overlap& o : overlaps) {
    const bool is_pair = (o.writer == i && o.reader == j) || (o.writer == j && o.reader == i);
    if (is_pair && layout.offsets[o.reader] - layout.offsets[o.writer] >= o.lead) return true;
  }
  return false;
}

}  // namespace

Result<void> validate(std::span<const Buffer> buffers, const Layout& layout,
                      std::span<const Overlap> overlaps) {
  if (layout.offsets.size() != buffers.size())
    return bad_input(
        cat("the layout has ", layout.offsets.size(), " offsets for ", buffers.size(), " buffers"));
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const std::int64_t begin = layout.offsets[i], end = begin + buffers[i].size;
    if (begin < 0 || end > layout.size || begin % buffers[i].alignment != 0)
      return bad_input(cat("buffer ", i, " at ", begin, " is misaligned or outside the ",
                           layout.size, " B of the layout"));
    if (const int other = buffers[i].tied_to; other != Buffer::kFree)
      if (begin != layout.offsets[static_cast<std::size_t>(other)] + buffers[i].tie_offset)
        return bad_input(cat("buffer ", i, " at ", begin, " is not ", buffers[i].tie_offset,
                             " B after buffer ", other));
    for (std::size_t j = 0; j < i; ++j) {
      const bool apart_in_time =
          buffers[i].last_use < buffers[j].first_use || buffers[j].last_use < buffers[i].first_use;
      const bool apart_in_space =
          end <= layout.offsets[j] || layout.offsets[j] + buffers[j].size <= begin;
      if (!apart_in_time && !apart_in_space && !is_allowed(overlaps, layout, i, j))
        return bad_input(cat("buffers ", j, " and ", i, " overlap while both are alive"));
    }
  }
  return {};
}

}  // namespace mote::plan
