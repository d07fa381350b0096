#include "mote/compiler/ops/packed_layer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mote/compiler/ops/packed_lead.h"
#include "mote/compiler/ops/packed_rows.h"
#include "mote/compiler/ops/short_rescale.h"
#include "mote/compiler/ops/single_rescale.h"
#include "mote/compiler/ops/tiled_filter.h"
#include "mote/compiler/ops/tiled_form.h"
#include "mote/core/kernels/conv_2d_packed_rows.h"
#include "mote/core/kernels/depthwise_conv_2d_packed.h"

namespace mote::ops {
namespace {

using isa::PackedLayout;

/// What a channel's sum begins with, and packed_rescale()'s terms.
struct ChannelTerms {
  std::int32_t bias, multiplier, addend, shift;
};

struct LayerTerms {
  std::vector<ChannelTerms> channels;
  bool is_single = true;
};

/// One form for all channels; nothing where neither has all.
std::optional<LayerTerms> terms_of(const TiledLayer& layer, const FilterRuns& runs,
                                   const QuantizedTerms& terms) {
  const ChannelRescale exact = channel_rescale(layer.layer);
  std::vector<ChannelTerms> singles, shorts;
  const auto channels = static_cast<std::size_t>(layer.out[3]);
  for (std::size_t c = 0; c < channels; ++c) {
    const SumBounds bounds = sum_bounds(runs, static_cast<int>(c), terms);
    const ExactRescale channel = {.multiplier = exact.multiplier[c],
                                  .shift = exact.shift[c],
                                  .zero_point = terms.output_offset,
                                  .act_min = terms.act_min,
                                  .act_max = terms.act_max,
                                  .low = bounds.low + exact.bias[c],
                                  .high = bounds.high + exact.bias[c]};
    const std::int64_t bias = exact.bias[c] + bounds.weights * terms.input_offset;
    const auto wrapped = [](std::int64_t x) {
      return static_cast<std::int32_t>(static_cast<std::uint64_t>(x));
    };
    if (const auto by = find_single_rescale(channel))
      singles.push_back({wrapped(bias + by->bias), by->multiplier, by->addend, by->shift});
    if (const auto by = find_short_rescale(channel))
      shorts.push_back({wrapped(bias), by->multiplier, by->addend, by->shift});
  }
  if (singles.size() == channels) return LayerTerms{std::move(singles), true};
  if (shorts.size() == channels) return LayerTerms{std::move(shorts), false};
  return std::nullopt;
}

/// One group's words: biases, weights of which place_weight() puts each, rescales.
class Group {
 public:
  Group(std::vector<std::int32_t>& stream, const PackedLayout& layout, int channels, int words)
      : layout_(layout),
        channels_(channels),
        words_(words),
        stream_(stream),
        first_(stream.size()) {
    stream.resize(first_ + static_cast<std::size_t>(2 * channels + words + 2 * channels));
  }
  void set_terms(int c, const ChannelTerms& terms) {
    at(c) = terms.bias;
    const int rescales = channels_ + words_;
    at(rescales + layout_.rescale_place(channels_, c, 0)) = terms.multiplier;
    at(rescales + layout_.rescale_place(channels_, c, 1)) = terms.addend;
    at(rescales + layout_.rescale_place(channels_, c, 2)) = layout_.stored_shift(terms.shift);
  }
  /// A weight of `bytes` bytes at so many of them behind the first.
  void set_weight(int place, int bytes, std::int8_t weight) {
    const int byte = place * bytes;
    const auto bits = static_cast<std::uint32_t>(weight) & (bytes == 1 ? 0xffu : 0xffffu);
    at(channels_ + byte / 4) |= static_cast<std::int32_t>(bits << (byte % 4 * 8));
  }

 private:
  std::int32_t& at(int word) { return stream_[first_ + static_cast<std::size_t>(word)]; }

  const PackedLayout& layout_;
  int channels_, words_;
  std::vector<std::int32_t>& stream_;
  std::size_t first_;
};

/// The stream of groups of `group` channels, `words` of weights each, of `bytes` bytes;
/// place(channel in the group, input) says where, and
/// lane(channel in the group) whose place its terms take.
template <class Place, class Lane>
std::vector<std::int32_t> pack(const FilterRuns& runs, const std::vector<ChannelTerms>& channels,
                               const PackedLayout& layout, int group, int words, int bytes,
                               Place place, Lane lane) {
  std::vector<std::int32_t> stream;
  const int count = static_cast<int>(channels.size());
  for (int first = 0; first < count; first += group) {
    Group packed(stream, layout, group, words);
    for (int c = 0; c < group && first + c < count; ++c) {
      packed.set_terms(lane(c), channels[static_cast<std::size_t>(first + c)]);
      const std::int8_t* next = runs.of(first + c);
      for (int k = 0; k < runs.count * runs.length; ++k, next += runs.stride)
        packed.set_weight(place(c, k), bytes, *next);
    }
  }
  return stream;
}

/// Rows become columns: then few bytes are all that a filter spans.
void stand_up(TiledLayer& layer) {
  Window& w = layer.window;
  if (layer.in[1] != 1 || layer.out[1] != 1 || layer.filter_h != 1 || w.pad_top != 0) return;
  for (Extents* shape : {&layer.in, &layer.out})
    *shape = Extents((*shape)[0], (*shape)[2], 1, (*shape)[3]);
  std::swap(layer.filter_h, layer.filter_w);
  std::swap(w.stride_h, w.stride_w);
  std::swap(w.dilation_h, w.dilation_w);
  std::swap(w.pad_top, w.pad_left);
}

program::PackedAttrs attrs_of(const TiledLayer& layer, const QuantizedTerms& terms) {
  return with_window(program::PackedAttrs{.filter_h = layer.filter_h,
                                          .filter_w = layer.filter_w,
                                          .input_offset = terms.input_offset,
                                          .act_min = terms.act_min,
                                          .act_max = terms.act_max},
                     layer.window);
}

/// What both kinds of layers need of one.
struct Packed {
  const TiledLayer& layer;
  FilterRuns runs;
  program::PackedAttrs attrs;
  LayerTerms terms;
  std::int64_t macs;
  const PackedLayout& layout;

  int inputs() const { return runs.count * runs.length; }
};

/// Adds the call; the filter and the memory to work in, if any, stand between input and output.
void add_call(const char* kernel, const Packed& packed, const std::vector<std::int32_t>& stream,
              const DraftOperand* scratch, std::optional<std::int64_t> lead, Lowering& lowering) {
  const WeightedLayer& layer = packed.layer.layer;
  DraftCall call{.kernel = kernel,
                 .attrs = packed.attrs,
                 .operands = {lowering.read(layer.node.inputs[layer.input], packed.layer.in),
                              lowering.constant(stream)},
                 .macs = packed.macs,
                 .shares = {},
                 .lead = lead};
  if (scratch) call.operands.push_back(*scratch);
  call.operands.push_back(lowering.write(layer.node.outputs[0], packed.layer.out));
  lowering.call(std::move(call));
}

void lower_depthwise(const Packed& packed, Lowering& lowering) {
  const TiledLayer& layer = packed.layer;
  const PackedLayout& layout = packed.layout;
  const LayerTerms& terms = packed.terms;
  const kernels::PackedRing ring(packed.attrs, layer.in[3], layer.out[2]);
  const bool in_place = reads_rows_in_place(layer, packed.runs, {.columns = layout.tap_channels});
  const DraftOperand rows =
      lowering.scratch(DType::kInt8, Extents(in_place ? 0 : static_cast<int>(ring.bytes())));
  const auto place = [&](int c, int tap) {
    return tap * layout.tap_channels + layout.tap_place(c);
  };
  add_call(terms.is_single ? "depthwise_conv_2d_packed_s8" : "depthwise_conv_2d_packed_exact_s8",
           packed,
           pack(packed.runs, terms.channels, layout, layout.tap_channels,
                layout.tap_words(packed.inputs()), layout.tap_bytes, place,
                [&](int c) { return layout.tap_lane(c); }),
           &rows, rows_lead(layer, in_place ? 0 : static_cast<int>(ring.rows)), lowering);
}

/// A convolution whose rows are expanded.
void lower_rows(const Packed& packed, const kernels::ExpandedRing& ring, Lowering& lowering) {
  const PackedLayout& layout = packed.layout;
  const int run = packed.layer.filter_w * packed.layer.in[3];
  const auto place = [&](int c, int k) {
    return k / run * ring.words * 2 * layout.channels + layout.row_place(c, k % run);
  };
  const DraftOperand rows = lowering.scratch(DType::kInt32, Extents(ring.size()));
  add_call(packed.terms.is_single ? "conv_2d_packed_rows_s8" : "conv_2d_packed_rows_exact_s8",
           packed,
           pack(packed.runs, packed.terms.channels, layout, layout.channels,
                ring.rows * ring.words * layout.channels / 2, 1, place, [](int c) { return c; }),
           &rows, rows_lead(packed.layer, ring.rows), lowering);
}

/// A convolution, or a matrix by one vector.
void lower_product(const Packed& packed, Lowering& lowering) {
  const TiledLayer& layer = packed.layer;
  const PackedLayout& layout = packed.layout;
  const LayerTerms& terms = packed.terms;
  const int inputs = packed.inputs();
  const bool is_vector = layer.out[0] * layer.out[1] * layer.out[2] == 1 &&
                         volume(layer.in) == inputs && inputs % layout.depth == 0;
  if (const auto ring = expanded_ring(layer, packed.attrs, layout); ring && !is_vector)
    return lower_rows(packed, *ring, lowering);
  const int group = is_vector ? layout.vector_channels : layout.channels;
  const auto stream = pack(
      packed.runs, terms.channels, layout, group, layout.weight_words(group, inputs), 1,
      [&](int c, int k) { return layout.place(group, c, k); }, [](int c) { return c; });
  if (is_vector)
    return add_call(
        terms.is_single ? "fully_connected_packed_s8" : "fully_connected_packed_exact_s8", packed,
        stream, nullptr, std::nullopt, lowering);
  const DraftOperand columns =
      lowering.scratch(DType::kInt32, Extents(layout.scratch_size(inputs) / 4));
  add_call(terms.is_single ? "conv_2d_packed_s8" : "conv_2d_packed_exact_s8", packed, stream,
           &columns, conv_lead(layer, layout), lowering);
}

/// Bytes of memory that the layer's kernel would work in.
std::int64_t scratch_bytes(const TiledLayer& layer, const program::PackedAttrs& attrs, int inputs,
                           const PackedLayout& layout) {
  if (layer.is_depthwise) return kernels::PackedRing(attrs, layer.in[3], layer.out[2]).bytes();
  return std::int64_t{inputs} * layout.pixels * 4;
}

}  // namespace

bool lower_packed(const TiledLayer& original, Lowering& lowering) {
  const PackedLayout& layout = lowering.target().packed;
  const bool is_depthwise = original.is_depthwise && original.in[3] > 1;
  TiledLayer layer = is_depthwise ? original : row_form_of(original, kUnlimited);
  if (is_depthwise) stand_up(layer);
  const QuantizedTerms quantized = quantized_terms(layer.layer);
  if (quantized.filter_offset != 0 || !has_kernel(layer, {})) return false;
  const FilterRuns runs(layer);
  const program::PackedAttrs attrs = attrs_of(layer, quantized);
  const int inputs = runs.count * runs.length;
  if (scratch_bytes(layer, attrs, inputs, layout) > kMostRowBytes) return false;
  auto terms = terms_of(layer, runs, quantized);
  if (!terms) return false;
  const Packed packed = {.layer = layer,
                         .runs = runs,
                         .attrs = attrs,
                         .terms = std::move(*terms),
                         .macs = graph::element_count(layer.layer.output_tensor()) * inputs,
                         .layout = layout};
  layer.is_depthwise ? lower_depthwise(packed, lowering) : lower_product(packed, lowering);
  return true;
}

}  // namespace mote::ops
