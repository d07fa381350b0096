#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/compiler/passes/columns.h"

/// Layers that run in bands of rows: which rows of each tensor a band makes and which it keeps.
namespace mote::passes {

/// Of each node, which rows of its inputs it needs for rows of its output; nothing where its rows
/// are not made of a few rows each, or where it is told so in another way than bands can change.
using RowRules = std::vector<std::optional<Rule>>;
RowRules row_rules_of(const graph::Graph& graph);

/// Nodes [first, last] of a graph, all with rules. Of what they write, only `exit` is read behind
/// them, and by none of them.
struct Region {
  std::size_t first = 0, last = 0;  ///< places in Graph::nodes
  int exit = -1;                    ///< the tensor that `last` writes
};

/// The region of these nodes; nothing where they are none.
std::optional<Region> region_of(const graph::Graph& graph, const RowRules& rules, std::size_t first,
                                std::size_t last);

/// The rows of one tensor that a region reads or writes, by band.
struct BandRows {
  bool is_entry = false;  ///< made outside of the region: all rows are there from the beginning
  /// The rows that are there after each band, from the first on; of an entry those that have been
  /// read.
  std::vector<int> end;
  /// The first row that this band or a later one reads; `end` of the last band where none does.
  std::vector<int> first;

  int begin(std::size_t band) const { return band == 0 ? 0 : end[band - 1]; }
  /// The first row that later bands read.
  int kept_from(std::size_t band) const {
    return band + 1 < first.size() ? first[band + 1] : end.back();
  }
};

struct Schedule {
  Region region;
  std::size_t bands = 0;
  std::vector<int> place;      ///< by tensor: its place in `rows`; -1: not of the region
  std::vector<BandRows> rows;  ///< of entries and of what the region's nodes write

  const BandRows* find(int tensor) const {
    const int i = place[static_cast<std::size_t>(tensor)];
    return i < 0 ? nullptr : &rows[static_cast<std::size_t>(i)];
  }
};

/// What each band makes where it brings `height` more rows of the exit: going backwards, just the
/// rows that those need, and that were not made before. No row is made twice.
///
/// @returns nothing where a band would have to make rows of nothing but border.
std::optional<Schedule> schedule_of(const graph::Graph& graph, const RowRules& rules,
                                    const Region& region, int height);

/// Bytes of a row of a tensor [1, rows, ...].
std::int64_t row_bytes(const graph::Tensor& tensor);

}  // namespace mote::passes
