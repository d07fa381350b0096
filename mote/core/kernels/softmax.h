#pragma once

#include "mote/core/base/fixed_point_math.h"
#include "mote/core/base/math.h"
#include "mote/core/kernels/broadcast.h"

/// Softmax and its logarithm along the last dimension: `in` and `out` are [rows, depth].
namespace mote::kernels {

/// exp(-below) of a table whose entries are not negative; what lies beyond it counts as zero.
MOTE_INLINE uint32_t exponential(const int32_t* table, int table_size, int below) {
  const auto entry = static_cast<uint32_t>(table[min_of(below, table_size - 1)]);
  return below < table_size ? entry : 0;
}

/// The sum of exp(x[i] - largest) in Q12, saturated.
template <class Isa>
MOTE_INLINE int32_t sum_of_exponentials(const int8_t* x, int depth, int largest,
                                        const int32_t* table, int table_size) {
  int64_t sum = 0;
  for (int i = 0; i < depth; ++i)
    sum += (exponential(table, table_size, largest - x[i]) + (1 << 11)) >> 12;
  return saturate_to_s32(sum);
}

template <class Isa, class Out>
MOTE_INLINE void softmax_row(const int8_t* x, int depth, const int32_t* table, int table_size,
                             Out* out) {
  constexpr int kBits = 8 * sizeof(Out);
  constexpr int kLowest = -(1 << (kBits - 1)), kLevels = 1 << kBits;
  const int largest = Isa::largest_of(x, depth);
  const auto [mantissa, exponent] =
      reciprocal(sum_of_exponentials<Isa>(x, depth, largest, table, table_size), 12);
  // Nothing is negative, so that halves away from zero are halves upwards.
  const uint64_t factor = static_cast<uint64_t>(mantissa), half = uint64_t{1} << 30;
  const int shift = exponent + 31 - kBits;
  const uint64_t last_half = uint64_t{1} << shift >> 1;
  for (int i = 0; i < depth; ++i) {
    const uint64_t e = exponential(table, table_size, largest - x[i]);
    const uint64_t y = (((factor * e + half) >> 31) + last_half) >> shift;
    out[i] = static_cast<Out>(static_cast<int>(min_of<uint64_t>(y, kLevels - 1)) + kLowest);
  }
}

/// out = softmax(beta * in)
///
///   in     [rows, depth]
///   table  [n]            exp(-beta * scale * i) in Q0, up to where it is negligible; n <= 256
///   out    [rows, depth]  scale 1/256, zero point -128
template <class Isa, class Attrs, class In, class Table, class Out>
void softmax_s8(const Attrs&, TensorView<const int8_t, In> in,
                TensorView<const int32_t, Table> table, TensorView<int8_t, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row)
    softmax_row<Isa>(in.data + row * depth, depth, table.data, table.shape[0],
                     out.data + row * depth);
}
/// The same with 16 bits out: scale 1/65536, zero point -32768.
template <class Isa, class Attrs, class In, class Table, class Out>
void softmax_s8_s16(const Attrs&, TensorView<const int8_t, In> in,
                    TensorView<const int32_t, Table> table, TensorView<int16_t, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row)
    softmax_row<Isa>(in.data + row * depth, depth, table.data, table.shape[0],
                     out.data + row * depth);
}

/// Between two of 513 entries that cover all 16-bit numbers, 128 apart.
MOTE_INLINE int32_t interpolate(const int16_t* table, int32_t x) {
  const int entry = 256 + (x >> 7), rest = x & 127;
  const auto slope = static_cast<int16_t>(table[entry + 1] - table[entry]);
  return static_cast<int16_t>(table[entry] + ((slope * rest + 64) >> 7));
}

/// multiplier, shift: brings differences of inputs to steps of 10 / 65535.
template <class A>
concept SoftmaxAttributes = requires(A a) {
  a.multiplier, a.shift;
};

/// out = softmax(beta * in)
///
///   in           [rows, depth]  depth <= 65535
///   exp_table    [513]          exp(x), x in [-10, 0]
///   inverse_table[513]          1 / (1 + x), x in [0, 1]
///   out          [rows, depth]  scale 1/32768, zero point 0; not the memory of `in`
template <class Isa, SoftmaxAttributes Attrs, class In, class Table, class Out>
void softmax_s16(const Attrs& attrs, TensorView<const int16_t, In> in,
                 TensorView<const int16_t, Table> exp_table,
                 TensorView<const int16_t, Table> inverse_table, TensorView<int16_t, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const int16_t* x = in.data + row * depth;
    int16_t* y = out.data + row * depth;
    const int largest = Isa::largest_of(x, depth);
    int32_t sum = 0;  // 15 fractional bits, at least 1/2
    for (int i = 0; i < depth; ++i) {
      const int32_t below = requantize(x[i] - largest, attrs.multiplier, attrs.shift);
      y[i] = static_cast<int16_t>(
          interpolate(exp_table.data, clamp<int32_t>(wrapping_add(below, 32767), -32768, 32767)));
      sum += y[i];
    }
    const int zeros = leading_zeros(static_cast<uint32_t>(sum));
    const auto mantissa =
        static_cast<int32_t>(((int64_t{sum} << (zeros - 1)) + (1 << 13)) >> 14);  // in [1, 2)
    const int32_t inverse =
        interpolate(inverse_table.data, clamp<int32_t>(mantissa - 98304, -32768, 32767));
    const int right = 31 - zeros;
    for (int i = 0; i < depth; ++i) {
      const int32_t scaled = (y[i] * inverse + (1 << (right - 1))) >> right;
      y[i] = static_cast<int16_t>(clamp<int32_t>(scaled, 0, 32767));
    }
  }
}

template <class Isa, class Attrs, class In, class Out>
void softmax_f32(const Attrs& attrs, TensorView<const float, In> in, TensorView<float, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const float* x = in.data + row * depth;
    float* y = out.data + row * depth;
    const float largest = Isa::largest_of(x, depth);
    const float sum = Isa::exponentials_f32(x, largest, attrs.beta, y, depth);
    Isa::divide_f32(y, sum, y, depth);
  }
}

/// multiplier, shift: bring differences of inputs to Q5; inverse_multiplier, inverse_shift: back.
template <class A>
concept LogSoftmaxAttributes = requires(A a) {
  a.multiplier, a.shift;
  a.inverse_multiplier, a.inverse_shift;
  a.diff_min;
};

/// out = log(softmax(in))
///
///   in     [rows, depth]
///   table  [n]            exp(-scale * i) in Q0, up to where it is negligible; n <= 256
///   out    [rows, depth]  scale 1/16, zero point 127
template <class Isa, LogSoftmaxAttributes Attrs, class In, class Table, class Out>
void log_softmax_s8(const Attrs& attrs, TensorView<const int8_t, In> in,
                    TensorView<const int32_t, Table> table, TensorView<int8_t, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const int8_t* x = in.data + row * depth;
    const int largest = Isa::largest_of(x, depth);
    const int32_t log_sum =
        log_of_q12(sum_of_exponentials<Isa>(x, depth, largest, table.data, table.shape[0]));
    const int32_t lowest = max_of<int32_t>(
        attrs.diff_min - 1, requantize(wrapping_add(log_sum, kInt32Min), attrs.inverse_multiplier,
                                       attrs.inverse_shift));
    for (int i = 0; i < depth; ++i) {
      const int32_t below = x[i] - largest;
      int32_t y = -128;
      if (below > lowest)
        y = 127 + rounding_shift_right(
                      wrapping_sub(requantize(below, attrs.multiplier, attrs.shift), log_sum), 22);
      out.data[row * depth + i] = static_cast<int8_t>(clamp<int32_t>(y, -128, 127));
    }
  }
}
template <class Isa, class Attrs, class In, class Out>
void log_softmax_f32(const Attrs&, TensorView<const float, In> in, TensorView<float, Out> out) {
  const int depth = in.shape[1];
  for (int row = 0; row < in.shape[0]; ++row) {
    const float* x = in.data + row * depth;
    const float largest = Isa::largest_of(x, depth);
    float sum = 0;
    for (int i = 0; i < depth; ++i) sum += expf(x[i] - largest);
    const float log_sum = logf(sum);
    for (int i = 0; i < depth; ++i) out.data[row * depth + i] = x[i] - largest - log_sum;
  }
}

}  // namespace mote::kernels
