#pragma once

#include "mote/core/kernels/broadcast.h"

namespace mote::kernels {

/// out[i] = table[the byte in[i]]: every element-wise function of one 8-bit tensor.
///
///   in, out  [n]    8 bits, signed or not; may be the same memory
///   table    [256]  the entry of element x stands at x's byte: -1 at 255
template <class Isa, class Attrs, class In, class Table, class Out>
void lookup_s8(const Attrs&, TensorView<const int8_t, In> in, TensorView<const int8_t, Table> table,
               TensorView<int8_t, Out> out) {
  map(in, out, [&](int8_t x) { return table.data[static_cast<uint8_t>(x)]; });
}

}  // namespace mote::kernels
