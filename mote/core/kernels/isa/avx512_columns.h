#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include "mote/core/base/fixed_point.h"
#include "mote/core/kernels/isa/avx512_rescale.h"
#include "mote/core/kernels/isa/tile.h"

namespace mote::isa {

/// Depthwise convolutions with up to four rows of taps, for AVX-512 with VNNI: rows of the input
/// are interleaved, so that four bytes, one below another, are what vpdpbusd sums up; what is
/// interleaved once serves all columns of taps, and two output rows.
///
/// Templates so that their code belongs to the instruction set, as objects for one must have it.
template <class Isa>
class Avx512Columns {
 public:
  /// Four rows. Of one that is `constant`, the first 64 bytes count again and again.
  struct Rows {
    const int8_t* row[4];
    bool constant[4];
  };
  /// `count` pieces of `bytes` bytes of each row, interleaved, with 128 added to each byte; pieces
  /// begin `step` apart.
  [[gnu::noinline]] static void interleave(int8_t* to, const Rows& rows, int bytes, int count,
                                           int step) {
    // Unpacking works within lanes of 16 bytes: let lane i have the words 4j + i.
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i bias = _mm512_set1_epi8(-128);
    const int8_t* row[4];
    ptrdiff_t moves[4];  // all ones, or none where the row is constant
    for (int i = 0; i < 4; ++i) row[i] = rows.row[i], moves[i] = rows.constant[i] ? 0 : -1;
    for (ptrdiff_t at = 0; count > 0; --count, at += step)
      for (int i = 0; i < bytes; i += 64, to += 4 * min_of(64, bytes - i + 64)) {
        const __mmask64 mask = first(bytes - i);
        __m512i x[4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) {
          x[j] = _mm512_maskz_loadu_epi8(mask, row[j] + ((at + i) & moves[j]));
          x[j] = _mm512_permutexvar_epi32(order, _mm512_xor_si512(x[j], bias));
        }
        const __m512i low01 = _mm512_unpacklo_epi8(x[0], x[1]);
        const __m512i low23 = _mm512_unpacklo_epi8(x[2], x[3]);
        const __m512i high01 = _mm512_unpackhi_epi8(x[0], x[1]);
        const __m512i high23 = _mm512_unpackhi_epi8(x[2], x[3]);
        const __m512i columns[4] = {
            _mm512_unpacklo_epi16(low01, low23), _mm512_unpackhi_epi16(low01, low23),
            _mm512_unpacklo_epi16(high01, high23), _mm512_unpackhi_epi16(high01, high23)};
        if (bytes - i >= 64) {
#pragma GCC unroll 4
          for (int j = 0; j < 4; ++j) _mm512_storeu_si512(to + 64 * j, columns[j]);
        } else {
#pragma GCC unroll 4
          for (int j = 0; j < 4; ++j)
            _mm512_mask_storeu_epi32(to + 64 * j, static_cast<__mmask16>(mask >> (16 * j)),
                                     columns[j]);
        }
      }
  }

  static constexpr int kPairTaps = 3;  ///< of the filters with which two rows are computed at once

  /// One output row, or two: the second sees the four rows without the first of them.
  template <int kRows>
  static MOTE_INLINE void lines(const ColumnArgs& a) {
    a.rounding == Rounding::kDown ? lines<kRows, Rounding::kDown>(a)
                                  : lines<kRows, Rounding::kToZero>(a);
  }

 private:
  template <int kRows, Rounding kRounding>
  static MOTE_INLINE void lines(const ColumnArgs& a) {
    if (kRows == 2 || a.taps == kPairTaps)
      line<kRows, kPairTaps, kRounding>(a);
    else
      line<1, 0, kRounding>(a);
  }

  /// A mask of the first `count` of 64 bytes.
  static MOTE_INLINE __mmask64 first(int count) {
    return count >= 64 ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
  }
  static MOTE_INLINE void multiply_add(__m512i& acc, __m512i inputs, __m512i weights) {
    asm("vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(inputs), "v"(weights));
  }

  /// What all outputs of a line share; kTaps of 0 are any number.
  template <int kRows, int kTaps, Rounding kRounding>
  struct Line {
    __m512i bias, least, most, weights[kRows][kTaps > 0 ? kTaps : 1];
    Avx512Rescale<Isa, true> rescale;
    __mmask16 channels;

    explicit MOTE_INLINE Line(const ColumnArgs& a)
        : bias(_mm512_loadu_si512(a.by.bias)),
          least(_mm512_set1_epi8(static_cast<char>(a.act_min))),
          most(_mm512_set1_epi8(static_cast<char>(a.act_max))),
          rescale(Avx512Rescale<Isa, true>::of(a.by, 0, a.output_offset)),
          channels(static_cast<__mmask16>(first(a.channels))) {
#pragma GCC unroll 4
      for (int t = 0; t < kTaps; ++t)
        for (int r = 0; r < kRows; ++r)
          weights[r][t] = below(_mm512_loadu_si512(a.filter + t * a.filter_step), r);
    }

    /// kPixels outputs of each row.
    template <int kPixels>
    MOTE_INLINE void compute(const ColumnArgs& a, const int8_t* in, int8_t* out) const {
      __m512i acc[kRows][kPixels];
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 8
        for (int p = 0; p < kPixels; ++p) acc[r][p] = bias;
      if constexpr (kTaps > 0) {
#pragma GCC unroll 4
        for (int t = 0; t < kTaps; ++t)
#pragma GCC unroll 8
          for (int p = 0; p < kPixels; ++p) {
            const __m512i x = _mm512_loadu_si512(in + p * a.in_step + t * a.tap_step);
#pragma GCC unroll 2
            for (int r = 0; r < kRows; ++r) multiply_add(acc[r][p], x, weights[r][t]);
          }
      } else {
        for (int t = 0; t < a.taps; ++t) {
          const __m512i w = _mm512_loadu_si512(a.filter + t * a.filter_step);
#pragma GCC unroll 8
          for (int p = 0; p < kPixels; ++p) {
            const __m512i x = _mm512_loadu_si512(in + p * a.in_step + t * a.tap_step);
#pragma GCC unroll 2
            for (int r = 0; r < kRows; ++r) multiply_add(acc[r][p], x, below(w, r));
          }
        }
      }
#pragma GCC unroll 2
      for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
        for (int p = 0; p < kPixels; ++p) acc[r][p] = rescale.template apply<kRounding>(acc[r][p]);
        store<kPixels>(acc[r], out + r * a.row_bytes, a.out_step);
      }
    }

   private:
    /// Weights for r rows further down.
    static MOTE_INLINE __m512i below(__m512i weights, int r) {
      return r == 0 ? weights : _mm512_slli_epi32(weights, 8);
    }

    template <int kPixels>
    MOTE_INLINE void store(const __m512i* y, int8_t* out, int step) const {
      if constexpr (kPixels == 1) {
        const __m128i bytes = _mm512_cvtsepi32_epi8(y[0]);
        _mm_mask_storeu_epi8(out, channels,
                             _mm_min_epi8(_mm_max_epi8(bytes, _mm512_castsi512_si128(least)),
                                          _mm512_castsi512_si128(most)));
      } else {
        const __m512i order =
            _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        __m512i bytes =
            _mm512_packs_epi16(_mm512_packs_epi32(y[0], y[1]), _mm512_packs_epi32(y[2], y[3]));
        bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, least), most);
        bytes = _mm512_permutexvar_epi32(order, bytes);
        if (step == 16 && channels == 0xffff) {
          _mm512_storeu_si512(out, bytes);
        } else {
          _mm_mask_storeu_epi8(out, channels, _mm512_castsi512_si128(bytes));
          _mm_mask_storeu_epi8(out + step, channels, _mm512_extracti32x4_epi32(bytes, 1));
          _mm_mask_storeu_epi8(out + 2 * step, channels, _mm512_extracti32x4_epi32(bytes, 2));
          _mm_mask_storeu_epi8(out + 3 * step, channels, _mm512_extracti32x4_epi32(bytes, 3));
        }
      }
    }
  };

  template <int kRows, int kTaps, Rounding kRounding>
  [[gnu::noinline]] static void line(const ColumnArgs& args) {
    const ColumnArgs a = args;  // of its own: stores of bytes could change any other
    const Line<kRows, kTaps, kRounding> line(a);
    const int8_t* in = a.in;
    int8_t* out = a.out;
    int pixels = a.pixels;
    for (; pixels >= 4; pixels -= 4, in += 4 * a.in_step, out += 4 * a.out_step)
      line.template compute<4>(a, in, out);
    for (; pixels > 0; --pixels, in += a.in_step, out += a.out_step)
      line.template compute<1>(a, in, out);
  }
};

}  // namespace mote::isa
