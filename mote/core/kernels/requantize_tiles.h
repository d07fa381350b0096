#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

/// Element-wise kernels whose rescaling an instruction set does by vectors.
namespace mote::kernels::internal {

/// Elements that are computed at a time; loops over so many become vectors.
inline constexpr int kElementTile = 32;

/// Whether a and b are as large as out, so that nothing is repeated.
template <class A, class B, class Out>
MOTE_INLINE bool is_elementwise(const A& a, const B& b, const Out& out) {
  const int n = volume(out);
  return volume(a) == n && volume(b) == n;
}

/// The front of out[i] = clamp(x + offset, low, high), where sums(first, x) makes kElementTile x.
/// @returns how many were computed.
template <class T, class Sums>
MOTE_INLINE int clamp_tiles(T* out, int n, int32_t offset, int32_t low, int32_t high, Sums sums) {
  int i = 0;
  for (; i + kElementTile <= n; i += kElementTile) {
    int32_t x[kElementTile];
    T y[kElementTile];  // of its own: stores to `out` could change anything
    sums(i, x);
    for (int j = 0; j < kElementTile; ++j)
      y[j] = static_cast<T>(clamp<int32_t>(wrapping_add(x[j], offset), low, high));
    __builtin_memcpy(out + i, y, sizeof y);
  }
  return i;
}

}  // namespace mote::kernels::internal
