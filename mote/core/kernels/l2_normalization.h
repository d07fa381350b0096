#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/broadcast.h"

namespace mote::kernels {

template <class A>
concept L2NormalizationAttributes = requires(A a) {
  a.input_offset;
};

/// Each row divided by its Euclidean norm.
///
///   in   [rows, depth]  depth <= 32768, so that the squares fit
///   out  [rows, depth]  scale 1/128, zero point 0
template <class Isa, L2NormalizationAttributes Attrs, class In, class Out>
void l2_normalization_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                         TensorView<int8_t, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const int8_t* x = in.data + row * depth;
    int32_t sum = 0;
    for (int i = 0; i < depth; ++i)
      sum += (x[i] + attrs.input_offset) * (x[i] + attrs.input_offset);
    const auto [multiplier, shift] = inverse_square_root(sum);
    for (int i = 0; i < depth; ++i)
      out.data[row * depth + i] = static_cast<int8_t>(
          clamp<int32_t>(requantize(x[i] + attrs.input_offset, multiplier, shift + 7), -128, 127));
  }
}
template <class Isa, class Attrs, class In, class Out>
void l2_normalization_f32(const Attrs&, TensorView<const float, In> in,
                          TensorView<float, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const float* x = in.data + row * depth;
    float sum = 0;
    for (int i = 0; i < depth; ++i) sum += x[i] * x[i];
    const float norm = max_of(sqrtf(sum), 1e-6f);
    for (int i = 0; i < depth; ++i) out.data[row * depth + i] = x[i] / norm;
  }
}

}  // namespace mote::kernels
