#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// In which order to compute. Knows steps and buffers, not operators.
namespace mote::plan {

/// A step of a computation, seen only as what it does to memory.
struct Step {
  std::vector<int> reads, writes;  ///< buffers, each at most once a list; scratch is written
};

/// A computation whose steps may change places as long as every read sees the same write.
struct Work {
  struct Memory {
    std::int64_t size = 0;
    bool from_start = false;  ///< alive before the first step: inputs, state
    bool to_end = false;      ///< alive after the last step: outputs, state
  };
  std::vector<Memory> buffers;
  std::vector<Step> steps;
};

/// The most bytes alive at once when the steps run in this order.
std::int64_t peak_of(const Work& work, std::span<const int> order);

/// An order of the steps with a smaller peak than the given one has, if it finds one; else the
/// given one: 0, 1, 2...
///
/// Writes of a buffer, and what reads it between them, keep their order. A beam search whose width
/// falls with the number of steps: exact for small or narrow computations, greedy for large ones;
/// at most some ten million steps of its own. The same work gives the same order.
std::vector<int> find_order(const Work& work);

}  // namespace mote::plan
