#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

namespace mote::isa {

/// Plain C++: the specification that every other instruction set is tested against.
struct Scalar {
  /// sum_i (a[i] + a_offset) * b[i]
  static MOTE_INLINE int32_t dot_s8(const int8_t* a, int32_t a_offset, const int8_t* b, int n) {
    int32_t sum = 0;
    for (int i = 0; i < n; ++i) sum += (a[i] + a_offset) * b[i];
    return sum;
  }
};

}  // namespace mote::isa
