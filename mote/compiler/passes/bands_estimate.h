#pragma once

#include <cstdint>
#include <vector>

#include "mote/compiler/passes/bands_schedule.h"

namespace mote::passes {

/// Bytes of tensors that are alive while a graph runs, as a guess before there are calls and a
/// plan: a node that reads a tensor for the last time is taken to write over it.
class LiveBytes {
 public:
  /// `writes_over`: a node that reads rows for the last time writes over them; else it never does.
  /// The truth is in between.
  LiveBytes(const graph::Graph& graph, bool writes_over);

  /// During each node.
  const std::vector<std::int64_t>& during() const { return during_; }
  /// The node during which most are alive; the first of several.
  std::size_t peak() const;

  /// The most that are alive where a region runs in bands.
  std::int64_t peak_with(const Schedule& schedule) const;

 private:
  /// Alive during a region, and not of it.
  std::int64_t beside(const Schedule& schedule) const;

  struct Life {
    int first = 0, last = -1;  // nodes; the network's inputs begin at -1, outputs end behind all
    std::int64_t bytes = 0;
  };
  const graph::Graph& graph_;
  bool writes_over_;
  std::vector<Life> lives_;  // by tensor
  std::vector<std::int64_t> during_;
};

}  // namespace mote::passes
