#pragma once

#include <stdint.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/core/kernels/tiled_rows.h"

/// DEPTHWISE_CONV_2D on int8 with three or four rows of taps, for instruction sets that sum bytes
/// up by fours: rows of the input are interleaved column by column.
///
///   in      [batch, height, width, channels]
///   filter  [filter width, panels, bytes of a step]  four rows of taps a channel, for channels *
///                                                    attrs.fold channels
///   by      four arrays, padded to whole panels; `single`
///   memory  [ColumnLayout::bytes()]                  to work in
///   out     [batch, out height, out width, channels]
///
/// attrs.fold is 1, or at a stride of 1 such that so many pixels have the channels of one panel.
/// attrs.filter_offset is 0, attrs.phases is 1.
namespace mote::kernels {

/// The memory: the columns that all outputs of a row see, for some of the channels at a time, and
/// what lies outside of the image.
struct ColumnLayout {
  static constexpr int kTaps = 4;  ///< interleaved rows
  static constexpr int kBlock =
      64;  ///< bytes that are read at once, and to which memory is aligned
  static constexpr int kMostBytes = 16384;

  int64_t columns;  ///< of an input row, with those outside
  int chunk;        ///< channels at a time

  template <TiledAttributes Attrs>
  constexpr ColumnLayout(const Attrs& a, int channels, int out_w)
      : columns(int64_t{out_w - 1} * a.stride_w + int64_t{a.filter_w - 1} * a.dilation_w + 1),
        chunk(columns * channels * kTaps > kMostBytes ? min_of(channels, kBlock) : channels) {}

  constexpr int64_t column_bytes() const { return columns * chunk * kTaps; }
  constexpr int64_t bytes() const { return column_bytes() + 4 * kBlock; }
};

namespace internal {

template <class Isa, class Attrs, class In, class Out>
class DepthwiseColumns {
 public:
  DepthwiseColumns(const Attrs& attrs, const TensorView<const int8_t, In>& in, const int8_t* filter,
                   const isa::TileRescale& by, int8_t* memory, const TensorView<int8_t, Out>& out)
      : attrs_(attrs),
        in_(in),
        out_(out),
        filter_(filter),
        by_(by),
        layout_(attrs, in.shape[3], out.shape[2]),
        columns_(align(memory)),
        outside_(columns_ + layout_.column_bytes() + ColumnLayout::kBlock),
        inside_(min_of(in.shape[2], static_cast<int>(layout_.columns) - attrs.pad_left)),
        pairs_(attrs.stride_h == 1 && attrs.dilation_h == 1 && attrs.filter_h < 4 &&
               attrs.filter_w == Isa::Columns::kPairTaps) {
    __builtin_memset(outside_, -attrs.input_offset, ColumnLayout::kBlock);
  }

  void run() {
    for (int b = 0; b < out_.shape[0]; ++b)
      for (int first = 0; first < in_.shape[3]; first += layout_.chunk)
        compute(b, first, min_of(layout_.chunk, in_.shape[3] - first));
  }

 private:
  static int8_t* align(int8_t* memory) {
    constexpr uintptr_t kMask = ColumnLayout::kBlock - 1;
    return memory + (-reinterpret_cast<uintptr_t>(memory) & kMask);
  }

  /// Some channels of an image.
  void compute(int batch, int first, int channels) const {
    if (attrs_.pad_left > 0 || attrs_.pad_left + inside_ < layout_.columns)
      __builtin_memset(columns_, Isa::kLayout.row_bias - attrs_.input_offset,
                       static_cast<size_t>(layout_.columns * channels * ColumnLayout::kTaps));
    for (int oy = 0; oy < out_.shape[1]; oy += 1 + pairs_) {
      interleave(batch, oy, first, channels);
      const bool both = pairs_ && oy + 1 < out_.shape[1];
      int8_t* out =
          out_.data +
          static_cast<ptrdiff_t>(batch * out_.shape[1] + oy) * out_.shape[2] * out_.shape[3] +
          first;
      attrs_.fold > 1 ? folded_lines(both, out) : lines(both, first, channels, out);
    }
  }

  void interleave(int batch, int oy, int first, int channels) const {
    const int depth = in_.shape[3], row_bytes = in_.shape[2] * depth;
    typename Isa::Columns::Rows rows;
    for (int i = 0; i < ColumnLayout::kTaps; ++i) {
      const int y = oy * attrs_.stride_h - attrs_.pad_top + i * attrs_.dilation_h;
      const bool is_wanted = i < attrs_.filter_h + pairs_;
      rows.constant[i] = !is_wanted || y < 0 || y >= in_.shape[1];
      rows.row[i] =
          rows.constant[i]
              ? outside_
              : in_.data + static_cast<ptrdiff_t>(batch * in_.shape[1] + y) * row_bytes + first;
    }
    int8_t* to = columns_ + attrs_.pad_left * channels * ColumnLayout::kTaps;
    if (channels == depth)
      Isa::Columns::interleave(to, rows, inside_ * depth, 1, 0);
    else
      Isa::Columns::interleave(to, rows, channels, inside_, depth);
  }

  isa::ColumnArgs args(int channels, int8_t* out) const {
    const int panels = Isa::kLayout.panels(in_.shape[3] * attrs_.fold);
    return {.in = columns_,
            .tap_step = attrs_.dilation_w * channels * ColumnLayout::kTaps,
            .filter = filter_,
            .filter_step = panels * Isa::kLayout.step_bytes(),
            .taps = attrs_.filter_w,
            .by = by_,
            .out = out,
            .row_bytes = out_.shape[2] * out_.shape[3],
            .output_offset = attrs_.output_offset,
            .act_min = attrs_.act_min,
            .act_max = attrs_.act_max,
            .rounding = static_cast<isa::Rounding>(attrs_.rounding)};
  }

  static void lines(const isa::ColumnArgs& args, bool both) {
    both ? Isa::Columns::template lines<2>(args) : Isa::Columns::template lines<1>(args);
  }

  /// A panel of channels at a time.
  void lines(bool both, int first, int channels, int8_t* out) const {
    constexpr int kColumns = Isa::kLayout.columns;
    isa::ColumnArgs a = args(channels, out);
    a.in_step = attrs_.stride_w * channels * ColumnLayout::kTaps;
    a.out_step = out_.shape[3];
    a.pixels = out_.shape[2];
    advance(a, first);
    a.out = out;
    for (int c = 0; c < channels; c += kColumns) {
      a.channels = min_of(kColumns, channels - c);
      lines(a, both);
      advance(a, kColumns);
      a.in += Isa::kLayout.step_bytes();
    }
  }

  /// Several pixels at a time.
  void folded_lines(bool both, int8_t* out) const {
    constexpr int kColumns = Isa::kLayout.columns;
    isa::ColumnArgs a = args(in_.shape[3], out);
    a.in_step = Isa::kLayout.step_bytes();
    a.out_step = a.channels = kColumns;
    const int elements = out_.shape[2] * out_.shape[3];
    a.pixels = elements / kColumns;
    lines(a, both);
    a.channels = elements % kColumns;
    if (a.channels == 0) return;
    a.in += a.pixels * a.in_step;
    a.out += a.pixels * a.out_step;
    a.pixels = 1;
    lines(a, both);
  }

  static void advance(isa::ColumnArgs& a, int channels) {
    a.filter += channels * Isa::kLayout.depth;
    a.out += channels;
    a.by.bias += channels;
    a.by.multiplier += channels;
    a.by.addend += channels;
    a.by.shift += channels;
  }

  const Attrs& attrs_;
  TensorView<const int8_t, In> in_;
  TensorView<int8_t, Out> out_;
  const int8_t* filter_;
  isa::TileRescale by_;
  ColumnLayout layout_;
  int8_t *columns_, *outside_;
  int inside_;  // columns of the input that are seen
  bool pairs_;  // two output rows see four rows of the input
};

}  // namespace internal

template <class Isa, TiledAttributes Attrs, class In, class Filter, class Memory, class Out>
void depthwise_conv_2d_columns_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                  TensorView<const int8_t, Filter> filter,
                                  const isa::TileRescale& by, TensorView<int8_t, Memory> memory,
                                  TensorView<int8_t, Out> out) {
  internal::DepthwiseColumns<Isa, Attrs, In, Out>(attrs, in, filter.data, by, memory.data, out)
      .run();
}

}  // namespace mote::kernels
