#pragma once

#include "mote/core/base/fixed_point.h"

namespace mote::kernels {

template <class A>
concept WindowAttributes = requires(A a) {
  a.stride_h;
  a.stride_w;
  a.dilation_h;
  a.dilation_w;
  a.pad_top;
  a.pad_left;
};

/// The taps [first, end) of a filter that lie inside the image; none when first >= end.
struct Taps {
  int first, end;
};

/// Along one axis: tap k lies at origin + k * dilation.
MOTE_INLINE Taps taps_inside(int origin, int dilation, int taps, int size) {
  const int first = origin < 0 ? (dilation - 1 - origin) / dilation : 0;
  const int end = origin < size ? min_of(taps, (size - origin + dilation - 1) / dilation) : 0;
  return {first, end};
}

}  // namespace mote::kernels
