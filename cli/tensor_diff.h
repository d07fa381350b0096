#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "mote/core/base/dtype.h"

namespace mote::cli {

/// How two tensors of the same type and size differ.
struct TensorDiff {
  std::int64_t differing = 0;  ///< elements
  std::int64_t bytes = 0;      ///< bytes
  std::int64_t first = -1;     ///< the first differing element
  std::string left, right;     ///< that element on both sides
  double largest = 0;          ///< of |left - right|; infinite where one is NaN
};

/// Compares element by element: integers exactly; floats bit by bit where `tolerance` is 0, else
/// within `tolerance` times the largest finite magnitude on the left.
TensorDiff diff_tensors(DType type, std::span<const std::byte> left,
                        std::span<const std::byte> right, double tolerance);

}  // namespace mote::cli
