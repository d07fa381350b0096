#include "mote/compiler/ops/packed_lead.h"

#include <algorithm>

namespace mote::ops {
namespace {

using isa::PackedLayout;

/// How far an input must begin behind the output, from the steps of a kernel, of which each first
/// reads and then writes.
class Lead {
 public:
  explicit Lead(std::int64_t in_bytes) : lead_(-in_bytes) {}
  /// When outputs are written up to `written`, inputs are still to be read from `next` on.
  void add(std::int64_t written, std::int64_t next) { lead_ = std::max(lead_, written - next); }
  std::int64_t bytes() const { return lead_; }

 private:
  std::int64_t lead_;
};

std::int64_t first_inside(int origin, int dilation) {
  return origin >= 0 ? origin : (-origin + dilation - 1) / dilation * dilation + origin;
}

/// Of a filter of one tap where columns are bytes: inputs are read where they are, until all of a
/// step's outputs are written.
std::int64_t pointwise_lead(const TiledLayer& layer, const PackedLayout& layout) {
  const int pixels = layer.in[0] * layer.in[1] * layer.in[2];
  Lead lead(volume(layer.in));
  for (int p = 0; p < pixels; p += layout.pixels)
    lead.add(std::int64_t{std::min(p + layout.pixels, pixels)} * layer.out[3],
             std::int64_t{p} * layer.in[3]);
  return lead.bytes();
}

}  // namespace

std::int64_t conv_lead(const TiledLayer& layer, const PackedLayout& layout) {
  const Window& w = layer.window;
  if (layout.column_bytes == 1 && layer.filter_h * layer.filter_w * w.stride_h * w.stride_w == 1 &&
      w.pad_top == 0 && w.pad_left == 0 && layer.in[1] == layer.out[1] &&
      layer.in[2] == layer.out[2])
    return pointwise_lead(layer, layout);
  const int pixels = layer.out[0] * layer.out[1] * layer.out[2];
  Lead lead(volume(layer.in));
  std::int64_t next = volume(layer.in);
  for (int p = pixels - 1; p >= 0; --p) {
    // Those that do not fill a step may be steps of their own.
    const bool ends_step =
        (p + 1) % layout.pixels == 0 || p >= pixels / layout.pixels * layout.pixels;
    if (ends_step && next < volume(layer.in)) lead.add(std::int64_t{p + 1} * layer.out[3], next);
    const int ox = p % layer.out[2], oy = p / layer.out[2] % layer.out[1];
    const std::int64_t image = p / layer.out[2] / layer.out[1];
    const std::int64_t y = first_inside(oy * w.stride_h - w.pad_top, w.dilation_h);
    const std::int64_t x = first_inside(ox * w.stride_w - w.pad_left, w.dilation_w);
    if (y < layer.in[1] && x < layer.in[2])
      next = std::min(next, ((image * layer.in[1] + y) * layer.in[2] + x) * layer.in[3]);
  }
  return lead.bytes();
}

std::int64_t rows_lead(const TiledLayer& layer, int rows_ahead) {
  const std::int64_t in_row = std::int64_t{layer.in[2]} * layer.in[3];
  const std::int64_t out_row = std::int64_t{layer.out[2]} * layer.out[3];
  Lead lead(volume(layer.in));
  for (int b = 0; b < layer.out[0]; ++b)
    for (int oy = 0; oy < layer.out[1]; ++oy) {
      const int y = oy * layer.window.stride_h - layer.window.pad_top + rows_ahead;
      const bool is_last = rows_ahead > 0 && oy + 1 == layer.out[1];
      const std::int64_t rest = is_last ? layer.in[1] : std::clamp(y, 0, layer.in[1]);
      const std::int64_t next = std::int64_t{b} * layer.in[1] + rest;
      if (next < std::int64_t{layer.in[0]} * layer.in[1])
        lead.add((std::int64_t{b} * layer.out[1] + oy + 1) * out_row, next * in_row);
    }
  return lead.bytes();
}

}  // namespace mote::ops
