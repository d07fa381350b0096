#pragma once

#include "mote/core/base/extents.h"

namespace mote {

/// Elements in memory that somebody else owns, and their shape: row-major, dense.
///
/// `Shape` is Extents (interpreter) or StaticExtents<...> (emitted code); kernels cannot tell.
template <class T, class Shape = Extents>
struct TensorView {
  T* data;
  [[no_unique_address]] Shape shape;
};

/// A view of statically known shape: `view<1, 640>(arena)`.
template <int... Dims, class T>
constexpr TensorView<T, StaticExtents<Dims...>> view(T* data) {
  return {data, {}};
}

/// How a convolution's or matrix product's 32-bit accumulators become 8-bit outputs, a channel
/// each: out = requantize(acc + bias[c], multiplier[c], shift[c]). Three arrays of `channels`
/// entries.
///
///   bias        scale = input scale * filter scale of the channel
///   multiplier  Q31, in [2^30, 2^31) or 0
///   shift       power of two; positive shifts left, in [-31, 30]
template <class Bias>
struct BasicRescale {
  const Bias* bias;
  const int32_t* multiplier;
  const int32_t* shift;
};
using Rescale = BasicRescale<int32_t>;
/// The same for 16-bit activations, whose accumulators have 64 bits.
using Rescale64 = BasicRescale<int64_t>;

}  // namespace mote
