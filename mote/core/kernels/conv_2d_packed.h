#pragma once

#include <stddef.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/packed.h"
#include "mote/core/kernels/window.h"

/// CONV_2D and FULLY_CONNECTED on int8 for small processors: the same outputs as conv_2d_s8 and
/// fully_connected_s8 give, from streams that the compiler has packed.
///
///   in       [batch, height, width, depth]
///   filter   [words]                         Isa::kPacked's stream
///   columns  [words]                         memory to work in: PackedLayout::scratch_size()
///   out      [batch, out height, out width, channels]
///
/// The inputs of a few outputs are gathered side by side, with what lies outside of the image, and
/// multiplied with all channels.
namespace mote::kernels {

template <class A>
concept PackedAttributes = WindowAttributes<A> && requires(A a) {
  a.filter_h;
  a.filter_w;
  a.input_offset;
  a.act_min;
  a.act_max;
};

namespace internal {

/// What is beyond the bounds of an activation that is narrower than int8.
template <class Attrs>
MOTE_INLINE void clamp_outputs(const Attrs& attrs, int8_t* out, int n) {
  if (attrs.act_min <= -128 && attrs.act_max >= 127) return;
  for (int i = 0; i < n; ++i)
    out[i] = static_cast<int8_t>(clamp<int>(out[i], attrs.act_min, attrs.act_max));
}

/// What a window needs to know of its image and filter.
struct WindowShape {
  int height, width, depth;
  int filter_h, filter_w, dilation_h, dilation_w;
  int padded;      ///< inputs of a window
  int8_t outside;  ///< what lies outside of the image
};

/// Copies the inputs of one window, whose first tap lies at row y and column x of an image, as they
/// lie. Shared by all layers of a network.
template <class Isa>
[[gnu::noinline]] void copy_window(const WindowShape& shape, const int8_t* image, int y, int x,
                                   int8_t* to) {
  const int run = shape.filter_w * shape.depth, row_size = shape.width * shape.depth;
  const auto copy = [&](int ky, int rows, int kx, int columns) {
    Isa::copy_rows(
        to + ky * run + kx * shape.depth,
        image + (y + ky * shape.dilation_h) * row_size + (x + kx * shape.dilation_w) * shape.depth,
        {.rows = rows,
         .bytes = columns * shape.depth,
         .to_step = run,
         .from_step = shape.dilation_h * row_size});
  };
  if (shape.dilation_h == 1 && shape.dilation_w == 1) {
    const int top = max_of(0, -y), bottom = min_of(shape.filter_h, shape.height - y);
    const int left = max_of(0, -x), right = min_of(shape.filter_w, shape.width - x);
    const int rows = bottom - top, columns = right - left;
    if (rows < shape.filter_h || columns < shape.filter_w)
      __builtin_memset(to, shape.outside, static_cast<size_t>(shape.padded));
    if (rows > 0 && columns > 0) copy(top, rows, left, columns);
    return;
  }
  __builtin_memset(to, shape.outside, static_cast<size_t>(shape.padded));
  for (int ky = 0; ky < shape.filter_h; ++ky) {
    const int row = y + ky * shape.dilation_h;
    if (row < 0 || row >= shape.height) continue;
    for (int kx = 0, column = x; kx < shape.filter_w; ++kx, column += shape.dilation_w)
      if (column >= 0 && column < shape.width) copy(ky, 1, kx, 1);
  }
}

/// Copies the inputs of one output after the other, as they lie.
template <class Isa, class Attrs, class In>
class Copier {
 public:
  MOTE_INLINE Copier(const Attrs& attrs, const TensorView<const int8_t, In>& in, int32_t* columns)
      : shape_{.height = in.shape[1],
               .width = in.shape[2],
               .depth = in.shape[3],
               .filter_h = attrs.filter_h,
               .filter_w = attrs.filter_w,
               .dilation_h = attrs.dilation_h,
               .dilation_w = attrs.dilation_w,
               .padded = Isa::kPacked.padded(attrs.filter_h * attrs.filter_w * in.shape[3]),
               .outside = static_cast<int8_t>(-attrs.input_offset)},
        whole_{.rows = attrs.filter_h,
               .bytes = attrs.filter_w * in.shape[3],
               .to_step = attrs.filter_w * in.shape[3],
               .from_step = attrs.dilation_h * in.shape[2] * in.shape[3]},
        columns_(reinterpret_cast<int8_t*>(columns)) {}

  int inputs() const { return shape_.padded; }

  MOTE_INLINE void window(const int8_t* image, int y, int x, int pixel) const {
    int8_t* const to = columns_ + pixel * shape_.padded;
    if (shape_.dilation_w == 1 && y >= 0 && x >= 0 && x + shape_.filter_w <= shape_.width &&
        y + (shape_.filter_h - 1) * shape_.dilation_h < shape_.height)
      Isa::copy_rows(to, image + (y * shape_.width + x) * shape_.depth, whole_);
    else
      copy_window<Isa>(shape_, image, y, x, to);
  }

 private:
  WindowShape shape_;
  isa::RowsShape whole_;  ///< of a window that lies within the image
  int8_t* columns_;
};

/// Gathers the inputs of one output after the other.
template <class Isa, class Attrs, class In>
class Gatherer {
 public:
  MOTE_INLINE Gatherer(const Attrs& attrs, const TensorView<const int8_t, In>& in, int32_t* columns)
      : attrs_(attrs),
        in_(in),
        columns_(columns),
        inputs_(Isa::kPacked.padded(attrs.filter_h * attrs.filter_w * in.shape[3])) {}

  int inputs() const { return inputs_; }

  /// The window whose first tap lies at row y and column x of an image.
  MOTE_INLINE void window(const int8_t* image, int y, int x, int pixel) const {
    const int height = in_.shape[1], width = in_.shape[2], depth = in_.shape[3];
    const int run = attrs_.filter_w * depth;
    constexpr int kUnit = Isa::kPacked.unit;
    const bool is_staged = kUnit > 1 && run % kUnit != 0;  // pieces that begin anywhere
    if (!is_staged && attrs_.dilation_w == 1 && x >= 0 && x + attrs_.filter_w <= width) {
      const Taps inside = taps_inside(y, attrs_.dilation_h, attrs_.filter_h, height);
      const int end = max_of(inside.end, inside.first), below = attrs_.filter_h - end;
      if (inside.first > 0) fill(pixel, 0, min_of(inside.first, attrs_.filter_h) * run);
      if (end > inside.first)
        Isa::gather_rows(columns_, inputs_, pixel, inside.first * run,
                         image + ((y + inside.first * attrs_.dilation_h) * width + x) * depth, run,
                         end - inside.first, attrs_.dilation_h * width * depth);
      if (below > 0) fill(pixel, end * run, below * run);
      return;
    }
    if (!is_staged)
      for (int ky = 0; ky < attrs_.filter_h; ++ky)
        row(image, y + ky * attrs_.dilation_h, x, pixel, ky * run);
    if (!is_staged) return;
    for (int ky = 0; ky < attrs_.filter_h; ++ky)
      stage_row(staged() + ky * run, image, y + ky * attrs_.dilation_h, x);
    Isa::gather(columns_, inputs_, pixel, 0, staged(), attrs_.filter_h * run);
  }

 private:
  /// A row that is not wholly inside of the image.
  MOTE_INLINE void row(const int8_t* image, int y, int x, int pixel, int at) const {
    const int height = in_.shape[1], width = in_.shape[2], depth = in_.shape[3];
    const int run = attrs_.filter_w * depth;
    if (y < 0 || y >= height) return fill(pixel, at, run);
    if (depth % Isa::kPacked.unit != 0) {
      stage_row(staged(), image, y, x);
      return Isa::gather(columns_, inputs_, pixel, at, staged(), run);
    }
    if (attrs_.dilation_w == 1) {
      const int left = clamp(-x, 0, int{attrs_.filter_w});  // taps before the image
      const int right = clamp(x + attrs_.filter_w - width, 0, attrs_.filter_w - left);
      const int inside = attrs_.filter_w - left - right;
      if (left > 0) fill(pixel, at, left * depth);
      if (inside > 0)
        Isa::gather(columns_, inputs_, pixel, at + left * depth,
                    image + (y * width + x + left) * depth, inside * depth);
      if (right > 0) fill(pixel, at + (left + inside) * depth, right * depth);
      return;
    }
    for (int kx = 0; kx < attrs_.filter_w; ++kx, x += attrs_.dilation_w, at += depth)
      if (x < 0 || x >= width)
        fill(pixel, at, depth);
      else
        Isa::gather(columns_, inputs_, pixel, at, image + (y * width + x) * depth, depth);
  }

  MOTE_INLINE void stage_row(int8_t* to, const int8_t* image, int y, int x) const {
    const int height = in_.shape[1], width = in_.shape[2], depth = in_.shape[3];
    const bool inside = y >= 0 && y < height;
    if (inside && attrs_.dilation_w == 1 && x >= 0 && x + attrs_.filter_w <= width) {
      const int8_t* from = image + (y * width + x) * depth;
      for (int i = 0; i < attrs_.filter_w * depth; ++i) to[i] = from[i];
      return;
    }
    for (int kx = 0; kx < attrs_.filter_w; ++kx, x += attrs_.dilation_w)
      for (int d = 0; d < depth; ++d)
        *to++ = inside && x >= 0 && x < width ? image[(y * width + x) * depth + d] : outside();
  }

  MOTE_INLINE void fill(int pixel, int at, int n) const {
    Isa::fill(columns_, inputs_, pixel, at, outside(), n);
  }
  /// Behind the columns.
  MOTE_INLINE int8_t* staged() const {
    return reinterpret_cast<int8_t*>(columns_) +
           inputs_ * Isa::kPacked.pixels * Isa::kPacked.column_bytes;
  }
  int8_t outside() const { return static_cast<int8_t>(-attrs_.input_offset); }

  const Attrs& attrs_;
  TensorView<const int8_t, In> in_;
  int32_t* columns_;
  int inputs_;
};

template <class Isa, class Attrs, class In>
MOTE_INLINE auto source_of(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                           int32_t* columns) {
  if constexpr (Isa::kPacked.column_bytes == 1)
    return Copier<Isa, Attrs, In>(attrs, in, columns);
  else
    return Gatherer<Isa, Attrs, In>(attrs, in, columns);
}

/// Filters of one tap, whose inputs are read where they are, but for those behind which there is
/// less than what they are padded with.
template <class Isa, bool kSingle, class Attrs>
MOTE_INLINE void pointwise(const Attrs& attrs, const int8_t* in, int depth, int count,
                           int32_t* columns, isa::ProductArgs args) {
  constexpr int kPixels = Isa::kPacked.pixels;
  const int read_beyond = (args.inputs - 1) / depth;
  const int in_place = max_of(count - read_beyond, 0) / kPixels * kPixels;
  if (in_place > 0) {
    args.columns = reinterpret_cast<const int32_t*>(in);
    args.column_step = depth;
    args.pixels = in_place;
    Isa::template products<kSingle>(args);
  }
  args.columns = columns;
  args.column_step = args.inputs;
  int8_t* const out = args.out;
  for (int p = in_place; p < count; p += args.pixels) {
    args.pixels = min_of(kPixels, count - p);
    args.out = out + p * args.out_stride;
    Isa::copy_rows(
        reinterpret_cast<int8_t*>(columns), in + p * depth,
        {.rows = args.pixels, .bytes = depth, .to_step = args.inputs, .from_step = depth});
    Isa::template products<kSingle>(args);
  }
  clamp_outputs(attrs, out, count * args.channels);
}

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Columns, class Out>
MOTE_INLINE void conv_2d_packed(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                const TensorView<const int32_t, Filter>& filter,
                                const TensorView<int32_t, Columns>& columns,
                                const TensorView<int8_t, Out>& out) {
  constexpr int kPixels = Isa::kPacked.pixels;
  const int image_size = in.shape[1] * in.shape[2] * in.shape[3], channels = out.shape[3];
  const auto source = source_of<Isa>(attrs, in, columns.data);
  isa::ProductArgs args = {.columns = columns.data,
                           .filter = filter.data,
                           .out = out.data,
                           .inputs = source.inputs(),
                           .channels = channels,
                           .out_stride = channels,
                           .column_step = source.inputs()};
  if constexpr (Isa::kPacked.column_bytes == 1)
    if (attrs.filter_h == 1 && attrs.filter_w == 1 && attrs.stride_h == 1 && attrs.stride_w == 1 &&
        attrs.pad_top == 0 && attrs.pad_left == 0 && in.shape[1] == out.shape[1] &&
        in.shape[2] == out.shape[2])
      return pointwise<Isa, kSingle>(attrs, in.data, in.shape[3],
                                     in.shape[0] * in.shape[1] * in.shape[2], columns.data, args);
  const int8_t* image = in.data;
  int oy = 0, ox = 0;
  for (int left = out.shape[0] * out.shape[1] * out.shape[2]; left > 0; left -= args.pixels) {
    args.pixels = left >= kPixels ? kPixels : Isa::kPacked.any_pixels ? left : 1;
    for (int p = 0; p < args.pixels; ++p) {
      source.window(image, oy * attrs.stride_h - attrs.pad_top,
                    ox * attrs.stride_w - attrs.pad_left, p);
      if (++ox < out.shape[2]) continue;
      ox = 0;
      if (++oy < out.shape[1]) continue;
      oy = 0;
      image += image_size;
    }
    Isa::template products<kSingle>(args);
    clamp_outputs(attrs, args.out, args.pixels * channels);
    args.out += args.pixels * channels;
  }
}

}  // namespace internal

/// One rounding: packed_rescale()'s `single`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Columns, class Out>
void conv_2d_packed_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                       TensorView<const int32_t, Filter> filter,
                       TensorView<int32_t, Columns> columns, TensorView<int8_t, Out> out) {
  internal::conv_2d_packed<Isa, true>(attrs, in, filter, columns, out);
}

/// Two roundings: packed_rescale()'s `short`.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Columns, class Out>
void conv_2d_packed_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                             TensorView<const int32_t, Filter> filter,
                             TensorView<int32_t, Columns> columns, TensorView<int8_t, Out> out) {
  internal::conv_2d_packed<Isa, false>(attrs, in, filter, columns, out);
}

namespace internal {

template <class Isa, bool kSingle, class Attrs, class In, class Filter, class Out>
MOTE_INLINE void fully_connected_packed(const Attrs& attrs, const TensorView<const int8_t, In>& in,
                                        const TensorView<const int32_t, Filter>& filter,
                                        const TensorView<int8_t, Out>& out) {
  Isa::template vector<kSingle>({.in = in.data,
                                 .filter = filter.data,
                                 .out = out.data,
                                 .inputs = volume(in.shape),
                                 .channels = volume(out.shape)});
  clamp_outputs(attrs, out.data, volume(out.shape));
}

}  // namespace internal

/// A matrix by one row of inputs, which are a multiple of Isa::kPacked.depth; one rounding.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Out>
void fully_connected_packed_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                               TensorView<const int32_t, Filter> filter,
                               TensorView<int8_t, Out> out) {
  internal::fully_connected_packed<Isa, true>(attrs, in, filter, out);
}

/// The same, two roundings.
template <class Isa, PackedAttributes Attrs, class In, class Filter, class Out>
void fully_connected_packed_exact_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                                     TensorView<const int32_t, Filter> filter,
                                     TensorView<int8_t, Out> out) {
  internal::fully_connected_packed<Isa, false>(attrs, in, filter, out);
}

}  // namespace mote::kernels
