#include "mote/compiler/plan/plan.h"

#include <algorithm>
#include <random>

#include "mote/compiler/plan/first_fit.h"
#include "mote/support/cat.h"

namespace mote::plan {
namespace {

/// What the improvement may cost: buffers looked at while others are placed.
constexpr std::int64_t kImprovementSteps = 20'000'000, kMostTrials = 2000;

std::int64_t duration(const Buffer& buffer) { return buffer.last_use - buffer.first_use + 1; }

/// By which buffers are placed: the larger the key, the earlier. Ties go by the second key, then by
/// the order given.
struct Keys {
  std::int64_t (*first)(const Buffer&);
  std::int64_t (*second)(const Buffer&);
};
std::int64_t by_size(const Buffer& b) { return b.size; }
std::int64_t by_area(const Buffer& b) {
  return std::min(b.size, kUnlimited >> 20) * std::min<std::int64_t>(duration(b), 1 << 20);
}
std::int64_t by_beginning(const Buffer& b) { return -std::int64_t{b.first_use}; }
std::int64_t by_end(const Buffer& b) { return b.last_use; }
constexpr Keys kOrders[] = {{by_size, duration},
                            {duration, by_size},
                            {by_area, by_size},
                            {by_beginning, by_size},
                            {by_end, by_size}};

/// For each buffer the least rectangle round it and what is tied to it.
std::vector<Buffer> outlines_of(std::span<const Buffer> buffers) {
  std::vector<Buffer> outlines(buffers.begin(), buffers.end());
  for (const Buffer& buffer : buffers) {
    if (buffer.tied_to == Buffer::kFree) continue;
    Buffer& outline = outlines[static_cast<std::size_t>(buffer.tied_to)];
    outline.first_use = std::min(outline.first_use, buffer.first_use);
    outline.last_use = std::max(outline.last_use, buffer.last_use);
    outline.size = std::max(outline.size, buffer.tie_offset + buffer.size);
  }
  return outlines;
}

PlacingOrder order_by(std::span<const Buffer> buffers, const Keys& keys) {
  PlacingOrder order;
  for (std::size_t i = 0; i < buffers.size(); ++i)
    if (buffers[i].tied_to == Buffer::kFree) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const Buffer &a = buffers[i], &b = buffers[j];
    if (keys.first(a) != keys.first(b)) return keys.first(a) > keys.first(b);
    return keys.second(a) > keys.second(b);
  });
  return order;
}

/// The best layout so far, and the order that gave it.
struct Found {
  Layout layout;
  PlacingOrder order;
};

Found try_orders(std::span<const Buffer> buffers, FirstFit& fit, std::int64_t bound) {
  Found best{.layout = {.offsets = {}, .size = kUnlimited}, .order = {}};
  const std::vector<Buffer> outlines = outlines_of(buffers);
  for (const Keys& keys : kOrders) {
    PlacingOrder order = order_by(outlines, keys);
    if (fit.place(order, best.layout.size - 1) >= best.layout.size) continue;
    best = {.layout = fit.layout(), .order = std::move(order)};
    if (best.layout.size <= bound) break;
  }
  return best;
}

/// The place in the order of one of the buffers that end, with what is tied to them, at the top.
std::size_t pick_top(std::span<const Buffer> outlines, const Found& found, std::mt19937& random) {
  std::vector<std::size_t> tops;
  for (std::size_t k = 0; k < found.order.size(); ++k) {
    const std::size_t i = found.order[k];
    if (outlines[i].size > 0 && found.layout.offsets[i] + outlines[i].size == found.layout.size)
      tops.push_back(k);
  }
  return tops[random() % tops.size()];
}

/// Moves what makes the top to an earlier place in the order, and now and then another buffer; what
/// is not worse is kept, so that plateaus are crossed.
void improve(std::span<const Buffer> buffers, FirstFit& fit, Found& best, std::int64_t bound) {
  const auto n = static_cast<std::int64_t>(buffers.size());
  const std::vector<Buffer> outlines = outlines_of(buffers);
  std::mt19937 random(1);  // the same on every machine: only its raw numbers are used
  for (auto left = std::min(kImprovementSteps / (n * n), kMostTrials); left > 0; --left) {
    if (best.layout.size <= bound) return;
    PlacingOrder order = best.order;
    std::size_t from = pick_top(outlines, best, random);
    if (from == 0 || random() % 4 == 0) from = random() % order.size();
    const std::size_t to = random() % (from + 1);
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(to),
                order.begin() + static_cast<std::ptrdiff_t>(from),
                order.begin() + static_cast<std::ptrdiff_t>(from) + 1);
    if (fit.place(order, best.layout.size) > best.layout.size) continue;
    best = {.layout = fit.layout(), .order = std::move(order)};
  }
}

Layout search(std::span<const Buffer> buffers, std::span<const Overlap> overlaps) {
  const std::int64_t bound = lower_bound(buffers, overlaps);
  if (bound == 0) return {.offsets = std::vector<std::int64_t>(buffers.size()), .size = 0};
  FirstFit fit(buffers, overlaps);
  Found best = try_orders(buffers, fit, bound);
  improve(buffers, fit, best, bound);
  return overlaps.empty() ? search_exactly(buffers, std::move(best.layout), bound)
                          : std::move(best.layout);
}

}  // namespace

Result<Layout> place(std::span<const Buffer> buffers, std::span<const Overlap> overlaps,
                     std::int64_t capacity) {
  Layout layout = search(buffers, overlaps);
  if (layout.size > capacity)
    return fail(ErrorCode::kOutOfMemory,
                cat("the plan needs ", layout.size, " B, the arena has ", capacity, " B"));
  return layout;
}

}  // namespace mote::plan
