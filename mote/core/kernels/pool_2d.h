#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

template <class A>
concept Pool2DAttributes = requires(A a) {
  a.stride_h;
  a.stride_w;
  a.filter_h;
  a.filter_w;
  a.pad_top;
  a.pad_left;
  a.act_min;
  a.act_max;
};

namespace detail {

/// Divides sums by how many elements they are of, at most 2^12 without a division: for n count <
/// 2^40, floor(n / count) = n ceil(2^40 / count) >> 40 (Granlund and Montgomery, "Division by
/// Invariant Integers using Multiplication", 1994).
class Divider {
 public:
  explicit MOTE_INLINE Divider(int by)
      : count(by), reciprocal_(by <= kMost ? ((int64_t{1} << 40) + by - 1) / by : 0) {}
  const int count;

  /// floor(n / count), n >= 0.
  MOTE_INLINE int32_t operator()(int32_t n) const {
    return reciprocal_ ? static_cast<int32_t>(n * reciprocal_ >> 40) : n / count;
  }

 private:
  static constexpr int kMost = 1 << 12;
  int64_t reciprocal_;
};

/// The mean, rounded halves away from zero.
template <class T>
struct IntegerAverage {
  using Accumulator = int32_t;
  static constexpr int32_t kInitial = 0;
  static MOTE_INLINE int32_t add(int32_t sum, T x) { return sum + x; }
  static MOTE_INLINE int32_t finish(int32_t sum, const Divider& by) {
    return sum > 0 ? by(sum + by.count / 2) : -by(by.count / 2 - sum);
  }
};

/// The mean of s8 that stand for u8 less 128, rounded as u8: halves upwards.
struct HalfUpAverage {
  using Accumulator = int32_t;
  static constexpr int32_t kInitial = 0;
  static MOTE_INLINE int32_t add(int32_t sum, int8_t x) { return sum + x; }
  static MOTE_INLINE int32_t finish(int32_t sum, const Divider& by) {
    return by(sum + 128 * by.count + by.count / 2) - 128;  // what is divided is not negative
  }
};

struct FloatAverage {
  using Accumulator = float;
  static constexpr float kInitial = 0;
  static MOTE_INLINE float add(float sum, float x) { return sum + x; }
  static MOTE_INLINE float finish(float sum, const Divider& by) {
    return sum / static_cast<float>(by.count);
  }
};

template <class T>
struct IntegerMaximum {
  using Accumulator = int32_t;
  static constexpr int32_t kInitial = -(1 << (8 * sizeof(T) - 1));
  static MOTE_INLINE int32_t add(int32_t largest, T x) { return max_of<int32_t>(largest, x); }
  static MOTE_INLINE int32_t finish(int32_t largest, const Divider&) { return largest; }
};

struct FloatMaximum {
  using Accumulator = float;
  static constexpr float kInitial = -0x1.fffffep127f;
  static MOTE_INLINE float add(float largest, float x) { return max_of(largest, x); }
  static MOTE_INLINE float finish(float largest, const Divider&) { return largest; }
};

/// The part of a window that lies within the input: padding takes no part in any pooling.
struct Window {
  int y0, y1, x0, x1;
  MOTE_INLINE int count() const { return (y1 - y0) * (x1 - x0); }
};

/// Pools a few neighbouring channels at a time, so that memory is read in its order.
template <class Pool, class T, class Attrs, class In, class Out>
MOTE_INLINE void pool_pixel(const Attrs& attrs, const Window& w, const T* image, const In& shape,
                            const Out& out_shape, T* out) {
  constexpr int kTile = 16;
  const int channels = out_shape[3];
  const Divider by(w.count());
  for (int c0 = 0; c0 < channels; c0 += kTile) {
    const int tile = min_of(kTile, channels - c0);
    typename Pool::Accumulator acc[kTile];
    for (int c = 0; c < kTile; ++c) acc[c] = Pool::kInitial;
    const auto add = [&](int count) {
      for (int y = w.y0; y < w.y1; ++y)
        for (int x = w.x0; x < w.x1; ++x) {
          const T* in = image + (y * shape[2] + x) * channels + c0;
          for (int c = 0; c < count; ++c) acc[c] = Pool::add(acc[c], in[c]);
        }
    };
    // A constant number of channels keeps their accumulators in registers.
    if (tile == kTile)
      add(kTile);
    else
      add(tile);
    for (int c = 0; c < tile; ++c)
      out[c0 + c] = static_cast<T>(clamp<typename Pool::Accumulator>(Pool::finish(acc[c], by),
                                                                     attrs.act_min, attrs.act_max));
  }
}

template <class Pool, class T, class Attrs, class In, class Out>
MOTE_INLINE void pool_2d(const Attrs& attrs, TensorView<const T, In> in, TensorView<T, Out> out) {
  const int height = in.shape[1], width = in.shape[2], channels = in.shape[3];
  T* target = out.data;
  for (int b = 0; b < out.shape[0]; ++b)
    for (int y = 0; y < out.shape[1]; ++y)
      for (int x = 0; x < out.shape[2]; ++x) {
        const int top = y * attrs.stride_h - attrs.pad_top;
        const int left = x * attrs.stride_w - attrs.pad_left;
        const Window window = {max_of(top, 0), min_of(top + attrs.filter_h, height),
                               max_of(left, 0), min_of(left + attrs.filter_w, width)};
        pool_pixel<Pool>(attrs, window, in.data + b * height * width * channels, in.shape,
                         out.shape, target);
        target += channels;
      }
}

}  // namespace detail

/// out[b][y][x][c] = act(round(mean of the window's elements that lie within the input)).
///
///   in   [batch, height, width, channels]        s8
///   out  [batch, out_height, out_width, channels]  s8, same scale, must not overlap `in`
///
/// Cannot fail: every window was checked to touch the input when the program was made.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void average_pool_2d_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                        TensorView<int8_t, Out> out) {
  detail::pool_2d<detail::IntegerAverage<int8_t>>(attrs, in, out);
}

/// The same with halves rounded upwards, as the reference does on u8: for networks whose u8 became
/// s8 by taking 128 away. At most 2^23 - 1 elements a window.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void average_pool_2d_s8_half_up(const Attrs& attrs, TensorView<const int8_t, In> in,
                                TensorView<int8_t, Out> out) {
  detail::pool_2d<detail::HalfUpAverage>(attrs, in, out);
}

/// The same for s16.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void average_pool_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                         TensorView<int16_t, Out> out) {
  detail::pool_2d<detail::IntegerAverage<int16_t>>(attrs, in, out);
}

/// The same for f32: summed row by row, then divided.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void average_pool_2d_f32(const Attrs& attrs, TensorView<const float, In> in,
                         TensorView<float, Out> out) {
  detail::pool_2d<detail::FloatAverage>(attrs, in, out);
}

/// out[b][y][x][c] = act(the largest of the window's elements that lie within the input); shapes
/// as for the average.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void max_pool_2d_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<int8_t, Out> out) {
  detail::pool_2d<detail::IntegerMaximum<int8_t>>(attrs, in, out);
}

/// The same for s16.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void max_pool_2d_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                     TensorView<int16_t, Out> out) {
  detail::pool_2d<detail::IntegerMaximum<int16_t>>(attrs, in, out);
}

/// The same for f32; the smallest finite number where the window has nothing larger.
template <class Isa, Pool2DAttributes Attrs, class In, class Out>
void max_pool_2d_f32(const Attrs& attrs, TensorView<const float, In> in,
                     TensorView<float, Out> out) {
  detail::pool_2d<detail::FloatMaximum>(attrs, in, out);
}

}  // namespace mote::kernels
