#pragma once

#include "mote/core/kernels/isa/packed_twin.h"

#ifdef __ARM_FEATURE_MVE
#include "mote/core/kernels/isa/mve_depthwise.h"
#include "mote/core/kernels/isa/mve_products.h"
#include "mote/core/kernels/isa/mve_vectors.h"
#endif

namespace mote::isa {

#ifndef __ARM_FEATURE_MVE
/// What Cortex-M55 computes, in plain C++.
using Mve = PackedTwin<kMveLayout>;
#else

/// Cortex-M55: sixteen products of bytes an instruction. Functions are shared by all layers of a
/// network.
struct Mve : Scalar {
  static constexpr PackedLayout kPacked = kMveLayout;

  static MOTE_INLINE void copy_rows(int8_t* to, const int8_t* from, const RowsShape& shape) {
    mve::copy_rows(to, from, &shape);
  }
  template <bool kSingle>
  static MOTE_INLINE void products(const ProductArgs& args) {
    mve::products<kSingle>(&args);
  }
  template <bool kSingle>
  static MOTE_INLINE void vector(const VectorArgs& args) {
    mve::vector<kSingle>(&args);
  }
  template <bool kSingle>
  [[gnu::noinline]] static void depthwise(const DepthwiseArgs& args) {
    if (args.pixels > 1) {
      if (args.filter_w == 3 && args.taps[1] - args.taps[0] == args.pixel_step)
        mve::depthwise_pairs_by_rows<kSingle>(&args);
      else
        mve::depthwise_pairs<kSingle>(&args);
    }
    if (args.pixels % 2 == 1) mve::depthwise_last<kSingle>(&args);
  }

  static constexpr bool kSumsLinearly = true;
  /// As Scalar, by fours. @returns how many it has done
  template <class Attrs>
  static MOTE_INLINE int add_linear_s8(const Attrs& attrs, const int8_t* a, const int8_t* b,
                                       int8_t* out, int n) {
    if (n < 4) return 0;
    const mve::LinearSum sum = {attrs.low1, attrs.low2,  attrs.low,     attrs.high1,  attrs.high2,
                                attrs.high, attrs.shift, attrs.act_min, attrs.act_max};
    mve::add_linear(sum, a, b, out, n / 4);
    return n / 4 * 4;
  }
};
#endif

}  // namespace mote::isa
