#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"

/// What is known of a graph's values before it runs: shapes, and a few whole numbers, such as a
/// loop's counters and the places that they are turned into.
namespace mote::passes {

/// Whole numbers or truth values.
struct Numbers {
  DType type = DType::kInt32;  ///< kInt32, kInt64 or kBool
  std::vector<int> shape;
  std::vector<std::int64_t> values;
};
inline constexpr std::int64_t kMostNumbers = 64;  ///< more are no counters and no shapes

/// The numbers of a constant; nothing where it is none, too large or of another type.
std::optional<Numbers> numbers_of(const graph::Tensor& tensor);
/// Their bytes, as a constant has them.
std::vector<std::byte> bytes_of(const Numbers& numbers);

/// What is known of a node's input.
struct Known {
  const std::vector<int>* shape = nullptr;  ///< nullptr: the input is left out
  const Numbers* numbers = nullptr;         ///< nullptr: known only when the model runs
};
using Shapes = std::vector<std::vector<int>>;

/// How many elements a shape has; of shapes that say more, no more than 2^32, which no tensor has.
std::int64_t count_of(const std::vector<int>& shape);

/// What SLICE and STRIDED_SLICE take along one dimension.
struct Part {
  std::int64_t start = 0, count = 0, stride = 1;
  bool is_dropped = false;  ///< the output does not have this dimension

  bool is_all_of(int extent) const {
    return start == 0 && count == extent && stride == 1 && !is_dropped;
  }
};
/// One for each dimension of the input; nothing where they are not known, or contradict it. A count
/// may be 0.
std::optional<std::vector<Part>> parts_of(const graph::Node& node, std::span<const Known> inputs);

/// The shapes of the node's outputs, as far as its inputs say; `declared` where they do not, or
/// where the operator is one whose outputs' shapes every file has.
Shapes shapes_of(const graph::Node& node, std::span<const Known> inputs, Shapes declared);

/// What the node computes from numbers: arithmetic, comparisons, and what moves numbers about.
///
///   shape  of its output
///
/// Numbers wrap around where they do not fit their type, as they do when a model runs.
///
/// @returns nothing where an input is not known, or it is another operator.
std::optional<Numbers> numbers_from(const graph::Node& node, std::span<const Known> inputs,
                                    DType type, const std::vector<int>& shape);

}  // namespace mote::passes
