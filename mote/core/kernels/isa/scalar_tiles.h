#pragma once

#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// Tiles in plain C++: what those of every instruction set compute, one pixel and one channel at a
/// time.
struct ScalarTiles : Scalar {
  static constexpr TileLayout kLayout = kScalarTilesLayout;
  static constexpr int rows_of(int) { return 2; }
  static constexpr int kMaxPanels = 2;
  static constexpr bool kSlides = false;

  static constexpr TileLayout kFloatLayout = kScalarTilesFloatLayout;
  static constexpr int kFloatRows = 2;  ///< pixels of a tile of floats, two panels wide

  /// A register of floats.
  struct Floats {
    static constexpr int kLanes = 2;
    struct Type {
      float lane[kLanes];
    };
    static MOTE_INLINE Type load(const float* from) { return {{from[0], from[1]}}; }
    static MOTE_INLINE Type broadcast(float x) { return {{x, x}}; }
    static MOTE_INLINE void store(float* to, const Type& x) {
      for (int i = 0; i < kLanes; ++i) to[i] = x.lane[i];
    }
    /// acc + a * b, rounded once.
    static MOTE_INLINE void multiply_add(Type& acc, const Type& a, const Type& b) {
      fused_multiply_add_f32(acc.lane, a.lane, b.lane, kLanes);
    }
    static MOTE_INLINE Type add(Type a, const Type& b) {
      for (int i = 0; i < kLanes; ++i) a.lane[i] += b.lane[i];
      return a;
    }
    static MOTE_INLINE Type multiply(Type a, const Type& b) {
      for (int i = 0; i < kLanes; ++i) a.lane[i] *= b.lane[i];
      return a;
    }
    /// As of two numbers: `a` where one of them is none.
    static MOTE_INLINE Type min_of(Type a, const Type& b) {
      for (int i = 0; i < kLanes; ++i) a.lane[i] = mote::min_of(a.lane[i], b.lane[i]);
      return a;
    }
    static MOTE_INLINE Type max_of(Type a, const Type& b) {
      for (int i = 0; i < kLanes; ++i) a.lane[i] = mote::max_of(a.lane[i], b.lane[i]);
      return a;
    }
    /// Halves away from zero; for magnitudes below 2^22.
    static MOTE_INLINE Type round(Type x) {
      for (float& lane : x.lane) lane = roundf(lane);
      return x;
    }
  };

  template <int kRows, int kPanels, bool kSingle, bool kFilterOffset>
  static MOTE_INLINE void tile(const TileArgs& a) {
    const int channels = min_of(a.channels, kPanels * kLayout.columns);
    for (int r = 0; r < kRows; ++r)
      for (int c = 0; c < channels; ++c) {
        const int8_t* w = a.filter + c / kLayout.columns * a.panel_bytes + c % kLayout.columns;
        uint32_t acc = static_cast<uint32_t>(a.by.bias[c]);
        for (int i = 0; i < a.run_count; ++i)
          for (int s = 0; s < a.steps; ++s, w += kLayout.columns)
            acc += product<kFilterOffset>(a.runs[i][r * a.pixel_stride + s], *w, a);
        a.out[r * a.out_stride + c] = rescale<kSingle>(acc, c, a);
      }
  }

  template <int kPanels, bool kSingle, bool kFilterOffset>
  static MOTE_INLINE void depthwise(const TileArgs& a, int pixels) {
    const int channels = min_of(a.channels, kPanels * kLayout.columns);
    for (int x = 0; x < pixels; ++x)
      for (int c = 0; c < channels; ++c) {
        uint32_t acc = static_cast<uint32_t>(a.by.bias[c]);
        for (int t = 0; t < a.steps; ++t)
          acc += product<kFilterOffset>(a.runs[t][x * a.pixel_stride + c],
                                        a.filter[t * a.panel_bytes + c], a);
        a.out[x * a.out_stride + c] = rescale<kSingle>(acc, c, a);
      }
  }

  /// TileRescale of channel c's accumulator, clamped.
  template <bool kSingle>
  static MOTE_INLINE int8_t rescale(uint32_t sum, int c, const TileArgs& a) {
    const auto acc = static_cast<int32_t>(sum);
    int32_t y;
    if constexpr (kSingle)
      y = (static_cast<int32_t>((int64_t{acc} * a.by.multiplier[c]) >> 32) + a.by.addend[c]) >>
          a.by.shift[c];
    else
      y = wrapping_add(requantize(static_cast<int32_t>(sum << a.by.addend[c]), a.by.multiplier[c],
                                  -a.by.shift[c]),
                       a.output_offset);
    return static_cast<int8_t>(clamp<int32_t>(y, a.act_min, a.act_max));
  }

 private:
  template <bool kFilterOffset>
  static MOTE_INLINE uint32_t product(int x, int w, const TileArgs& a) {
    return static_cast<uint32_t>(x * (kFilterOffset ? w + a.filter_offset : w));
  }
};

}  // namespace mote::isa
