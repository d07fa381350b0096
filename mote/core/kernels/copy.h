#pragma once

#include "mote/core/base/tensor_view.h"

namespace mote::kernels {

/// out[i] = in[i]
///
///   in, out  [n]  s8: any bytes; must not overlap
template <class Isa, class Attrs, class In, class Out>
void copy_s8(const Attrs&, TensorView<const int8_t, In> in, TensorView<int8_t, Out> out) {
  for (int i = 0; i < in.shape[0]; ++i) out.data[i] = in.data[i];
}

}  // namespace mote::kernels
