#pragma once

#include <string>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::ops {

/// How a filter moves over an image, along both axes.
struct Window {
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_left = 0;
  int out_h = 0, out_w = 0;
};

/// Works out padding and output size from a node's "padding", "stride_h", "stride_w" and dilation
/// factors, as TensorFlow Lite does: SAME splits an odd padding so that the end gets the larger
/// half. Where a pass has set "pad_top", "pad_bottom" or "pad_left" and "pad_right", they hold
/// instead.
///
/// @returns kBadInput for strides or dilations below 1, an unknown padding, or a filter that does
/// not fit the image.
Result<Window> window_of(const graph::Node& node, int height, int width, int filter_h,
                         int filter_w);

/// Attributes of a convolution, with where its filter goes.
template <class Attrs>
Attrs with_window(Attrs attrs, const Window& window) {
  attrs.stride_h = window.stride_h;
  attrs.stride_w = window.stride_w;
  attrs.dilation_h = window.dilation_h;
  attrs.dilation_w = window.dilation_w;
  attrs.pad_top = window.pad_top;
  attrs.pad_left = window.pad_left;
  return attrs;
}

}  // namespace mote::ops
