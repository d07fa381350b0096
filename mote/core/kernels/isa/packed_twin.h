#pragma once

#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/packed.h"
#include "mote/core/kernels/isa/scalar.h"

namespace mote::isa {

/// The inner loops of packed layers in plain C++, for any layout: the specification of what each
/// instruction set writes by hand, and what stands in for it on other machines.
template <const PackedLayout& kOf>
struct PackedTwin : Scalar {
  static constexpr PackedLayout kPacked = kOf;

  /// Gathers `n` inputs of output `pixel` from its input `at` on, of `inputs` padded ones.
  static void gather(int32_t* columns, int inputs, int pixel, int at, const int8_t* from, int n) {
    for (int i = 0; i < n; ++i) put(columns, inputs, pixel, at + i, from[i]);
  }
  /// The same of `rows` rows of `n` inputs, `step` bytes apart.
  static void gather_rows(int32_t* columns, int inputs, int pixel, int at, const int8_t* from,
                          int n, int rows, int step) {
    for (int r = 0; r < rows; ++r) gather(columns, inputs, pixel, at + r * n, from + r * step, n);
  }
  /// The same of one number.
  static void fill(int32_t* columns, int inputs, int pixel, int at, int8_t value, int n) {
    for (int i = 0; i < n; ++i) put(columns, inputs, pixel, at + i, value);
  }

  /// Inputs as they lie, where column_bytes is 1.
  static void copy_rows(int8_t* to, const int8_t* from, const RowsShape& shape) {
    for (int y = 0; y < shape.rows; ++y)
      for (int i = 0; i < shape.bytes; ++i)
        to[y * shape.to_step + i] = from[y * shape.from_step + i];
  }

  template <bool kSingle>
  static void products(const ProductArgs& args) {
    const int group_words = kPacked.group_words(kPacked.channels, args.inputs);
    for (int p = 0; p < args.pixels; ++p) {
      const int32_t* filter = args.filter;
      for (int c = 0; c < args.channels; c += kPacked.channels, filter += group_words)
        one_group<kSingle>(
            filter, {kPacked.channels, args.inputs}, min_of(kPacked.channels, args.channels - c),
            args.out + p * args.out_stride + c, [&](int k) { return get(args, p, k); });
    }
  }

  /// Inputs as 16 bits each, from any place in a word on.
  static void expand(int16_t* to, const int8_t* from, int n) {
    for (int i = 0; i < n; ++i) to[i] = from[i];
  }
  /// The windows of `pixels` outputs, in expanded rows and `step` words apart, times all channels.
  template <bool kSingle>
  static void row_products(const RowProductArgs& args, int step) {
    constexpr int kGroup = kPacked.channels;
    const int run = args.words * 2, rows = args.ring_bytes / args.row_bytes;
    const Weights weights = {kGroup, run * rows, true};
    for (int p = 0; p < args.pixels; ++p) {
      const int32_t* filter = args.filter;
      const auto input = [&](int k) {
        const int32_t* row = args.rows + k / run * (args.row_bytes / 4);
        if (row >= args.end) row -= args.ring_bytes / 4;
        return int32_t{reinterpret_cast<const int16_t*>(row + p * step)[k % run]};
      };
      for (int c = 0; c < args.channels; c += kGroup, filter += weights.words() + 4 * kGroup)
        one_group<kSingle>(filter, weights, min_of(kGroup, args.channels - c),
                           args.out + p * args.channels + c, input);
    }
  }

  template <bool kSingle>
  static void vector(const VectorArgs& args) {
    constexpr int kGroup = kPacked.vector_channels;
    const int32_t* filter = args.filter;
    for (int c = 0; c < args.channels;
         c += kGroup, filter += kPacked.group_words(kGroup, args.inputs))
      one_group<kSingle>(filter, {kGroup, args.inputs}, min_of(kGroup, args.channels - c),
                         args.out + c, [&](int k) { return int32_t{args.in[k]}; });
  }

  template <bool kSingle>
  static void depthwise(const DepthwiseArgs& args) {
    constexpr int kGroup = kPacked.tap_channels;
    const int group_words = kPacked.tap_group_words(args.tap_count);
    for (int x = 0; x < args.pixels; ++x) {
      const int32_t* filter = args.filter;
      for (int c = 0; c < args.channels; ++c) {
        if (c > 0 && c % kGroup == 0) filter += group_words;
        const int i = c % kGroup;
        const int lane = kPacked.tap_lane(i);
        auto acc = static_cast<uint32_t>(filter[lane]);
        for (int t = 0; t < args.tap_count; ++t)
          acc += static_cast<uint32_t>(args.taps[t][x * args.pixel_step + c] *
                                       tap(filter + kGroup, t * kGroup + kPacked.tap_place(i)));
        args.out[x * args.channels + c] = rescale<kSingle>(
            acc, filter + kGroup + kPacked.tap_words(args.tap_count), kGroup, lane);
      }
    }
  }

 private:
  static int32_t tap(const int32_t* weights, int place) {
    if constexpr (kPacked.tap_bytes == 1)
      return reinterpret_cast<const int8_t*>(weights)[place];
    else
      return static_cast<int16_t>(static_cast<uint32_t>(weights[place / 2]) >> (place % 2 * 16));
  }

  /// Two bytes an input: pairs of every second input, pixel by pixel. One byte: pixel by pixel.
  static void put(int32_t* columns, int inputs, int pixel, int k, int8_t x) {
    if constexpr (kPacked.column_bytes == 1) {
      reinterpret_cast<int8_t*>(columns)[pixel * inputs + k] = x;
    } else {
      int32_t& word = columns[(k / 4 * 2 + k % 2) * kPacked.pixels + pixel];
      const int shift = k / 2 % 2 * 16;
      word = static_cast<int32_t>((static_cast<uint32_t>(word) & ~(uint32_t{0xffff} << shift)) |
                                  (uint32_t{static_cast<uint16_t>(x)} << shift));
    }
  }
  MOTE_INLINE static int32_t get(const ProductArgs& args, int pixel, int k) {
    if constexpr (kPacked.column_bytes == 1)
      return reinterpret_cast<const int8_t*>(args.columns)[pixel * args.column_step + k];
    else
      return static_cast<int16_t>(
          static_cast<uint32_t>(args.columns[(k / 4 * 2 + k % 2) * kPacked.pixels + pixel]) >>
          (k / 2 % 2 * 16));
  }

  /// Those of a group of channels.
  struct Weights {
    int group, inputs;
    bool by_rows = false;  ///< as row_place() says; else as place()

    MOTE_INLINE int place(int c, int k) const {
      return by_rows ? kPacked.row_place(c, k) : kPacked.place(group, c, k);
    }
    int words() const { return by_rows ? inputs * group / 4 : kPacked.weight_words(group, inputs); }
  };

  template <bool kSingle, class Input>
  static void one_group(const int32_t* filter, const Weights& of, int channels, int8_t* out,
                        Input input) {
    const auto* weights = reinterpret_cast<const int8_t*>(filter + of.group);
    for (int c = 0; c < channels; ++c) {
      auto acc = static_cast<uint32_t>(filter[c]);
      for (int k = 0; k < of.inputs; ++k)
        acc += static_cast<uint32_t>(input(k) * weights[of.place(c, k)]);
      out[c] = rescale<kSingle>(acc, filter + of.group + of.words(), of.group, c);
    }
  }

  template <bool kSingle>
  static int8_t rescale(uint32_t acc, const int32_t* terms, int group, int c) {
    const auto term = [&](int i) { return terms[kPacked.rescale_place(group, c, i)]; };
    return static_cast<int8_t>(packed_rescale<kSingle>(static_cast<int32_t>(acc), term(0), term(1),
                                                       kPacked.stored_shift(term(2))));
  }
};

}  // namespace mote::isa
