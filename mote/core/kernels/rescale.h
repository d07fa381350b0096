#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

/// How accumulators become outputs: the last step of every convolution and matrix product.
namespace mote::kernels {

template <class A>
concept QuantizedOutput = requires(A a) {
  a.output_offset;
  a.act_min;
  a.act_max;
};

/// act(requantize(acc + bias[channel]) + output_offset)
///
///   T    int8_t or int16_t
///   Acc  int32_t: two roundings; int64_t: the reference's way with wide accumulators
template <class T, QuantizedOutput Attrs, class Acc>
MOTE_INLINE T rescale(const Attrs& attrs, Acc acc, const BasicRescale<Acc>& by, int channel) {
  const int32_t y =
      requantize(wrapping_add(acc, by.bias[channel]), by.multiplier[channel], by.shift[channel]);
  return static_cast<T>(
      clamp<int32_t>(wrapping_add(y, attrs.output_offset), attrs.act_min, attrs.act_max));
}

/// Instruction sets that rescale several channels of 64-bit sums at a time.
template <class Isa>
concept RescalesWideSums = requires {
  Isa::kRescalesWideSums;
};

/// The same with 16 bits out for `count` channels from `channel` on: out[i] of acc[i]. Sums of 32
/// bits may have a bias of 64.
template <class Isa, QuantizedOutput Attrs, class Acc, class Bias>
MOTE_INLINE void rescale_channels(const Attrs& attrs, const Acc* acc, const BasicRescale<Bias>& by,
                                  int channel, int count, int16_t* out) {
  int i = 0;
  if constexpr (RescalesWideSums<Isa> && sizeof(Bias) == sizeof(int64_t))
    i = Isa::rescale_wide(attrs, acc, by.bias + channel, by.multiplier + channel,
                          by.shift + channel, out, count);
  for (; i < count; ++i)
    out[i] = rescale<int16_t>(attrs, static_cast<Bias>(acc[i]), by, channel + i);
}

template <class A>
concept FloatOutput = requires(A a) {
  a.act_min;
  a.act_max;
};

/// act(x)
template <FloatOutput Attrs>
MOTE_INLINE float activate(const Attrs& attrs, float x) {
  return clamp<float>(x, attrs.act_min, attrs.act_max);
}

}  // namespace mote::kernels
