#include "mote/compiler/ops/packed_layer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mote/compiler/ops/short_rescale.h"
#include "mote/compiler/ops/single_rescale.h"
#include "mote/compiler/ops/tiled_filter.h"
#include "mote/compiler/ops/tiled_form.h"
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

/// Of a convolution, whose steps are some pixels each.
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

/// Of a depthwise convolution, whose steps are rows, and copy those of the input before.
std::int64_t depthwise_lead(const TiledLayer& layer, const kernels::PackedRing& ring) {
  const std::int64_t in_row = std::int64_t{layer.in[2]} * layer.in[3];
  const std::int64_t out_row = std::int64_t{layer.out[2]} * layer.out[3];
  Lead lead(volume(layer.in));
  for (int b = 0; b < layer.out[0]; ++b)
    for (int oy = 0; oy < layer.out[1]; ++oy) {
      const std::int64_t y = oy * layer.window.stride_h - layer.window.pad_top + ring.rows;
      const std::int64_t rest = std::clamp<std::int64_t>(y, 0, layer.in[1]);
      const std::int64_t next = b * layer.in[1] + (oy + 1 == layer.out[1] ? layer.in[1] : rest);
      if (next < std::int64_t{layer.in[0]} * layer.in[1])
        lead.add((std::int64_t{b} * layer.out[1] + oy + 1) * out_row, next * in_row);
    }
  return lead.bytes();
}

program::PackedAttrs attrs_of(const TiledLayer& layer, const QuantizedTerms& terms) {
  return with_window(program::PackedAttrs{.filter_h = layer.filter_h,
                                          .filter_w = layer.filter_w,
                                          .input_offset = terms.input_offset,
                                          .act_min = terms.act_min,
                                          .act_max = terms.act_max},
                     layer.window);
}

/// Adds the call; the filter and the memory to work in, if any, stand between input and output.
void add_call(const char* kernel, const TiledLayer& layer, const program::PackedAttrs& attrs,
              const std::vector<std::int32_t>& stream, const DraftOperand* scratch,
              std::optional<std::int64_t> lead, std::int64_t macs, Lowering& lowering) {
  const graph::Node& node = layer.layer.node;
  DraftCall call{.kernel = kernel,
                 .attrs = attrs,
                 .operands = {lowering.read(node.inputs[layer.layer.input], layer.in),
                              lowering.constant(stream)},
                 .macs = macs,
                 .shares = {},
                 .lead = lead};
  if (scratch) call.operands.push_back(*scratch);
  call.operands.push_back(lowering.write(node.outputs[0], layer.out));
  lowering.call(std::move(call));
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
  const kernels::PackedRing ring(attrs, layer.in[3], layer.out[2]);
  const std::int64_t scratch_bytes =
      layer.is_depthwise ? ring.bytes() : std::int64_t{inputs} * layout.pixels * 4;
  if (scratch_bytes > kMostRowBytes) return false;
  const auto terms = terms_of(layer, runs, quantized);
  if (!terms) return false;
  const bool is_single = terms->is_single;
  const std::int64_t macs = graph::element_count(layer.layer.output_tensor()) * inputs;
  if (layer.is_depthwise) {
    const DraftOperand rows =
        lowering.scratch(DType::kInt8, Extents(static_cast<int>(ring.bytes())));
    const auto place = [&](int c, int tap) {
      return tap * layout.tap_channels + layout.tap_place(c);
    };
    add_call(is_single ? "depthwise_conv_2d_packed_s8" : "depthwise_conv_2d_packed_exact_s8", layer,
             attrs,
             pack(runs, terms->channels, layout, layout.tap_channels, layout.tap_words(inputs),
                  layout.tap_bytes, place, [&](int c) { return layout.tap_lane(c); }),
             &rows, depthwise_lead(layer, ring), macs, lowering);
    return true;
  }
  const bool is_vector = layer.out[0] * layer.out[1] * layer.out[2] == 1 &&
                         volume(layer.in) == inputs && inputs % layout.depth == 0;
  const int group = is_vector ? layout.vector_channels : layout.channels;
  const auto stream = pack(
      runs, terms->channels, layout, group, layout.weight_words(group, inputs), 1,
      [&](int c, int k) { return layout.place(group, c, k); }, [](int c) { return c; });
  if (is_vector) {
    add_call(is_single ? "fully_connected_packed_s8" : "fully_connected_packed_exact_s8", layer,
             attrs, stream, nullptr, std::nullopt, macs, lowering);
    return true;
  }
  const DraftOperand columns =
      lowering.scratch(DType::kInt32, Extents(layout.scratch_size(inputs) / 4));
  add_call(is_single ? "conv_2d_packed_s8" : "conv_2d_packed_exact_s8", layer, attrs, stream,
           &columns, conv_lead(layer, layout), macs, lowering);
  return true;
}

}  // namespace mote::ops
