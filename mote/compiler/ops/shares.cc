#include "mote/compiler/ops/shares.h"

#include <algorithm>

namespace mote::ops {
namespace {

/// What of a convolution's attributes says which rows a filter meets.
struct Rows {
  int stride = 1, dilation = 1, pad_top = 0;
  int stride_w = 1, pad_left = 0;
};

Rows rows_of(const program::Attributes& attrs) {
  return std::visit(
      []<class A>(const A& a) {
        if constexpr (requires { a.dilation_h, a.pad_top; })
          return Rows{a.stride_h, a.dilation_h, a.pad_top, a.stride_w, a.pad_left};
        else
          return Rows{};
      },
      attrs);
}

void set_pad_top(program::Attributes& attrs, int pad_top) {
  std::visit(
      [&]<class A>(A& a) {
        if constexpr (requires { a.dilation_h, a.pad_top; }) a.pad_top = pad_top;
      },
      attrs);
}

/// The i-th of `count` pieces of [0, size).
struct Piece {
  Piece(int size, int i, int count)
      : first(static_cast<int>(std::int64_t{size} * i / count)),
        end(static_cast<int>(std::int64_t{size} * (i + 1) / count)) {}
  int first, end;
  int size() const { return end - first; }
};

/// Each filter sees one pixel, and each pixel is seen once.
bool is_pointwise(const WindowedLayer& layer, const Rows& rows) {
  return !layer.keeps_rows && layer.filter_h * layer.filter_w == 1 && rows.stride == 1 &&
         rows.stride_w == 1 && rows.pad_top == 0 && rows.pad_left == 0 &&
         layer.in[1] == layer.out[1] && layer.in[2] == layer.out[2];
}

LayerShare share_of_images(const WindowedLayer& layer, const Piece& images) {
  const Extents &in = layer.in, &out = layer.out;
  return {.attrs = layer.attrs,
          .in = Extents(images.size(), in[1], in[2], in[3]),
          .out = Extents(images.size(), out[1], out[2], out[3]),
          .in_first = std::int64_t{images.first} * in[1] * in[2] * in[3],
          .out_first = std::int64_t{images.first} * out[1] * out[2] * out[3]};
}

/// Of a pointwise layer: pixels count as those of one row.
LayerShare share_of_pixels(const WindowedLayer& layer, const Piece& pixels) {
  return {.attrs = layer.attrs,
          .in = Extents(1, 1, pixels.size(), layer.in[3]),
          .out = Extents(1, 1, pixels.size(), layer.out[3]),
          .in_first = std::int64_t{pixels.first} * layer.in[3],
          .out_first = std::int64_t{pixels.first} * layer.out[3]};
}

/// Of one image: its input is the rows that the filters of these outputs meet. Where they meet
/// none, in padding of more rows than a filter has, it has no rows.
LayerShare share_of_rows(const WindowedLayer& layer, const Rows& rows, const Piece& piece) {
  const Extents &in = layer.in, &out = layer.out;
  const int span = (layer.filter_h - 1) * rows.dilation + 1;
  const int top = piece.first * rows.stride - rows.pad_top;
  const int first = std::clamp(top, 0, in[1]);
  const int end = std::clamp((piece.end - 1) * rows.stride - rows.pad_top + span, first, in[1]);
  LayerShare share{.attrs = layer.attrs,
                   .in = Extents(1, end - first, in[2], in[3]),
                   .out = Extents(1, piece.size(), out[2], out[3]),
                   .in_first = std::int64_t{first} * in[2] * in[3],
                   .out_first = std::int64_t{piece.first} * out[2] * out[3]};
  set_pad_top(share.attrs, std::max(0, -top));
  return share;
}

LayerShare share_of_channels(const WindowedLayer& layer, const Piece& steps) {
  const int first = steps.first * layer.channel_step;
  const int end = std::min(steps.end * layer.channel_step, layer.out[3]);
  return {.attrs = layer.attrs,
          .in = layer.in,
          .out = Extents(1, 1, 1, end - first),
          .out_first = first,
          .first_channel = first};
}

/// `make` for each piece of [0, size), of which there are at most `count`.
template <class Make>
std::vector<LayerShare> pieces(int size, int count, Make make) {
  count = std::min(size, count);
  std::vector<LayerShare> shares;
  for (int i = 0; count > 1 && i < count; ++i) shares.push_back(make(Piece(size, i, count)));
  return shares;
}

}  // namespace

std::vector<LayerShare> layer_shares(const WindowedLayer& layer, int count) {
  constexpr int kFewRows = 4;  // a share: with fewer, one row more or less makes a difference
  const Rows rows = rows_of(layer.attrs);
  const Extents& out = layer.out;
  const int pixels = out[0] * out[1] * out[2];
  if (pixels == 1 && layer.channel_step > 0)
    return pieces((out[3] + layer.channel_step - 1) / layer.channel_step, count,
                  [&](const Piece& steps) { return share_of_channels(layer, steps); });
  if (is_pointwise(layer, rows) && (out[0] > 1 || out[1] < kFewRows * count))
    return pieces(pixels, count, [&](const Piece& piece) { return share_of_pixels(layer, piece); });
  if (out[0] > 1)
    return pieces(out[0], count,
                  [&](const Piece& images) { return share_of_images(layer, images); });
  auto shares =
      pieces(out[1], count, [&](const Piece& piece) { return share_of_rows(layer, rows, piece); });
  const bool is_sound = std::all_of(shares.begin(), shares.end(),
                                    [](const LayerShare& share) { return share.in[1] > 0; });
  return is_sound ? shares : std::vector<LayerShare>();
}

std::vector<program::Share> shares_of_plain(const DraftCall& call, bool is_depthwise,
                                            const Target& target) {
  const Operand &in = call.operands.front().operand, &out = call.operands.back().operand;
  const Operand& filter = call.operands[1].operand;
  const Work work = {.macs = call.macs,
                     .filter_bytes = std::int64_t{volume(filter.shape)} * size_of(filter.type),
                     .is_depthwise = is_depthwise};
  const auto shares = layer_shares({.attrs = call.attrs,
                                    .in = in.shape,
                                    .out = out.shape,
                                    .filter_h = filter.shape[1],
                                    .filter_w = filter.shape[2],
                                    .keeps_rows = is_depthwise},
                                   share_count(target, work, target.plain_rates));
  std::vector<program::Share> list;
  for (const LayerShare& share : shares) {
    program::Share views{.attrs = share.attrs};
    for (const DraftOperand& operand : call.operands)
      views.views.push_back({.offset = 0, .shape = operand.operand.shape});
    views.views.front() = {.offset = share.in_first * size_of(in.type), .shape = share.in};
    views.views.back() = {.offset = share.out_first * size_of(out.type), .shape = share.out};
    list.push_back(std::move(views));
  }
  return list;
}

}  // namespace mote::ops
