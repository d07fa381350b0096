#pragma once

#include "mote/core/base/fixed_point.h"
#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

template <class A>
concept FullyConnectedAttributes = requires(A a) {
  a.input_offset;
  a.filter_offset;
  a.output_offset;
  a.act_min;
  a.act_max;
};

/// out[b][u] = act(requantize(bias[u] + sum_d (in[b][d] + input_offset) * filter[u][d])).
///
///   in      [batch, depth]  s8
///   filter  [units, depth]  s8, symmetric
///   rescale [units]         bias (s32, scale = in * filter), multiplier (Q31), shift (power of
///   two) out     [batch, units]  s8, must not overlap `in`
///
/// Cannot fail: shapes were checked when the program was made.
template <class Isa, FullyConnectedAttributes Attrs, class In, class Filter, class Out>
void fully_connected_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                        TensorView<const int8_t, Filter> filter, const Rescale& rescale,
                        TensorView<int8_t, Out> out) {
  const int batch = in.shape[0], depth = in.shape[1], units = filter.shape[0];
  for (int b = 0; b < batch; ++b)
    for (int u = 0; u < units; ++u) {
      const int32_t acc = rescale.bias[u] + Isa::dot_s8(in.data + b * depth, attrs.input_offset,
                                                        filter.data + u * depth, depth);
      const int32_t y = requantize(acc, rescale.multiplier[u], rescale.shift[u]);
      out.data[b * units + u] = static_cast<int8_t>(
          clamp<int32_t>(y + attrs.output_offset, attrs.act_min, attrs.act_max));
    }
}

}  // namespace mote::kernels
