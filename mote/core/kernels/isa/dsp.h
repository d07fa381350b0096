#pragma once

#include <stdint.h>

#include "mote/core/kernels/isa/packed_twin.h"

#ifdef __ARM_FEATURE_DSP
#include "mote/core/kernels/isa/dsp_loops.h"
#include "mote/core/kernels/isa/dsp_rows.h"
#endif

namespace mote::isa {

#ifndef __ARM_FEATURE_DSP
/// What Cortex-M4, M7 and M33 compute, in plain C++.
using Dsp = PackedTwin<kDspLayout>;
#else

/// Cortex-M4, M7 and M33: two products of 16 bits an instruction. Functions are shared by all
/// layers of a network.
struct Dsp : Scalar {
  static constexpr PackedLayout kPacked = kDspLayout;

  static MOTE_INLINE void gather(int32_t* columns, int inputs, int pixel, int at,
                                 const int8_t* from, int n) {
    gather_rows(columns, inputs, pixel, at, from, n, 1, 0);
  }
  /// n is a multiple of four, or there is but one row.
  [[gnu::noinline]] static void gather_rows(int32_t* columns, int, int pixel, int at,
                                            const int8_t* from, int n, int rows, int step) {
    int32_t* to = columns + at / 2 * kPacked.pixels + pixel;
    for (step -= n & ~3; rows > 0; --rows, from += step)
      for (const int8_t* end = from + (n & ~3); from != end; from += 4, to += 2 * kPacked.pixels) {
        const uint32_t four = dsp::load(from);
        to[0] = dsp::even_bytes(four);
        to[kPacked.pixels] = dsp::odd_bytes(four);
      }
    n &= 3;
    if (n == 0) return;
    from -= step;
    uint32_t rest = 0;
    for (int i = 0; i < n; ++i) rest |= uint32_t{static_cast<uint8_t>(from[i])} << (8 * i);
    to[0] = dsp::even_bytes(rest);
    to[kPacked.pixels] = dsp::odd_bytes(rest);
  }
  [[gnu::noinline]] static void fill(int32_t* columns, int, int pixel, int at, int8_t value,
                                     int n) {
    const int32_t pair = dsp::even_bytes(static_cast<uint8_t>(value) * 0x01010101u);
    int32_t* to = columns + at / 2 * kPacked.pixels + pixel;
    for (n = (n + 3) / 4 * 2; n > 0; --n, to += kPacked.pixels) *to = pair;
  }

  template <bool kSingle>
  static MOTE_INLINE void products(const ProductArgs& args) {
    dsp::products<kSingle>(&args);
  }
  [[gnu::noinline]] static void expand(int16_t* to, const int8_t* from, int n) {
    if (reinterpret_cast<uintptr_t>(to) % 4 != 0 && n > 0) --n, *to++ = *from++;
    for (; n >= 4; n -= 4, from += 4, to += 4) {
      const uint32_t four = dsp::load(from);
      const int32_t even = dsp::even_bytes(four), odd = dsp::odd_bytes(four);
      dsp::store(to, dsp::lower_halves(even, odd));
      dsp::store(to + 2, dsp::upper_halves(even, odd));
    }
    for (; n > 0; --n) *to++ = *from++;
  }
  template <bool kSingle>
  static MOTE_INLINE void row_products(const RowProductArgs& args, int step) {
    if (step == 1)
      dsp::row_products_1<kSingle>(&args);
    else
      dsp::row_products_3<kSingle>(&args);
  }

  template <bool kSingle>
  static MOTE_INLINE void vector(const VectorArgs& args) {
    dsp::vector<kSingle>(&args);
  }
  template <bool kSingle>
  static MOTE_INLINE void depthwise(const DepthwiseArgs& args) {
    if (args.filter_w == 3 && args.tap_count == 9)
      dsp::depthwise_3x3<kSingle>(&args);
    else
      dsp::depthwise<kSingle>(&args);
  }
};
#endif

}  // namespace mote::isa
