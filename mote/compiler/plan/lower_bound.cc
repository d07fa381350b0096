#include <algorithm>
#include <cstdlib>
#include <set>

#include "mote/compiler/plan/plan.h"

namespace mote::plan {
namespace {

/// A buffer that begins or ends to be alive.
struct Event {
  int when;
  bool begins;
  std::int64_t size;
  bool is_saving = false;  ///< of what may lie in the same place: begins less, and ends so
};

/// What two buffers can take less for overlapping: the larger of both, and what one begins before
/// the other, hold them.
std::int64_t saving_of(const Buffer& writer, const Buffer& reader, std::int64_t lead) {
  return std::min(writer.size - std::max<std::int64_t>(lead, 0), reader.size);
}

std::vector<Event> events_of(std::span<const Buffer> buffers, std::span<const Overlap> overlaps) {
  std::vector<Event> events;
  for (const Overlap& overlap : overlaps) {
    const Buffer &writer = buffers[overlap.writer], &reader = buffers[overlap.reader];
    const std::int64_t saving = saving_of(writer, reader, overlap.lead);
    if (saving <= 0) continue;
    events.push_back({writer.first_use, false, saving, true});
    events.push_back({reader.last_use + 1, false, -saving, true});
  }
  for (const Buffer& buffer : buffers) {
    if (buffer.size == 0) continue;
    events.push_back({buffer.first_use, true, buffer.size});
    events.push_back({buffer.last_use + 1, false, buffer.size});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.when != b.when ? a.when < b.when : a.begins < b.begins;  // the dead leave first
  });
  return events;
}

}  // namespace

std::int64_t lower_bound(std::span<const Buffer> buffers, std::span<const Overlap> overlaps) {
  std::int64_t step = kUnlimited;  // every offset is a multiple of the smallest alignment
  for (const Buffer& buffer : buffers)
    if (buffer.size > 0) step = std::min(step, buffer.alignment);
  // Where several are alive, each but the topmost takes whole steps.
  std::int64_t alive = 0, bound = 0;
  std::multiset<std::int64_t> unused;  // the rest of each one's last step
  for (const Event& event : events_of(buffers, overlaps)) {
    const std::int64_t size = std::abs(event.size), whole = (size + step - 1) / step * step;
    alive += event.begins == (event.size > 0) ? whole : -whole;
    if (event.is_saving) continue;
    if (event.begins)
      unused.insert(whole - event.size);
    else
      unused.erase(unused.find(whole - event.size));
    if (event.begins) bound = std::max(bound, alive - *unused.rbegin());
  }
  return bound;
}

}  // namespace mote::plan
