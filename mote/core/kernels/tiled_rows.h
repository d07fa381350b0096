#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/core/kernels/rescale.h"
#include "mote/core/kernels/window.h"

/// The rows of an input as tiles read them, and where the runs of each output's inputs begin.
namespace mote::kernels {

template <class A>
concept RowAttributes = WindowAttributes<A> && requires(A a) {
  a.filter_h;
  a.filter_w;
  a.phases;
};

template <class A>
concept TiledAttributes = RowAttributes<A> && QuantizedOutput<A> && requires(A a) {
  a.fold;
  a.input_offset;
  a.filter_offset;
  a.rounding;
};

/// The memory that a layer keeps rows in, as PaddedRows has them: a ring of as many as a filter
/// spans, and one that lies outside of the image where some do.
///
/// A row's columns are sorted by their number modulo `phases`: at a stride of two, first the even,
/// then the odd ones. So what one tap reads of neighbouring outputs lies side by side.
///
/// All sizes are in elements.
struct RowLayout {
  /// What reads of whole registers may go beyond the last element.
  static constexpr int kSlack = 64;

  // As wide as addresses: of a dilated filter, a compiler asks also for what no memory could hold.
  ptrdiff_t columns, phase_size, slot_size, span;
  bool has_outside;  ///< whether rows above or below the image are asked for

  template <RowAttributes Attrs>
  constexpr RowLayout(const Attrs& a, int in_h, int depth, int out_h, int out_w)
      : columns(reach(out_w, a.stride_w, a.filter_w, a.dilation_w)),
        phase_size((columns + a.phases - 1) / a.phases * depth),
        slot_size(phase_size * a.phases + kSlack),
        span(reach(1, 1, a.filter_h, a.dilation_h)),
        has_outside(a.pad_top > 0 ||
                    reach(out_h, a.stride_h, a.filter_h, a.dilation_h) - a.pad_top > in_h) {}

  constexpr ptrdiff_t slots() const { return span + has_outside; }
  constexpr int64_t elements() const { return int64_t{slots()} * slot_size; }
  /// From where a row begins to its column `c`.
  constexpr int place(int c, int phases, int depth) const {
    return static_cast<int>(c % phases * phase_size + c / phases * depth);
  }

 private:
  /// From the first tap of the first output to the last of the last.
  static constexpr ptrdiff_t reach(int out, int stride, int taps, int dilation) {
    return ptrdiff_t{out - 1} * stride + ptrdiff_t{taps - 1} * dilation + 1;
  }
};

namespace internal {

/// The most taps of a filter, or rows of one; what has more is left to the kernels without tiles.
inline constexpr int kMaxRuns = 128;

/// Rows of the input as the filter sees them: with what lies outside of the image, which holds the
/// zero point (of floats: 0); int8 with Isa::kLayout.row_bias added; sorted as RowLayout says. Each
/// row is copied once. Without memory, the input's own rows are handed out.
template <class Isa, class T, class Attrs, class In>
class PaddedRows {
 public:
  PaddedRows(const Attrs& attrs, const TensorView<const T, In>& in, const RowLayout& layout,
             T* memory)
      : attrs_(attrs), in_(in), layout_(layout), memory_(memory) {
    inside_ = min_of(in.shape[2], static_cast<int>(layout.columns) - attrs.pad_left);
    if (!memory_) return;
    int outside = 0;
    if constexpr (kIsByte) outside = Isa::kLayout.row_bias - attrs.input_offset;
    const bool is_padded = attrs.pad_left > 0 || attrs.pad_left + inside_ < layout.columns;
    const int first = is_padded ? 0 : static_cast<int>(layout.span);
    __builtin_memset(slot(first), outside,
                     static_cast<size_t>((layout.slots() - first) * layout.slot_size) * sizeof(T));
  }

  /// Begins at the first row of an image.
  void start(int batch) {
    image_ = in_.data + batch * in_.shape[1] * in_.shape[2] * in_.shape[3];
    next_ = place_ = 0;
  }

  /// The row y of the image, as far as the filter's first tap at the leftmost output. Rows are
  /// asked for in ascending windows of filter_h.
  const T* row(int y) {
    const int row_size = in_.shape[2] * in_.shape[3], span = static_cast<int>(layout_.span);
    if (!memory_) return image_ + y * row_size;
    if (y < 0 || y >= in_.shape[1]) return slot(span);
    for (next_ = max_of(next_, y - span + 1); next_ <= y; ++next_) {
      copy(slot(place_), image_ + next_ * row_size);
      if (++place_ == span) place_ = 0;
    }
    const int back = place_ - (next_ - y);
    return slot(back < 0 ? back + span : back);
  }

 private:
  static constexpr bool kIsByte = sizeof(T) == 1;

  T* slot(int i) const { return memory_ + i * layout_.slot_size; }

  void copy(T* to, const T* from) const {
    const int depth = in_.shape[3], phases = attrs_.phases;
    if (phases == 1) return copy_pieces(to + attrs_.pad_left * depth, from, inside_ * depth, 1, 0);
    for (int x = 0; x < min_of(phases, inside_); ++x)
      copy_pieces(to + layout_.place(attrs_.pad_left + x, phases, depth), from + x * depth, depth,
                  (inside_ - x + phases - 1) / phases, phases * depth);
  }

  /// `count` pieces of `size` elements, `step` apart, one behind another.
  static void copy_pieces(T* to, const T* from, int size, int count, int step) {
    if constexpr (kIsByte && Isa::kLayout.row_bias != 0) {
      Isa::copy_biased(to, from, size, count, step);
    } else {
      for (int i = 0; i < count; ++i)
        __builtin_memcpy(to + i * size, from + i * step, static_cast<size_t>(size) * sizeof(T));
    }
  }

  const Attrs& attrs_;
  TensorView<const T, In> in_;
  const RowLayout& layout_;
  T* memory_;
  const T* image_ = nullptr;
  int inside_ = 0;
  int next_ = 0, place_ = 0;  // the row to copy next, and the slot for it
};

/// Which row of the filter's window each run begins in, and how far from where the row does.
struct Runs {
  int count = 0;
  int row[kMaxRuns], offset[kMaxRuns];

  void add(int from_row, int at) {
    row[count] = from_row;
    offset[count++] = at;
  }
};

/// Calls row(args) for each output row, args.runs and args.out being set.
template <class Isa, class T, class Attrs, class In, class Args, class O, class Out, class Row>
MOTE_INLINE void for_each_row(const Attrs& attrs, const TensorView<const T, In>& in,
                              const RowLayout& layout, T* memory, const Runs& runs, Args args,
                              const TensorView<O, Out>& out, Row row) {
  const T *window[kMaxRuns], *first[kMaxRuns];
  PaddedRows<Isa, T, Attrs, In> rows(attrs, in, layout, memory);
  args.runs = first;
  args.run_count = runs.count;
  args.out_stride = out.shape[3];
  for (int b = 0; b < out.shape[0]; ++b) {
    rows.start(b);
    for (int oy = 0; oy < out.shape[1]; ++oy) {
      for (int ky = 0; ky < attrs.filter_h; ++ky)
        window[ky] = rows.row(oy * attrs.stride_h - attrs.pad_top + ky * attrs.dilation_h);
      for (int i = 0; i < runs.count; ++i) first[i] = window[runs.row[i]] + runs.offset[i];
      args.out = out.data + (b * out.shape[1] + oy) * out.shape[2] * out.shape[3];
      row(args);
    }
  }
}

/// compute.operator()<kOnes>(), kOnes being TileLayout::has_ones() of the layer.
template <class Isa, bool kSingle, class Attrs, class Compute>
MOTE_INLINE void with_ones(const Attrs& attrs, Compute compute) {
  constexpr bool kNever = kSingle, kAlways = Isa::kLayout.has_ones(0, kSingle);
  if constexpr (kNever)
    compute.template operator()<false>();
  else if constexpr (kAlways)
    compute.template operator()<true>();
  else
    attrs.filter_offset != 0 ? compute.template operator()<true>()
                             : compute.template operator()<false>();
}

/// What tiles want to know of a quantised layer.
template <TiledAttributes Attrs>
MOTE_INLINE void set_terms(const Attrs& attrs, isa::TileArgs& args) {
  args.filter_offset = attrs.filter_offset;
  args.output_offset = attrs.output_offset;
  args.act_min = attrs.act_min;
  args.act_max = attrs.act_max;
  args.rounding = static_cast<isa::Rounding>(attrs.rounding);
}

/// Goes on to the channels behind the next `panels` panels, whose filters have `bytes`.
template <class Isa>
MOTE_INLINE void advance(isa::TileArgs& args, int panels, int bytes) {
  const int channels = panels * Isa::kLayout.columns;
  args.filter += bytes;
  args.out += channels;
  args.by.bias += channels;
  args.by.multiplier += channels;
  args.by.addend += channels;
  args.by.shift += channels;
}

}  // namespace internal
}  // namespace mote::kernels
