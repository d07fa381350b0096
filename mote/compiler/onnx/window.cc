#include "mote/compiler/onnx/window.h"

#include <algorithm>

#include "mote/compiler/onnx/forms.h"
#include "mote/support/cat.h"

namespace mote::onnx {
namespace {

/// The attribute's numbers, as many as expected and within what a window can have.
Result<std::vector<int>> numbers(const Node& node, std::string_view name, std::size_t count,
                                 int fallback, int least) {
  constexpr std::int64_t kMost = 1 << 20;
  const Attribute* given = node.find(name);
  if (!given) return std::vector<int>(count, fallback);
  if (given->integers.size() != count)
    return bad_input(cat(name, " has ", given->integers.size(), " numbers, expected ", count));
  std::vector<int> list;
  for (std::int64_t number : given->integers) {
    if (number < least || number > kMost)
      return unsupported(cat(name, " is ", number, ", expected ", least, " to ", kMost));
    list.push_back(static_cast<int>(number));
  }
  return list;
}

/// Sets the borders and the outputs of one axis, as auto_pad or explicit pads say.
Result<void> measure(Window& window, const std::string& auto_pad, bool rounds_up) {
  const int reach = window.reach();
  if (auto_pad == "VALID") window.before = window.after = 0;
  if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") {
    window.out = (window.in + window.stride - 1) / window.stride;
    const int total = std::max(0, (window.out - 1) * window.stride + reach - window.in);
    window.before = auto_pad == "SAME_UPPER" ? total / 2 : total - total / 2;
    window.after = total - window.before;
    return {};
  }
  const int room = window.in + window.before + window.after - reach;
  if (room < 0)
    return bad_input(cat("its window of ", reach, " is larger than ", window.in,
                         " with borders of ", window.before, " and ", window.after));
  window.out = room / window.stride + 1;
  // One more that begins within the input or its first border.
  if (rounds_up && room % window.stride != 0 &&
      window.out * window.stride < window.in + window.before) {
    window.after += window.stride - room % window.stride;
    ++window.out;
  }
  return {};
}

}  // namespace

Result<Windows> windows_of(const Node& node, const std::vector<int>& in_dims,
                           const std::vector<int>& taps) {
  const std::size_t axes = in_dims.size() < 2 ? 0 : in_dims.size() - 2;
  if (axes != 1 && axes != 2)
    return unsupported(cat("its input is ", describe_dims(in_dims),
                           ", expected a signal [N, C, L] or an image [N, C, H, W]"));
  const auto kernel = numbers(node, "kernel_shape", axes, 0, 1);
  MOTE_TRY(kernel);
  const auto strides = numbers(node, "strides", axes, 1, 1);
  MOTE_TRY(strides);
  const auto dilations = numbers(node, "dilations", axes, 1, 1);
  MOTE_TRY(dilations);
  const auto pads = numbers(node, "pads", 2 * axes, 0, 0);
  MOTE_TRY(pads);
  Windows windows{.is_signal = axes == 1};
  for (std::size_t i = 0; i < axes; ++i) {
    Window& window = axes == 2 && i == 0 ? windows.high : windows.wide;
    window = {.taps = taps.empty() ? (*kernel)[i] : taps[i],
              .stride = (*strides)[i],
              .dilation = (*dilations)[i],
              .before = (*pads)[i],
              .after = (*pads)[axes + i],
              .in = in_dims[2 + i]};
    if (window.taps < 1) return bad_input("it has no kernel_shape");
    MOTE_TRY(measure(window, text(node, "auto_pad", "NOTSET"), integer(node, "ceil_mode", 0) != 0));
  }
  return windows;
}

Result<int> image_of(Importer& to, const Value& value) {
  const auto tensor = to.tensor_of(value, Layout::kChannelsLast);
  MOTE_TRY(tensor);
  if (value.rank() == 4) return tensor;
  if (value.rank() != 3)
    return unsupported(cat("its input is ", describe_dims(value.dims),
                           ", expected a signal [N, C, L] or an image [N, C, H, W]"));
  return to.reshape(*tensor, {value.dims[0], 1, value.dims[2], value.dims[1]});
}

void set_image(Importer& to, const Node& node, int tensor, const Windows& windows, int batch,
               int channels) {
  const int high = windows.high.out, wide = windows.wide.out;
  if (windows.is_signal)
    to.set(node.outputs[0], to.reshape(tensor, {batch, wide, channels}), {batch, channels, wide},
           Layout::kChannelsLast);
  else
    to.set(node.outputs[0], tensor, {batch, channels, high, wide}, Layout::kChannelsLast);
}

Padding padding_of(const Windows& windows) {
  bool is_same = true, is_valid = true;
  for (const Window* w : {&windows.high, &windows.wide}) {
    is_valid = is_valid && w->before == 0 && w->after == 0;
    const int out = (w->in + w->stride - 1) / w->stride;
    const int total = std::max(0, (out - 1) * w->stride + w->reach() - w->in);
    // Borders behind the last window are none.
    const int used = std::max(0, (w->out - 1) * w->stride + w->reach() - w->in - w->before);
    is_same = is_same && w->out == out && w->before == total / 2 && used == total - total / 2;
  }
  return is_valid ? Padding::kValid : is_same ? Padding::kSame : Padding::kNone;
}

int padded(Importer& to, int image, const Windows& windows, float fill) {
  const Window &high = windows.high, &wide = windows.wide;
  const std::vector<int> paddings = {0, 0, high.before, high.after, wide.before, wide.after, 0, 0};
  std::vector<int> dims = to.stored(image);
  dims[1] += high.before + high.after, dims[2] += wide.before + wide.after;
  const auto bytes = std::as_bytes(std::span(paddings));
  const int list = to.add_constant(DType::kInt32, {4, 2}, {bytes.begin(), bytes.end()});
  if (fill == 0) return to.emit("PAD", {image, list}, dims);
  return to.emit("PADV2", {image, list, to.add_floats({1}, {fill})}, dims);
}

graph::Attributes attributes_of(const Windows& windows, Padding padding) {
  graph::Attributes attrs;
  attrs.set("padding", std::int64_t{padding == Padding::kSame ? 0 : 1});
  attrs.set("stride_h", std::int64_t{windows.high.stride});
  attrs.set("stride_w", std::int64_t{windows.wide.stride});
  attrs.set("fused_activation_function", std::int64_t{0});
  return attrs;
}

}  // namespace mote::onnx
