#pragma once

#include <vector>

#include "mote/compiler/onnx/importer.h"

/// What convolutions and pools have in common: a window that moves over an image, or over a signal,
/// which is an image of one row.
namespace mote::onnx {

/// A window along one axis.
struct Window {
  int taps = 1, stride = 1, dilation = 1, before = 0, after = 0;
  int in = 1, out = 1;  ///< elements along the axis

  int reach() const { return (taps - 1) * dilation + 1; }
};

/// Of an image [N, C, H, W], or of a signal [N, C, L] as an image of one row.
struct Windows {
  Window high, wide;
  bool is_signal = false;
};

/// What the node says of its window; `taps` are those of the weights, empty: kernel_shape's.
Result<Windows> windows_of(const Node& node, const std::vector<int>& in_dims,
                           const std::vector<int>& taps = {});

/// The value as an image [N, H, W, C] in memory. @returns kUnsupported for other ranks.
Result<int> image_of(Importer& to, const Value& value);
/// Says that the node's output is this image, of so many channels.
void set_image(Importer& to, const Node& node, int tensor, const Windows& windows, int batch,
               int channels);

/// How TensorFlow Lite is told of the borders.
enum class Padding : std::uint8_t { kSame = 0, kValid = 1, kNone };
/// kNone: its two words do not say it, so that the image must be padded.
Padding padding_of(const Windows& windows);
/// The image with the borders around it, filled with a number.
int padded(Importer& to, int image, const Windows& windows, float fill);

/// strides, dilations and padding as TensorFlow Lite has them.
graph::Attributes attributes_of(const Windows& windows, Padding padding);

}  // namespace mote::onnx
