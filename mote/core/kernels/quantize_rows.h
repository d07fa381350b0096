#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/math.h"
#include "mote/core/base/tensor_view.h"

/// The first half of every hybrid kernel (profile `litert_hybrid`): float activations become int8,
/// each row (an image, a vector) with a scale of its own.
///
///   in          [rows, n]  float
///   out         [rows, n]  s8
///   scale       [rows]     float
///   zero_point  [rows]     s32
namespace mote::kernels {

namespace internal {

struct Range {
  float low, high;
};

MOTE_INLINE Range range_of(const float* x, int n) {
  Range range{x[0], x[0]};
  for (int i = 1; i < n; ++i) {
    range.low = min_of(range.low, x[i]);
    range.high = max_of(range.high, x[i]);
  }
  return range;
}

/// round(x), halves away from zero, held within [low, high]; what is no number becomes `low`.
MOTE_INLINE int8_t round_to_s8(float x, float low, float high) {
  if (!(x > low)) return static_cast<int8_t>(low);
  return static_cast<int8_t>(roundf(min_of(x, high)));
}

}  // namespace internal

/// Zero point 0: x is about scale * q, q in [-127, 127], scale = max |x| / 127. A row of zeros has
/// scale 1.
template <class Isa, class Attrs, class In, class Out, class Rows>
void quantize_rows_symmetric_f32(const Attrs&, TensorView<const float, In> in,
                                 TensorView<int8_t, Out> out, TensorView<float, Rows> scale,
                                 TensorView<int32_t, Rows> zero_point) {
  const int rows = in.shape[0], n = in.shape[1];
  for (int r = 0; r < rows; ++r) {
    const float* x = in.data + r * n;
    int8_t* q = out.data + r * n;
    const internal::Range range = internal::range_of(x, n);
    const float largest = max_of(fabsf(range.low), fabsf(range.high));
    zero_point.data[r] = 0;
    scale.data[r] = largest == 0 ? 1 : largest / 127;
    const float inverse = largest == 0 ? 0 : 127 / largest;
    for (int i = 0; i < n; ++i) q[i] = internal::round_to_s8(x[i] * inverse, -127, 127);
  }
}

/// x is about scale * (q - zero_point), q in [-128, 127]; the range always contains 0, which is a
/// whole q. A row of zeros has scale 1.
template <class Isa, class Attrs, class In, class Out, class Rows>
void quantize_rows_asymmetric_f32(const Attrs&, TensorView<const float, In> in,
                                  TensorView<int8_t, Out> out, TensorView<float, Rows> scale,
                                  TensorView<int32_t, Rows> zero_point) {
  const int rows = in.shape[0], n = in.shape[1];
  for (int r = 0; r < rows; ++r) {
    const float* x = in.data + r * n;
    int8_t* q = out.data + r * n;
    const internal::Range range = internal::range_of(x, n);
    const double low = double{min_of(0.0f, range.low)}, high = double{max_of(0.0f, range.high)};
    if (low == high) {
      scale.data[r] = 1;
      zero_point.data[r] = 0;
      for (int i = 0; i < n; ++i) q[i] = 0;
      continue;
    }
    // Of the two zero points that the ends of the range suggest, the one with less rounding error.
    const double step = (high - low) / 255;
    const double from_low = -128 - low / step, from_high = 127 - high / step;
    const double zero = 128 - low / step < 127 + high / step ? from_low : from_high;
    zero_point.data[r] = zero <= -128  ? -128
                         : zero >= 127 ? 127
                                       : static_cast<int32_t>(zero < 0 ? zero - 0.5 : zero + 0.5);
    scale.data[r] = static_cast<float>(step);
    const float inverse = 1.0f / scale.data[r];
    const float offset = static_cast<float>(zero_point.data[r]);
    for (int i = 0; i < n; ++i) q[i] = internal::round_to_s8(offset + x[i] * inverse, -128, 127);
  }
}

}  // namespace mote::kernels
