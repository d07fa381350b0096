#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

/// Which elements of the input make one of the output: out is dense over the kept axes, and each
/// of its elements sees the input at i . kept_strides + j . reduced_strides for all j < reduced.
/// Neighbouring axes of a kind are one, so three of each suffice for rank 6.
template <class A>
concept ReduceAttributes = requires(A a) {
  a.kept[2];
  a.kept_strides[2];
  a.reduced[2];
  a.reduced_strides[2];
};
template <class A>
concept ReduceExtremeAttributes = ReduceAttributes<A> && requires(A a) {
  a.is_max;
};
template <class A>
concept ReduceSumAttributes = ReduceAttributes<A> && requires(A a) {
  a.divisor;
};
template <class A>
concept ReduceSumQuantizedAttributes = ReduceAttributes<A> && requires(A a) {
  a.sum_offset;
  a.multiplier;
  a.shift;
  a.output_offset;
};

namespace detail {

/// Folds, in row-major order, all that one element of the output sees.
template <class Attrs, class T, class Accumulator, class Add>
MOTE_INLINE Accumulator reduce_one(const Attrs& a, const T* in, Accumulator acc, Add add) {
  for (int j0 = 0; j0 < a.reduced[0]; ++j0)
    for (int j1 = 0; j1 < a.reduced[1]; ++j1) {
      const T* row = in + j0 * a.reduced_strides[0] + j1 * a.reduced_strides[1];
      for (int j2 = 0; j2 < a.reduced[2]; ++j2) acc = add(acc, row[j2 * a.reduced_strides[2]]);
    }
  return acc;
}

/// Calls reduce(first element seen) for each element of the output in its order.
template <class Attrs, class T, class U, class Reduce>
MOTE_INLINE void for_each_kept(const Attrs& a, const T* in, U* out, Reduce reduce) {
  for (int i0 = 0; i0 < a.kept[0]; ++i0)
    for (int i1 = 0; i1 < a.kept[1]; ++i1) {
      const T* row = in + i0 * a.kept_strides[0] + i1 * a.kept_strides[1];
      for (int i2 = 0; i2 < a.kept[2]; ++i2) *out++ = reduce(row + i2 * a.kept_strides[2]);
    }
}

/// act(requantize(sum - count * zero point)); the sum wraps around as the reference's does.
template <class T, class Attrs>
MOTE_INLINE void reduce_sum_quantized(const Attrs& attrs, const T* in, T* out) {
  constexpr int32_t kMax = static_cast<int32_t>((1u << (8 * sizeof(T) - 1)) - 1);
  for_each_kept(attrs, in, out, [&](const T* first) {
    const uint32_t sum =
        reduce_one(attrs, first, static_cast<uint32_t>(attrs.sum_offset),
                   [](uint32_t s, T x) { return s + static_cast<uint32_t>(int32_t{x}); });
    const int32_t y = requantize(static_cast<int32_t>(sum), attrs.multiplier, attrs.shift);
    return static_cast<T>(clamp<int32_t>(y + attrs.output_offset, -kMax - 1, kMax));
  });
}

template <class T, class Attrs>
MOTE_INLINE void reduce_extreme(const Attrs& attrs, const T* in, T* out, T lowest, T highest) {
  for_each_kept(attrs, in, out, [&](const T* first) {
    if (attrs.is_max)
      return reduce_one(attrs, first, lowest, [](T best, T x) { return x > best ? x : best; });
    return reduce_one(attrs, first, highest, [](T best, T x) { return x < best ? x : best; });
  });
}

}  // namespace detail

/// MEAN and SUM: out = requantize(sum_offset + sum of in) + output_offset, saturated.
///
///   in   [n]  s8
///   out  [m]  s8, m = the product of `kept`; must not overlap `in`
///
/// sum_offset takes the zero points away; a mean's division is in the multiplier.
template <class Isa, ReduceSumQuantizedAttributes Attrs, class In, class Out>
void reduce_sum_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                   TensorView<int8_t, Out> out) {
  detail::reduce_sum_quantized(attrs, in.data, out.data);
}

/// The same for s16.
template <class Isa, ReduceSumQuantizedAttributes Attrs, class In, class Out>
void reduce_sum_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                    TensorView<int16_t, Out> out) {
  detail::reduce_sum_quantized(attrs, in.data, out.data);
}

/// The same for f32: summed in the input's order, then divided by `divisor`.
template <class Isa, ReduceSumAttributes Attrs, class In, class Out>
void reduce_sum_f32(const Attrs& attrs, TensorView<const float, In> in,
                    TensorView<float, Out> out) {
  detail::for_each_kept(attrs, in.data, out.data, [&](const float* first) {
    return detail::reduce_one(attrs, first, 0.0f, [](float s, float x) { return s + x; }) /
           attrs.divisor;
  });
}

/// REDUCE_MAX and REDUCE_MIN.
///
///   in   [n]  s8
///   out  [m]  s8, same scale, m = the product of `kept`; must not overlap `in`
template <class Isa, ReduceExtremeAttributes Attrs, class In, class Out>
void reduce_extreme_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<int8_t, Out> out) {
  detail::reduce_extreme<int8_t>(attrs, in.data, out.data, -128, 127);
}

/// The same for f32; what is not a number loses to any number.
template <class Isa, ReduceExtremeAttributes Attrs, class In, class Out>
void reduce_extreme_f32(const Attrs& attrs, TensorView<const float, In> in,
                        TensorView<float, Out> out) {
  constexpr float kLargest = 0x1.fffffep127f;
  detail::reduce_extreme<float>(attrs, in.data, out.data, -kLargest, kLargest);
}

}  // namespace mote::kernels
