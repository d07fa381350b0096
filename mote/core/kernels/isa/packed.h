#pragma once

#include <stdint.h>

#include "mote/core/base/compiler.h"

/// Layers as small processors are given them: weights, biases and rescales of a few output channels
/// in one stream, in the order in which an inner loop reads it, so that one register leads through
/// all of it. Portable: compilers for any machine pack for any other.
namespace mote::isa {

/// How an instruction set wants layers packed.
///
/// A stream has groups of output channels, each of 32-bit words:
///
///     biases      one word a channel, with what the input's zero point adds
///     weights     of all inputs, as place() or tap_place() say, padded with zeros
///     rescales    three words a channel, as rescale_place() says
struct PackedLayout {
  int channels = 0;         ///< of a group of a convolution; 0: the instruction set has no kernels
  int depth = 1;            ///< inputs of an output are padded to a multiple of this
  int step = 1;             ///< neighbouring inputs of one channel that lie side by side
  int pixels = 1;           ///< outputs whose inputs are gathered, to be multiplied together
  int column_bytes = 1;     ///< of a gathered input
  int unit = 1;             ///< inputs are gathered from a multiple of this on
  int vector_channels = 1;  ///< of a group of a matrix by a vector
  int tap_channels = 1;     ///< of a group of a depthwise convolution
  int tap_bytes = 1;        ///< of its weights
  /// Two channels take turns, byte by byte, and so do inputs: what SXTB16 takes apart.
  bool pairs = false;
  bool by_term = false;      ///< rescales: one term of all channels after another
  bool any_pixels = false;   ///< products() takes less than `pixels` outputs; else one by one
  bool left_shifts = false;  ///< shifts are stored as the left shifts that they are not
  /// Of a group of a depthwise convolution, even channels' biases and rescales come first.
  bool taps_by_halves = false;
  int row_words = 0;  ///< the most pairs of a filter's row that row_products() takes; 0: it is not
                      ///< there

  constexpr int padded(int inputs) const { return (inputs + depth - 1) / depth * depth; }

  /// Where, in bytes, the weight for input `k` of channel `c` stands among those of a group of so
  /// many channels.
  MOTE_INLINE constexpr int place(int group, int c, int k) const {
    if (pairs) return k / 4 * 4 * group + c / 2 * 8 + k % 2 * 4 + k / 2 % 2 * 2 + c % 2;
    return k / step * step * group + c * step + k % step;
  }
  /// Where the weight of channel `c` stands among those of a depthwise filter's tap, in weights.
  constexpr int tap_place(int c) const { return pairs ? c % 2 * 2 + c / 2 : c; }
  /// Where the bias of channel `c` stands among those of a depthwise filter, and each of its terms.
  constexpr int tap_lane(int c) const {
    return taps_by_halves ? c % 2 * (tap_channels / 2) + c / 2 : c;
  }
  /// Where term 0 (multiplier), 1 (addend) or 2 (shift) of channel `c` stands, in words.
  constexpr int rescale_place(int group, int c, int term) const {
    return by_term ? term * group + c : c * 3 + term;
  }
  constexpr int32_t stored_shift(int32_t shift) const { return left_shifts ? -shift : shift; }

  /// Where, in bytes, the weight of channel `c` for input `i` of a filter's row stands among those
  /// of a group, each row being padded to pairs.
  constexpr int row_place(int c, int i) const { return i / 2 * 2 * channels + i % 2 * 2 + c; }
  /// Whether row_products() takes windows that are so many words apart.
  constexpr bool takes_row_step(int words) const { return words == 1 || words == 3; }

  /// Words of a group's weights, and of all that a group has.
  constexpr int weight_words(int group, int inputs) const { return padded(inputs) * group / 4; }
  constexpr int group_words(int group, int inputs) const {
    return group * 4 + weight_words(group, inputs);
  }
  constexpr int tap_words(int taps) const { return (taps * tap_channels * tap_bytes + 3) / 4; }
  constexpr int tap_group_words(int taps) const { return tap_channels * 4 + tap_words(taps); }

  /// Bytes of memory for the inputs of `pixels` outputs, side by side.
  constexpr int column_size(int inputs) const { return padded(inputs) * pixels * column_bytes; }
  /// The same, and of one output's inputs as they are, where they are gathered in pieces that
  /// begin anywhere.
  constexpr int scratch_size(int inputs) const {
    return (column_size(inputs) + (unit > 1 ? padded(inputs) : 0) + 3) / 4 * 4;
  }
};

inline constexpr PackedLayout kScalarPackedLayout = {.channels = 4,
                                                     .depth = 2,
                                                     .step = 2,
                                                     .pixels = 4,
                                                     .column_bytes = 2,
                                                     .vector_channels = 4,
                                                     .tap_channels = 4};
inline constexpr PackedLayout kDspLayout = {.channels = 2,
                                            .depth = 8,
                                            .pixels = 4,
                                            .column_bytes = 2,
                                            .unit = 4,
                                            .vector_channels = 4,
                                            .tap_channels = 4,
                                            .tap_bytes = 2,
                                            .pairs = true,
                                            .any_pixels = true,
                                            .row_words = 8};
/// Multiplies sixteen bytes and sums them up; takes four channels' sums as one vector.
inline constexpr PackedLayout kMveLayout = {.channels = 4,
                                            .depth = 16,
                                            .step = 16,
                                            .pixels = 2,
                                            .vector_channels = 4,
                                            .tap_channels = 8,
                                            .by_term = true,
                                            .left_shifts = true,
                                            .taps_by_halves = true};

/// floor(a b / 2^32)
MOTE_INLINE constexpr int32_t high_product(int32_t a, int32_t b) {
#if defined(__ARM_ARCH_6M__)
  // Of halves: nothing there multiplies further, and the compiler would call for all 64 bits.
  const int32_t a1 = a >> 16, b1 = b >> 16;
  const auto a0 = static_cast<int32_t>(a & 0xffff), b0 = static_cast<int32_t>(b & 0xffff);
  const auto low =
      static_cast<int32_t>((static_cast<uint32_t>(a0) * static_cast<uint32_t>(b0)) >> 16);
  const int32_t middle = a1 * b0 + low;
  return a1 * b1 + (middle >> 16) + ((a0 * b1 + (middle & 0xffff)) >> 16);
#else
  return static_cast<int32_t>((int64_t{a} * b) >> 32);
#endif
}

/// How sums become outputs, from a stream's three words, and clamped to int8. With a = the sum,
/// bias included (mod 2^32):
///
///   single   ((a * multiplier >> 32) + addend) >> shift
///   short    t = round(2 a * multiplier / 2^32), halves upwards; t less one where it is negative;
///            (t + addend) >> shift
///
/// The compiler uses each where it has proved that it gives requantize() + zero point for every
/// sum that can occur.
template <bool kSingle>
MOTE_INLINE constexpr int32_t packed_rescale(int32_t a, int32_t multiplier, int32_t addend,
                                             int32_t shift) {
  int32_t t;
  if constexpr (kSingle) {
    t = high_product(a, multiplier);
  } else {
    const auto twice = static_cast<int32_t>(static_cast<uint32_t>(a) << 1);
    const uint32_t low = static_cast<uint32_t>(twice) * static_cast<uint32_t>(multiplier);
    t = high_product(twice, multiplier) + static_cast<int32_t>(low >> 31);
    t += t >> 31;
  }
  t = (t + addend) >> shift;
  return t < -128 ? -128 : t > 127 ? 127 : t;
}

/// The inputs of several outputs side by side, times all channels.
struct ProductArgs {
  const int32_t* columns;  ///< as the instruction set has gathered them
  const int32_t* filter;   ///< the stream
  int8_t* out;             ///< of the first pixel
  int inputs;              ///< padded
  int channels;            ///< to store
  int out_stride;          ///< bytes from one pixel's outputs to the next one's
  int pixels;              ///< layout's `pixels` or less, as any_pixels says; any number where
                           ///< column_bytes is 1
  int column_step;  ///< bytes from one pixel's inputs to the next one's, column_bytes being 1
};

/// Windows of rows that are expanded: the inputs of two neighbours are a word, of 16 bits each.
/// Rows are a ring, as many as the filter has: after the last one comes the first.
struct RowProductArgs {
  const int32_t* rows;    ///< where pixel 0 begins in the window's first row
  const int32_t* filter;  ///< the stream, weights by row_place()
  int8_t* out;            ///< of the first pixel; those of the next one lie behind
  int channels;           ///< to store
  int pixels;             ///< layout's `pixels` or less
  int words;              ///< of a filter's row
  int row_bytes;          ///< from one row of the ring to the next
  int ring_bytes;         ///< of all rows
  const int32_t* end;     ///< where pixel 0 would begin in the row behind the ring's last
};

/// Rows to copy, from `from_step` bytes apart to `to_step` bytes apart.
struct RowsShape {
  int rows, bytes;  ///< at least one
  int to_step, from_step;
};

/// One row of inputs, as they lie, times all channels.
struct VectorArgs {
  const int8_t* in;
  const int32_t* filter;
  int8_t* out;
  int inputs, channels;
};

/// One row of outputs of a depthwise convolution.
struct DepthwiseArgs {
  const int8_t* const* taps;  ///< where each tap of the first output begins
  const int32_t* filter;      ///< the stream
  int8_t* out;
  int tap_count;
  int pixel_step;  ///< bytes from one output's inputs to the next one's
  int pixels;
  int channels;
  int filter_w;  ///< taps of a row of the filter, which are equally far apart
};

}  // namespace mote::isa
