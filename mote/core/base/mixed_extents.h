#pragma once

#include "mote/core/base/tensor_view.h"

namespace mote {

/// Stands for a dimension that is known only when the program runs.
inline constexpr int kDynamic = -1;

/// A shape of which some dimensions are known when the kernel is compiled, and the others,
/// kDynamic, when the program runs: emitted code's, where calls share a kernel. Holds those others
/// in order.
template <int... Dims>
struct MixedExtents {
  static constexpr int rank = static_cast<int>(sizeof...(Dims));
  int dynamic[(int{Dims == kDynamic} + ...)];

  constexpr int operator[](int axis) const {
    constexpr int kDims[] = {Dims...};
    if (kDims[axis] != kDynamic) return kDims[axis];
    int before = 0;
    for (int i = 0; i < axis; ++i) before += kDims[i] == kDynamic;
    return dynamic[before];
  }
};

/// A view of any shape: `view(data, shape)`.
template <class T, class Shape>
constexpr TensorView<T, Shape> view(T* data, const Shape& shape) {
  return {data, shape};
}

}  // namespace mote
