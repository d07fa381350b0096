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

/// How a row is quantised: q = round(x * inverse + zero_point).
struct RowQuantization {
  float scale, inverse;
  int32_t zero_point;
};

MOTE_INLINE RowQuantization symmetric_quantization(const Range& range) {
  const float largest = max_of(fabsf(range.low), fabsf(range.high));
  return {.scale = largest == 0 ? 1 : largest / 127,
          .inverse = largest == 0 ? 0 : 127 / largest,
          .zero_point = 0};
}

MOTE_INLINE RowQuantization asymmetric_quantization(const Range& range) {
  const double low = double{min_of(0.0f, range.low)}, high = double{max_of(0.0f, range.high)};
  if (low == high) return {.scale = 1, .inverse = 0, .zero_point = 0};
  // Of the two zero points that the ends of the range suggest, the one with less rounding error.
  const double step = (high - low) / 255;
  const double from_low = -128 - low / step, from_high = 127 - high / step;
  const double zero = 128 - low / step < 127 + high / step ? from_low : from_high;
  const auto scale = static_cast<float>(step);
  return {.scale = scale,
          .inverse = 1.0f / scale,
          .zero_point = zero <= -128  ? -128
                        : zero >= 127 ? 127
                                      : static_cast<int32_t>(zero < 0 ? zero - 0.5 : zero + 0.5)};
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
    const auto by = internal::symmetric_quantization(internal::range_of(x, n));
    zero_point.data[r] = by.zero_point;
    scale.data[r] = by.scale;
    for (int i = 0; i < n; ++i) q[i] = internal::round_to_s8(x[i] * by.inverse, -127, 127);
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
    const auto by = internal::asymmetric_quantization(internal::range_of(x, n));
    zero_point.data[r] = by.zero_point;
    scale.data[r] = by.scale;
    const auto offset = static_cast<float>(by.zero_point);
    for (int i = 0; i < n; ++i) q[i] = internal::round_to_s8(offset + x[i] * by.inverse, -128, 127);
  }
}

}  // namespace mote::kernels
