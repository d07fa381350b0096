#pragma once

#include <immintrin.h>
#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/avx512_across.h"
#include "mote/core/kernels/isa/avx512_columns.h"
#include "mote/core/kernels/isa/avx512_floats.h"
#include "mote/core/kernels/isa/avx512_lanes.h"
#include "mote/core/kernels/isa/avx512_rescale.h"
#include "mote/core/kernels/isa/scalar_tiles.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// x86 with AVX-512 F, BW, DQ, VL and VNNI: vpdpbusd multiplies 64 pairs of an unsigned and a
/// signed byte and adds them up by fours.
struct Avx512Vnni {
  static constexpr TileLayout kLayout = kAvx512VnniLayout;
  /// Pixels of a tile that is `panels` wide, so that accumulators stay in registers.
  static constexpr int rows_of(int panels) { return panels == 1 ? 12 : panels == 2 ? 10 : 6; }
  static constexpr int kMaxPanels = 4;
  static constexpr bool kSlides = false;
  using Across = Avx512Across<Avx512Vnni>;
  using Columns = Avx512Columns<Avx512Vnni>;

  static constexpr TileLayout kFloatLayout = kAvx512FloatLayout;
  static constexpr int kFloatRows = 8;  ///< pixels of a tile of floats, two panels wide
  using Floats = Avx512Floats;

  /// Computes kRows pixels by kPanels panels.
  ///
  /// Never inlined: on its own it has all registers.
  template <int kRows, int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void tile(const TileArgs& a) {
    __m512i acc[kRows][kPanels], sum[kRows];
#pragma GCC unroll 16
    for (int p = 0; p < kPanels; ++p)
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) acc[r][p] = load(a.by.bias + 16 * p);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) sum[r] = _mm512_setzero_si512();
    const int8_t *w = a.filter, *ones = a.ones;
    for (int i = 0; i < a.run_count; ++i) {
      const int8_t* x = a.runs[i];
      for (int s = 0; s < a.steps; ++s, x += 4, w += 64) {
        __m512i weights[kPanels];
#pragma GCC unroll 16
        for (int p = 0; p < kPanels; ++p) weights[p] = load(w + p * a.panel_bytes);
#pragma GCC unroll 16
        for (int r = 0; r < kRows; ++r) {
          const __m512i inputs = broadcast(x + r * a.pixel_stride);
#pragma GCC unroll 16
          for (int p = 0; p < kPanels; ++p) multiply_add(acc[r][p], inputs, weights[p]);
          if constexpr (kFilterOffset) multiply_add(sum[r], inputs, load(ones));
        }
        if constexpr (kFilterOffset) ones += 64;
      }
    }
    if constexpr (kFilterOffset) {
      const __m512i offset = _mm512_set1_epi32(a.filter_offset);
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 16
        for (int p = 0; p < kPanels; ++p)
          acc[r][p] = _mm512_add_epi32(acc[r][p], _mm512_mullo_epi32(sum[r], offset));
    }
    with_rounding<Avx512Vnni, kSingle>(
        a, [&]<Rounding kRounding>() __attribute__((always_inline)) {
#pragma GCC unroll 16
          for (int p = 0; p < kPanels; ++p) {
            const auto by = Avx512Rescale<Avx512Vnni, kSingle>::of(a.by, 16 * p, a.output_offset);
#pragma GCC unroll 16
            for (int r = 0; r < kRows; ++r) acc[r][p] = by.template apply<kRounding>(acc[r][p]);
          }
        });
    constexpr int kTogether = 4 / kPanels;  // pixels that fill a register of bytes
#pragma GCC unroll 16
    for (int r = 0; r < kRows; r += kTogether)
      store<kPanels>(&acc[r][0], min_of(kTogether, kRows - r), a.out + r * a.out_stride, a);
  }

  /// `count` pieces of so many bytes, `step` apart, one behind another, with 128 added to each
  /// byte.
  [[gnu::noinline]] static void copy_biased(int8_t* to, const int8_t* from, int bytes, int count,
                                            int step) {
    const __m512i bias = _mm512_set1_epi8(-128);
    const __mmask64 rest = first_bytes(bytes % 64);
    for (; count > 0; --count, to += bytes, from += step) {
      int i = 0;
      for (; i + 64 <= bytes; i += 64)
        _mm512_storeu_si512(to + i, _mm512_xor_si512(load(from + i), bias));
      if (rest)
        _mm512_mask_storeu_epi8(to + i, rest,
                                _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, from + i), bias));
    }
  }

  /// One pixel of at most TileLayout::dot_channels channels by long runs; the filter is packed as
  /// dots_layout() says. Exact rescale.
  [[gnu::noinline]] static void dots(const TileArgs& a) {
    for (int c = 0; c < a.channels; ++c) {
      __m512i acc[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
      const int8_t* w = a.filter + c * a.panel_bytes;
      for (int i = 0; i < a.run_count; ++i)
        for (int s = 0; s < a.steps; ++s, w += 64)
          multiply_add(acc[s % 2], load(a.runs[i] + 64 * s), load(w));
      const auto sum =
          static_cast<uint32_t>(_mm512_reduce_add_epi32(_mm512_add_epi32(acc[0], acc[1])));
      a.out[c] = ScalarTiles::rescale<false>(sum + static_cast<uint32_t>(a.by.bias[c]), c, a);
    }
  }

  /// Depthwise: `pixels` pixels of kPanels (1, 2 or 4) panels of channels; each run is one tap.
  ///
  /// Four taps of 16 channels are transposed by unpacking, which works within lanes of 16 bytes: so
  /// of a block of kPanels lanes, vector j gets channels 4j to 4j + 3 of each lane. Filters and
  /// arrays are packed in this order (depthwise_place), and narrowing to bytes restores the
  /// natural.
  template <int kPanels, bool kSingle, bool kFilterOffset>
  [[gnu::noinline]] static void depthwise(const TileArgs& args, int pixels) {
    using V = Avx512Lanes<kPanels>;
    constexpr int kBytes = 16 * kPanels;
    const TileArgs a = args;
    const BlockRequantizer<kPanels, kSingle> requantize(a);
    for (int x = 0; x < pixels; ++x) {
      const int at = x * a.pixel_stride;
      typename V::Type acc[4], sum[4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        acc[j] = V::load(a.by.bias + 4 * kPanels * j);
        sum[j] = V::zero();
      }
      const int8_t *w = a.filter, *ones = a.ones;
      for (int t = 0; t < 4 * a.steps; t += 4, w += a.panel_bytes, ones += 64) {
        typename V::Type taps[4];
        load_taps<V>(a.runs + t, at, taps);
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) {
          V::multiply_add(acc[j], taps[j], V::load(w + kBytes * j));
          if constexpr (kFilterOffset) V::multiply_add(sum[j], taps[j], V::load(ones));
        }
      }
      __m512i y[kPanels], s[kPanels];
      V::join(acc, y);
      V::join(sum, s);
#pragma GCC unroll 4
      for (int p = 0; p < kPanels; ++p)
        if constexpr (kFilterOffset)
          y[p] =
              _mm512_add_epi32(y[p], _mm512_mullo_epi32(s[p], _mm512_set1_epi32(a.filter_offset)));
      requantize(a, y, a.out + x * a.out_stride);
    }
  }

 private:
  static MOTE_INLINE __m512i load(const void* from) { return _mm512_loadu_si512(from); }
  /// A mask of the first `count` of 64 bytes.
  static MOTE_INLINE __mmask64 first_bytes(int count) {
    return count >= 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
  }

  /// acc += four products of each lane. GCC 12 copies accumulators round the intrinsic in loops.
  static MOTE_INLINE void multiply_add(__m512i& acc, __m512i inputs, __m512i weights) {
    asm("vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(inputs), "v"(weights));
  }

  /// Four bytes in every lane.
  static MOTE_INLINE __m512i broadcast(const int8_t* from) {
    int32_t four;
    __builtin_memcpy(&four, from, sizeof four);
    return _mm512_set1_epi32(four);
  }

  /// taps[j]: four bytes a channel, one of each of four taps.
  template <class V>
  static MOTE_INLINE void load_taps(const int8_t* const* runs, int at, typename V::Type* taps) {
    typename V::Type x[4];
#pragma GCC unroll 4
    for (int t = 0; t < 4; ++t) x[t] = V::load(runs[t] + at);
    const auto low01 = V::unpack_low8(x[0], x[1]), high01 = V::unpack_high8(x[0], x[1]);
    const auto low23 = V::unpack_low8(x[2], x[3]), high23 = V::unpack_high8(x[2], x[3]);
    taps[0] = V::unpack_low16(low01, low23);
    taps[1] = V::unpack_high16(low01, low23);
    taps[2] = V::unpack_low16(high01, high23);
    taps[3] = V::unpack_high16(high01, high23);
  }

  static MOTE_INLINE __m512i clamp(__m512i bytes, const TileArgs& a) {
    bytes = _mm512_max_epi8(bytes, _mm512_set1_epi8(static_cast<char>(a.act_min)));
    return _mm512_min_epi8(bytes, _mm512_set1_epi8(static_cast<char>(a.act_max)));
  }

  /// 64 numbers of four vectors as bytes; quarters of the vectors lie side by side.
  static MOTE_INLINE __m512i narrow(const __m512i* y) {
    return _mm512_packs_epi16(_mm512_packs_epi32(y[0], y[1]), _mm512_packs_epi32(y[2], y[3]));
  }

  /// Stores `pixels` pixels of kPanels vectors each, at most four vectors in all.
  template <int kPanels>
  static MOTE_INLINE void store(const __m512i* y, int pixels, int8_t* out, const TileArgs& a) {
    const int count = pixels * kPanels;
    const __m512i four[] = {y[0], y[count > 1 ? 1 : 0], y[count > 2 ? 2 : 0], y[count > 3 ? 3 : 0]};
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i bytes = clamp(_mm512_permutexvar_epi32(order, narrow(four)), a);
    const __mmask64 mask = first_bytes(min_of(a.channels, 16 * kPanels));
    if constexpr (kPanels == 4) {
      _mm512_mask_storeu_epi8(out, mask, bytes);
    } else if (count == 4 && a.out_stride == 16 * kPanels) {
      _mm512_storeu_si512(out, bytes);
    } else if constexpr (kPanels == 2) {
      const auto half = static_cast<__mmask32>(mask);
      _mm256_mask_storeu_epi8(out, half, _mm512_castsi512_si256(bytes));
      if (pixels > 1)
        _mm256_mask_storeu_epi8(out + a.out_stride, half, _mm512_extracti64x4_epi64(bytes, 1));
    } else {
      const auto quarter = static_cast<__mmask16>(mask);
      _mm_mask_storeu_epi8(out, quarter, _mm512_castsi512_si128(bytes));
      if (pixels > 1)
        _mm_mask_storeu_epi8(out + a.out_stride, quarter, _mm512_extracti32x4_epi32(bytes, 1));
      if (pixels > 2)
        _mm_mask_storeu_epi8(out + 2 * a.out_stride, quarter, _mm512_extracti32x4_epi32(bytes, 2));
      if (pixels > 3)
        _mm_mask_storeu_epi8(out + 3 * a.out_stride, quarter, _mm512_extracti32x4_epi32(bytes, 3));
    }
  }

  /// Makes bytes of a block of kPanels panels of a depthwise layer, in the order of its vectors.
  template <int kPanels, bool kSingle>
  struct BlockRequantizer {
    using Rescale = Avx512Rescale<Avx512Vnni, kSingle>;
    Rescale by[kPanels];
    __m512i least, most;
    __mmask64 channels;

    MOTE_INLINE explicit BlockRequantizer(const TileArgs& a)
        : least(_mm512_set1_epi8(static_cast<char>(a.act_min))),
          most(_mm512_set1_epi8(static_cast<char>(a.act_max))),
          channels(first_bytes(a.channels)) {
#pragma GCC unroll 4
      for (int p = 0; p < kPanels; ++p) by[p] = Rescale::of(a.by, 16 * p, a.output_offset);
    }

    MOTE_INLINE void operator()(const TileArgs& args, __m512i* y, int8_t* out) const {
      with_rounding<Avx512Vnni, kSingle>(
          args, [&]<Rounding kRounding>() __attribute__((always_inline)) {
#pragma GCC unroll 4
            for (int p = 0; p < kPanels; ++p) y[p] = by[p].template apply<kRounding>(y[p]);
          });
      __m512i bytes = natural_order(y);
      bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, least), most);
      _mm512_mask_storeu_epi8(out, channels, bytes);
    }

   private:
    static MOTE_INLINE __m512i natural_order(const __m512i* y) {
      if constexpr (kPanels == 4) {
        return narrow(y);
      } else if constexpr (kPanels == 2) {
        const __m256i halves =
            _mm256_set_m128i(_mm512_cvtsepi32_epi8(y[1]), _mm512_cvtsepi32_epi8(y[0]));
        const __m256i order = _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7);
        return _mm512_castsi256_si512(_mm256_permutevar8x32_epi32(halves, order));
      } else {
        return _mm512_castsi128_si512(_mm512_cvtsepi32_epi8(y[0]));
      }
    }
  };
};

}  // namespace mote::isa
