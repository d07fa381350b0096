#include "mote/compiler/ops/window.h"

#include <algorithm>

#include "mote/support/cat.h"

namespace mote::ops {
namespace {

constexpr int kSame = 0, kValid = 1;
/// Keeps every position that a kernel computes within 32 bits.
constexpr std::int64_t kMaxExtent = 1 << 28;

struct Axis {
  const char* name;
  int size, filter, stride, dilation, padding;
  int before, after;  ///< explicit padding; -1: as `padding` says
};
struct AxisResult {
  int out, pad;
};

Result<AxisResult> along(const Axis& axis) {
  if (axis.stride < 1 || axis.dilation < 1)
    return bad_input(cat("its ", axis.name, " stride is ", axis.stride, " and its ", axis.name,
                         " dilation ", axis.dilation, ", expected both to be at least 1"));
  const std::int64_t reach = (std::int64_t{axis.filter} - 1) * axis.dilation + 1;
  if (reach > kMaxExtent || axis.stride > kMaxExtent || axis.size > kMaxExtent)
    return bad_input(cat("its ", axis.name, " is ", axis.size, ", its filter reaches over ", reach,
                         " and its stride is ", axis.stride, ", expected at most ", kMaxExtent));
  if (axis.before >= 0) {
    const std::int64_t room = std::int64_t{axis.before} + axis.size + axis.after;
    if (room < reach || room > kMaxExtent)
      return bad_input(cat("its padded ", axis.name, " is ", room, ", expected from ", reach,
                           " to ", kMaxExtent));
    return AxisResult{static_cast<int>((room + axis.stride - reach) / axis.stride), axis.before};
  }
  const std::int64_t steps = axis.padding == kSame ? axis.size + std::int64_t{axis.stride} - 1
                                                   : axis.size + axis.stride - reach;
  const std::int64_t out = steps / axis.stride;
  if (out < 1)
    return bad_input(cat("the filter reaches over ", reach, " in ", axis.name,
                         ", but the image has only ", axis.size));
  const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * axis.stride + reach - axis.size);
  return AxisResult{static_cast<int>(out), static_cast<int>(total / 2)};
}

}  // namespace

Result<Window> window_of(const graph::Node& node, int height, int width, int filter_h,
                         int filter_w) {
  Window window{.stride_h = node.attrs.integer("stride_h"),
                .stride_w = node.attrs.integer("stride_w"),
                .dilation_h = node.attrs.integer("dilation_h_factor", 1),
                .dilation_w = node.attrs.integer("dilation_w_factor", 1)};
  const int padding = node.attrs.integer("padding");
  if (padding != kSame && padding != kValid)
    return bad_input(cat("its padding is ", padding, ", expected 0 (SAME) or 1 (VALID)"));
  const auto border = [&](const char* name) { return node.attrs.integer(name, -1); };
  const auto vertical = along({"height", height, filter_h, window.stride_h, window.dilation_h,
                               padding, border("pad_top"), border("pad_bottom")});
  MOTE_TRY(vertical);
  const auto horizontal = along({"width", width, filter_w, window.stride_w, window.dilation_w,
                                 padding, border("pad_left"), border("pad_right")});
  MOTE_TRY(horizontal);
  window.pad_top = vertical->pad, window.out_h = vertical->out;
  window.pad_left = horizontal->pad, window.out_w = horizontal->out;
  return window;
}

}  // namespace mote::ops
