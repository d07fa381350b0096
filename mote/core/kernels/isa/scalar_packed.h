#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/packed.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/core/kernels/isa/scalar_packed_multiply.h"

namespace mote::isa {

/// Packed layers for processors that multiply one number by one: RISC-V, Cortex-M0+ and M3.
///
/// One multiplication makes two products. The inputs of two outputs share a word, one 2^16 times
/// the other, and so do their sums. Of two products, and no more, each sum keeps to its half:
///
///     p = kStart + w0 (a0 + 2^16 b0) + w1 (a1 + 2^16 b1)
///     t += p, u += p >> 16
///
/// kStart lets the lower half never be negative, nor 2^16 or more, and the upper half fit 16 bits,
/// whatever the int8 are. So u has the sum of w b (less 1 a step), and t - 2^16 u that of w a.
///
/// Gathered inputs: for each, a word of outputs 0 and 1, and one of outputs 2 and 3.
struct ScalarPacked : Scalar {
  static constexpr PackedLayout kPacked = kScalarPackedLayout;

  /// Gathers `n` inputs of output `pixel` from its input `at` on. Output 0 comes before output 1
  /// and 2 before 3.
  static MOTE_INLINE void gather(int32_t* columns, int inputs, int pixel, int at,
                                 const int8_t* from, int n) {
    gather_rows(columns, inputs, pixel, at, from, n, 1, 0);
  }
  /// The same of `rows` rows of `n` inputs, `step` bytes apart.
  [[gnu::noinline]] static void gather_rows(int32_t* columns, int /*inputs*/, int pixel, int at,
                                            const int8_t* from, int n, int rows, int step) {
    auto* to = reinterpret_cast<uint32_t*>(columns) + at * kPairs + pixel / 2;
    for (; rows > 0; --rows, from += step, to += n * kPairs)
      if (pixel % 2 == 0)
        each(
            to, from, n,
            [](int8_t x, uint32_t) __attribute__((always_inline)) { return packed::widened(x); });
      else
        each(
            to, from, n, [](int8_t x, uint32_t word) __attribute__((always_inline)) {
              return word + (packed::widened(x) << 16);
            });
  }
  /// The same of one number.
  [[gnu::noinline]] static void fill(int32_t* columns, int /*inputs*/, int pixel, int at,
                                     int8_t value, int n) {
    auto* to = reinterpret_cast<uint32_t*>(columns) + at * kPairs + pixel / 2;
    const auto x = static_cast<uint32_t>(value);
    for (const auto* const end = to + n * kPairs; to != end; to += kPairs)
      *to = pixel % 2 == 0 ? x : *to + (x << 16);
  }

  template <bool kSingle>
  [[gnu::noinline]] static void products(const ProductArgs& args) {
    if (args.pixels == 1) return one_product<kSingle>(args);
    const auto* columns = reinterpret_cast<const uint32_t*>(args.columns);
    const int32_t* filter = args.filter;
    const int32_t steps = args.inputs / 2;
    int8_t* out = args.out;
    for (auto left = args.channels; left > 0; left -= kGroup, out += kGroup) {
      uint32_t sums[kGroup * kPairs * 2];
      const auto* weights = reinterpret_cast<const int8_t*>(filter + kGroup);
      packed::multiply(columns, columns + args.inputs * kPairs, weights, sums);
      const int32_t* bias = filter;
      filter += kGroup + args.inputs * kGroup / 4;
      const int count = left < kGroup ? static_cast<int>(left) : kGroup;
      finish<kSingle>(sums, bias, filter, steps, count, out, args.out_stride);
      filter += kGroup * 3;
    }
  }

  template <bool kSingle>
  [[gnu::noinline]] static void vector(const VectorArgs& args) {
    const int32_t* filter = args.filter;
    int8_t* out = args.out;
    for (auto left = args.channels; left > 0; left -= kGroup, out += kGroup) {
      const int8_t *x = args.in, *end = x + args.inputs / 4 * 4;
      const auto* w = reinterpret_cast<const int8_t*>(filter + kGroup);
      Sums sums(filter);
      for (; x != end; x += 4, w += 4 * kGroup) {
        sums.add(x[0], x[1], w);
        sums.add(x[2], x[3], w + 2 * kGroup);
      }
      if (args.inputs % 4 != 0) {
        sums.add(x[0], x[1], w);
        w += 2 * kGroup;
      }
      filter = reinterpret_cast<const int32_t*>(w);
      sums.template store<kSingle>(filter, left, out);
      filter += kGroup * 3;
    }
  }

  template <bool kSingle>
  [[gnu::noinline]] static void depthwise(const DepthwiseArgs& args) {
    if (has_three_rows(args)) {
      const ptrdiff_t across = args.taps[1] - args.taps[0];
      if (args.pixel_step == across) return sweep<kSingle, 1>(args);
      if (args.pixel_step == across * 2) return sweep<kSingle, 2>(args);
    }
    for (int32_t x = 0; x < args.pixels; ++x) {
      const int32_t* filter = args.filter;
      int8_t* out = args.out + x * args.channels;
      ptrdiff_t at = x * args.pixel_step;
      for (auto left = args.channels; left > 0; left -= kGroup, out += kGroup, at += kGroup) {
        Sums sums(filter);
        const auto* w = reinterpret_cast<const int8_t*>(filter + kGroup);
        for (auto *tap = args.taps, *end = tap + args.tap_count; tap != end; w += kGroup)
          sums.add(*tap++ + at, w);
        filter = reinterpret_cast<const int32_t*>(w);
        sums.template store<kSingle>(filter, left, out);
        filter += kGroup * 3;
      }
    }
  }

 private:
  /// Every second word from `to` on becomes f(input, word): four a round.
  template <class F>
  static MOTE_INLINE void each(uint32_t* to, const int8_t* from, int n, const F& f) {
    for (const int8_t* const end = from + n / 4 * 4; from != end; from += 4, to += 4 * kPairs)
      packed::repeat<4>([&](int i) __attribute__((always_inline)) {
        to[i * kPairs] = f(from[i], to[i * kPairs]);
      });
    for (int i = 0; i < n % 4; ++i, to += kPairs) *to = f(from[i], *to);
  }

  static constexpr int kGroup = packed::kGroup, kPairs = packed::kPairs;
  static_assert(kPacked.channels == kGroup && kPacked.vector_channels == kGroup &&
                kPacked.tap_channels == kGroup && kPacked.step == 2 && kPacked.depth == 2 &&
                kPacked.pixels == kPairs * 2 && kPacked.column_bytes == 2 && !kPacked.by_term);
  template <bool kSingle>
  static MOTE_INLINE void finish(const uint32_t* sums, const int32_t* bias, const int32_t* terms,
                                 int32_t steps, int count, int8_t* out, int32_t stride) {
    const auto n = static_cast<uint32_t>(steps);
    for (int c = 0; c < count; ++c, terms += 3) {
      const auto b = static_cast<uint32_t>(*bias++);
      int8_t* to = out + c;
      for (int p = 0; p < kPairs; ++p) {
        const uint32_t t = *sums++, u = *sums++;
        *to = rescaled<kSingle>(b + t - (u << 16) - n * 0x7fff, terms);
        to += stride;
        *to = rescaled<kSingle>(b + u + n, terms);
        to += stride;
      }
    }
  }

  template <bool kSingle>
  static MOTE_INLINE int8_t rescaled(uint32_t sum, const int32_t* terms) {
    return static_cast<int8_t>(
        packed_rescale<kSingle>(static_cast<int32_t>(sum), terms[0], terms[1], terms[2]));
  }

  /// Sums of one group's channels.
  struct Sums {
    uint32_t of[kGroup];

    explicit MOTE_INLINE Sums(const int32_t* biases) {
      packed::repeat<kGroup>([&](int c) __attribute__((always_inline)) {
        of[c] = static_cast<uint32_t>(biases[c]);
      });
    }
    /// Two inputs times all channels.
    MOTE_INLINE void add(int8_t x0, int8_t x1, const int8_t* w) {
      add(packed::widened(x0), packed::widened(x1), w);
    }
    MOTE_INLINE void add(uint32_t x0, uint32_t x1, const int8_t* w) {
      packed::repeat<kGroup>([&](int c) __attribute__((always_inline)) {
        of[c] += x0 * packed::widened(w[2 * c]);
      });
      packed::repeat<kGroup>([&](int c) __attribute__((always_inline)) {
        of[c] += x1 * packed::widened(w[2 * c + 1]);
      });
    }
    /// Each channel's input times its weight.
    MOTE_INLINE void add(const int8_t* x, const int8_t* w) {
      packed::repeat<kGroup>([&](int c) __attribute__((always_inline)) {
        of[c] += packed::widened(x[c]) * packed::widened(w[c]);
      });
    }
    template <bool kSingle>
    MOTE_INLINE void store(const int32_t* terms, int32_t left, int8_t* out) const {
      const int count = left < kGroup ? static_cast<int>(left) : kGroup;
      for (int c = 0; c < count; ++c, terms += 3) out[c] = rescaled<kSingle>(of[c], terms);
    }
  };

  template <bool kSingle>
  static MOTE_INLINE void one_product(const ProductArgs& args) {
    const int32_t* filter = args.filter;
    int8_t* out = args.out;
    for (auto left = args.channels; left > 0; left -= kGroup, out += kGroup) {
      const auto* x = reinterpret_cast<const uint32_t*>(args.columns);
      const uint32_t* const end = x + args.inputs * kPairs;
      const auto* w = reinterpret_cast<const int8_t*>(filter + kGroup);
      Sums sums(filter);
      for (; x != end; x += 2 * kPairs, w += 2 * kGroup) sums.add(x[0], x[kPairs], w);
      filter = reinterpret_cast<const int32_t*>(w);
      sums.template store<kSingle>(filter, left, out);
      filter += kGroup * 3;
    }
  }

  /// Whether taps are three times three neighbours.
  static MOTE_INLINE bool has_three_rows(const DepthwiseArgs& args) {
    if (args.tap_count != 9) return false;
    const ptrdiff_t across = args.taps[1] - args.taps[0];
    for (int i = 0; i < 9; i += 3)
      if (args.taps[i + 1] - args.taps[i] != across ||
          args.taps[i + 2] - args.taps[i + 1] != across)
        return false;
    return true;
  }

  /// Three times three taps, `kStride` columns on from one output to the next: one channel after
  /// the other, whose weights stay in registers. Each column is read once.
  template <bool kSingle, int kStride>
  static MOTE_INLINE void sweep(const DepthwiseArgs& args) {
    const ptrdiff_t across = args.taps[1] - args.taps[0], channels = args.channels;
    const int32_t* filter = args.filter;
    for (int32_t c = 0; c < channels; ++c) {
      const int8_t *p0 = args.taps[0] + c, *p1 = args.taps[3] + c, *p2 = args.taps[6] + c;
      const auto* w = reinterpret_cast<const int8_t*>(filter + kGroup) + c % kGroup;
      uint32_t weights[9];
      packed::repeat<9>([&](int i) __attribute__((always_inline)) {
        weights[i] = packed::widened(w[i * kGroup]);
      });
      const auto bias = static_cast<uint32_t>(filter[c % kGroup]);
      const int32_t* terms = filter + kGroup + 9 + c % kGroup * 3;
      const int32_t multiplier = terms[0], addend = terms[1], shift = terms[2];
      uint32_t x0, x1, x2;
      const auto read = [&]() __attribute__((always_inline)) {
        x0 = packed::widened(*p0), x1 = packed::widened(*p1), x2 = packed::widened(*p2);
        p0 += across, p1 += across, p2 += across;
      };
      const auto column = [&](int kx) __attribute__((always_inline)) {
        return x0 * weights[kx] + x1 * weights[3 + kx] + x2 * weights[6 + kx];
      };
      read();
      uint32_t next = bias + column(0), after = bias;
      if constexpr (kStride == 1) {
        read();
        next += column(1), after += column(0);
      }
      int8_t* out = args.out + c;
      for (const int8_t* const end = out + args.pixels * channels; out != end; out += channels) {
        read();
        uint32_t sum = next;
        if constexpr (kStride == 1) {
          sum += column(2), next = after + column(1), after = bias + column(0);
        } else {
          sum += column(1);
          read();
          sum += column(2), next = bias + column(0);
        }
        *out = static_cast<int8_t>(
            packed_rescale<kSingle>(static_cast<int32_t>(sum), multiplier, addend, shift));
      }
      if (c % kGroup == kGroup - 1) filter += kGroup + 9 + kGroup * 3;
    }
  }
};

}  // namespace mote::isa
