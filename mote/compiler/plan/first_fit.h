#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/compiler/plan/plan.h"

/// What place() is made of.
namespace mote::plan {

/// Indices of buffers, in the order in which they are placed; tied ones go with what they are tied
/// to.
using PlacingOrder = std::vector<std::size_t>;

/// Places buffers one after another, each at the lowest gap that fits. O(n^2).
class FirstFit {
 public:
  explicit FirstFit(std::span<const Buffer> buffers, std::span<const Overlap> overlaps = {});

  /// Gives up as soon as the layout would need more than `most` bytes.
  /// @returns the bytes needed; more than `most` where it gave up
  std::int64_t place(const PlacingOrder& order, std::int64_t most);
  /// Where the last place() put everything; only what it did not give up.
  const Layout& layout() const { return layout_; }

 private:
  struct Block {
    std::int64_t begin, end;
    int first_use, last_use;
    std::size_t buffer;
  };
  /// A buffer that another one may overlap.
  struct Partner {
    std::size_t other;
    std::int64_t lead;
    bool other_reads;  ///< else the other one is the writer
  };
  const Partner* partner(std::size_t i, std::size_t other) const;
  std::int64_t lowest_gap(std::size_t i, std::int64_t from) const;
  std::int64_t lowest_gap_for_all(std::size_t first) const;
  void put(std::size_t i, std::int64_t offset);

  std::span<const Buffer> buffers_;
  std::vector<std::vector<std::size_t>> followers_;  // what is tied to each; empty: nothing is
  std::vector<std::vector<Partner>> partners_;       // of each; empty: nothing overlaps
  std::vector<Block> placed_;                        // by begin
  Layout layout_;
};

/// Searches all layouts of at most 64 buffers, none of them tied, for a smaller one than `best`,
/// for a fixed number of steps. Ends early at `bound` bytes.
/// @returns the smallest layout found, maybe `best`
Layout search_exactly(std::span<const Buffer> buffers, Layout best, std::int64_t bound);

}  // namespace mote::plan
