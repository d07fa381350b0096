#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

namespace mote {

/// The largest number of dimensions a kernel sees; lowering collapses or refuses what has more.
inline constexpr int kMaxRank = 6;

/// A shape known when the program runs: the interpreter's. Row-major, the last dimension is dense.
struct Extents {
  int rank = 0;
  int dims[kMaxRank] = {};

  constexpr Extents() = default;
  template <class... Dims>
  constexpr explicit Extents(int first, Dims... rest)
      : rank(1 + static_cast<int>(sizeof...(rest))), dims{first, static_cast<int>(rest)...} {
    static_assert(sizeof...(rest) < kMaxRank);
  }
  constexpr int operator[](int axis) const { return dims[axis]; }
  friend constexpr bool operator==(const Extents& a, const Extents& b) {
    if (a.rank != b.rank) return false;
    for (int i = 0; i < a.rank; ++i)
      if (a.dims[i] != b.dims[i]) return false;
    return true;
  }
};

/// A shape known when the kernel is compiled: emitted code's. Takes no room, folds into constants.
template <int... Dims>
struct StaticExtents {
  static constexpr int rank = static_cast<int>(sizeof...(Dims));
  constexpr int operator[](int axis) const {
    constexpr int kDims[] = {Dims..., 0};
    return kDims[axis];
  }
};

/// Number of elements of a shape; 1 for a scalar.
template <class Shape>
MOTE_INLINE constexpr int volume(const Shape& shape) {
  int product = 1;
  for (int i = 0; i < shape.rank; ++i) product *= shape[i];
  return product;
}

}  // namespace mote
