// The kernels that every instruction set computes with its vectors, against scalar: all lengths up
// to 257, extreme values; integers byte for byte.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/support/against_scalar.h"

namespace mote::dispatch {
namespace {

using namespace program;
using tests::expect_near;
using tests::expect_same;
using tests::Operands;

/// A kernel's form for each length n: `depth` n, or taps whose product with depth is near it.
struct Sizes {
  int depth, taps, channels;
};
Sizes sizes_of(int n) { return {n < 30 ? n : n % 30 + 1, n < 30 ? 1 : 3, 1 + n % 11}; }

TEST(VectorKernels, GiveTheSameConvolution) {
  for (int n = 1; n <= 257; ++n) {
    Operands o(static_cast<unsigned>(n)), acc32(static_cast<unsigned>(n));
    const auto [depth, taps, channels] = sizes_of(n);
    const int groups = n % 3 == 0 ? 2 : 1;
    const Conv2DAttrs attrs{.stride_w = 1 + n % 2,
                            .dilation_w = 1 + n % 5 / 4,
                            .pad_top = taps / 2,
                            .pad_left = taps / 2,
                            .act_min = -32768,
                            .act_max = 32767};
    const auto add = [&](Operands& to) -> Operands& {
      to.integers<std::int16_t>(Extents(1, 3, 5, groups * depth));
      return to.integers<std::int8_t>(Extents(groups * channels, taps, taps, depth));
    };
    const Extents out(1, 3, 2, groups * channels);
    add(o).rescale<std::int64_t>(groups * channels).between<std::int16_t>(out, 0, 0);
    add(acc32).rescale<std::int32_t>(groups * channels).between<std::int16_t>(out, 0, 0);
    expect_same("conv_2d_s16", attrs, o);
    expect_same("conv_2d_s16_acc32", attrs, acc32);
  }
}

TEST(VectorKernels, GiveTheSameConvolutionOfFloats) {
  for (int n = 1; n <= 257; ++n) {
    Operands o(static_cast<unsigned>(n)), hybrid(static_cast<unsigned>(n));
    const auto [depth, taps, channels] = sizes_of(n);
    const Conv2DFloatAttrs attrs{
        .pad_top = taps / 2, .pad_left = taps / 2, .act_min = -1e9f, .act_max = 1e9f};
    o.floats(Extents(1, 3, 5, depth)).floats(Extents(channels, taps, taps, depth));
    o.floats(Extents(channels)).floats(Extents(1, 3, 5, channels));
    expect_near("conv_2d_f32", attrs, o);
    hybrid.integers<std::int8_t>(Extents(2, 3, 5, depth)).floats(Extents(2));
    hybrid.between<std::int32_t>(Extents(2), -128, 127);
    hybrid.integers<std::int8_t>(Extents(channels, taps, taps, depth));
    hybrid.floats(Extents(channels)).floats(Extents(channels)).floats(Extents(2, 3, 5, channels));
    expect_same("conv_2d_hybrid", attrs, hybrid);
  }
}

TEST(VectorKernels, GiveTheSameDepthwiseConvolution) {
  for (int channels = 1; channels <= 67; ++channels) {
    Operands o(static_cast<unsigned>(channels));
    const int multiplier = channels % 4 == 0 ? 2 : 1, taps = channels % 16 == 5 ? 24 : 3;
    o.integers<std::int16_t>(Extents(1, taps, taps + 1, channels / multiplier));
    o.integers<std::int8_t>(Extents(1, taps, taps, channels)).rescale<std::int64_t>(channels);
    o.between<std::int16_t>(Extents(1, 1, 2, channels), 0, 0);
    expect_same("depthwise_conv_2d_s16", Conv2DAttrs{.act_min = -32768, .act_max = 32767}, o);
  }
}

TEST(VectorKernels, GiveTheSameTransposedConvolution) {
  for (int n = 1; n <= 257; ++n) {
    Operands bytes(static_cast<unsigned>(n)), words(static_cast<unsigned>(n)),
        floats(static_cast<unsigned>(n));
    const auto [depth, taps, channels] = sizes_of(n);
    const Extents in(1, 2, 3, depth), filter(channels, taps, taps, depth), out(1, 4, 6, channels);
    TransposeConvAttrs attrs{.stride_h = 2,
                             .stride_w = 2,
                             .input_offset = bytes.pick(-127, 128),
                             .filter_offset = n % 2 == 0 ? 0 : bytes.pick(-127, 128),
                             .act_min = -128,
                             .act_max = 127};
    bytes.integers<std::int8_t>(in).integers<std::int8_t>(filter);
    bytes.rescale<std::int32_t>(channels).between<std::int8_t>(out, 0, 0);
    expect_same("transpose_conv_s8", attrs, bytes);
    attrs = {.stride_h = 2, .stride_w = 2, .act_min = -32768, .act_max = 32767};
    words.integers<std::int16_t>(in).integers<std::int8_t>(filter);
    words.rescale<std::int64_t>(channels).between<std::int16_t>(out, 0, 0);
    expect_same("transpose_conv_s16", attrs, words);
    floats.floats(in).floats(filter).floats(Extents(channels)).floats(out);
    expect_near(
        "transpose_conv_f32",
        TransposeConvFloatAttrs{.stride_h = 2, .stride_w = 2, .act_min = -1e9f, .act_max = 1e9f},
        floats);
  }
}

TEST(VectorKernels, GiveTheSameFullyConnectedLayer) {
  for (int depth :
       {1, 3, 7, 8, 9, 15, 16, 17, 31, 100, 257, 2040, 2041, 2047, 4063, 4064, 4079, 4087, 8200}) {
    for (int units : {1, 4, 6}) {
      Operands o(static_cast<unsigned>(depth)), acc32(static_cast<unsigned>(depth)),
          floats(static_cast<unsigned>(depth)), hybrid(static_cast<unsigned>(depth));
      const FullyConnectedAttrs attrs{.act_min = -32768, .act_max = 32767};
      const FloatActivationAttrs free = {.act_min = -1e9f, .act_max = 1e9f};
      const Extents in(2, depth), filter(units, depth), out(2, units);
      o.integers<std::int16_t>(in).integers<std::int8_t>(filter);
      o.rescale<std::int64_t>(units).between<std::int16_t>(out, 0, 0);
      expect_same("fully_connected_s16", attrs, o);
      acc32.integers<std::int16_t>(in).integers<std::int8_t>(filter);
      acc32.rescale<std::int32_t>(units).between<std::int16_t>(out, 0, 0);
      expect_same("fully_connected_s16_acc32", attrs, acc32);
      floats.floats(in).floats(filter).floats(Extents(units)).floats(out);
      expect_near("fully_connected_f32", free, floats);
      hybrid.integers<std::int8_t>(in)
          .floats(Extents(2))
          .between<std::int32_t>(Extents(2), -128, 127);
      hybrid.integers<std::int8_t>(filter)
          .floats(Extents(units))
          .floats(Extents(units))
          .floats(out);
      expect_same("fully_connected_hybrid", free, hybrid);
    }
  }
}

TEST(VectorKernels, SumTheLargestProductsOf16BitsWithoutOverflow) {
  for (int depth : {2040, 4063, 4079, 8200}) {
    Operands o(0);
    o.between<std::int16_t>(Extents(1, depth), -32768, -32768);
    o.between<std::int8_t>(Extents(5, depth), -128, -128);
    o.between<std::int64_t>(Extents(5), 0, 0).between<std::int32_t>(Extents(5), 1 << 30, 1 << 30);
    o.between<std::int32_t>(Extents(5), -20, -20).between<std::int16_t>(Extents(1, 5), 0, 0);
    expect_same("fully_connected_s16", FullyConnectedAttrs{.act_min = -32768, .act_max = 32767}, o);
  }
}

TEST(VectorKernels, GiveTheSameProductsOfMatrices) {
  for (int depth = 1; depth <= 257; ++depth) {
    const int columns = 1 + depth % 9;
    const Extents left(2, 3, depth), right(1, columns, depth), out(2, 3, columns);
    BatchMatmulQuantizedAttrs attrs{.batch = {1, 1, 2}, .lhs_step = {0, 0, 1}};
    Operands bytes(static_cast<unsigned>(depth)), words(static_cast<unsigned>(depth)),
        floats(static_cast<unsigned>(depth));
    attrs.lhs_offset = bytes.pick(-127, 128);
    attrs.rhs_offset = depth % 2 == 0 ? 0 : bytes.pick(-127, 128);
    attrs.multiplier = bytes.pick(1 << 30, 2147483647), attrs.shift = -bytes.pick(4, 16);
    attrs.act_min = -128, attrs.act_max = 127;
    bytes.integers<std::int8_t>(left).integers<std::int8_t>(right).between<std::int8_t>(out, 0, 0);
    expect_same("batch_matmul_s8", attrs, bytes);
    attrs.lhs_offset = attrs.rhs_offset = 0;
    attrs.shift -= 8, attrs.act_min = -32768, attrs.act_max = 32767;
    words.integers<std::int16_t>(left).integers<std::int16_t>(right);
    words.between<std::int16_t>(out, 0, 0);
    expect_same("batch_matmul_s16", attrs, words);
    floats.floats(left).floats(right).floats(out);
    expect_near("batch_matmul_f32", BatchMatmulAttrs{.batch = {1, 1, 2}, .lhs_step = {0, 0, 1}},
                floats);
  }
}

TEST(VectorKernels, SumTheLargestProductsOfTwoWordsWithoutOverflow) {
  Operands o(0);
  o.between<std::int16_t>(Extents(1, 1, 40), -32768, -32768);
  o.between<std::int16_t>(Extents(1, 5, 40), -32768, -32768);
  o.between<std::int16_t>(Extents(1, 1, 5), 0, 0);
  expect_same("batch_matmul_s16",
              BatchMatmulQuantizedAttrs{
                  .multiplier = 1 << 30, .shift = -21, .act_min = -32768, .act_max = 32767},
              o);
}

TEST(VectorKernels, GiveTheSameSvdf) {
  for (int features = 1; features <= 257; ++features) {
    const int units = 1 + features % 7, rank = 1 + features % 3, filters = units * rank;
    const int memory = 1 + features % 41;
    Operands bytes(static_cast<unsigned>(features)), words(static_cast<unsigned>(features)),
        floats(static_cast<unsigned>(features));
    SvdfAttrs attrs{.input_offset = bytes.pick(-127, 128),
                    .state_zero_point = bytes.pick(-128, 127),
                    .feature_multiplier = bytes.pick(1 << 30, 2147483647),
                    .feature_shift = -bytes.pick(0, 14),
                    .act_min = -128,
                    .act_max = 127};
    const Extents in(2, features), feature(filters, features), time(filters, memory),
        state(2, filters, memory), out(2, units);
    bytes.integers<std::int8_t>(in).integers<std::int8_t>(feature).integers<std::int8_t>(time);
    bytes.rescale<std::int32_t>(units).integers<std::int8_t>(state).between<std::int8_t>(out, 0, 0);
    expect_same("svdf_s8", attrs, bytes);
    attrs.state_zero_point = features % 2 == 0 ? 0 : words.pick(-128, 127);
    words.integers<std::int8_t>(in).integers<std::int8_t>(feature).integers<std::int16_t>(time);
    words.rescale<std::int32_t>(units).integers<std::int16_t>(state);
    words.between<std::int8_t>(out, 0, 0);
    expect_same("svdf_s8_state_s16", attrs, words);
    floats.floats(in).floats(feature).floats(time).floats(Extents(units)).floats(state).floats(out);
    expect_near("svdf_f32", FloatActivationAttrs{.act_min = -1e9f, .act_max = 1e9f}, floats);
  }
}

/// From -100 to 100, and closer and closer to zero.
Operands& add_range(Operands& o, Extents shape) {
  return o.fill<float>(shape, [&] {
    return static_cast<float>(o.pick(-1000, 1000) * std::pow(10.0, o.pick(-9, -1)));
  });
}

TEST(VectorKernels, GiveNearlyTheSameFunctionsOfFloats) {
  for (int n = 1; n <= 257; ++n) {
    Operands o(static_cast<unsigned>(n)), rows(static_cast<unsigned>(n));
    add_range(o, Extents(n)).floats(Extents(n));
    expect_near("logistic_f32", NoAttrs{}, o);
    expect_near("tanh_f32", NoAttrs{}, o);
    add_range(rows, Extents(2, n)).floats(Extents(2, n));
    expect_near("softmax_f32", BetaAttrs{.beta = 0.7f}, rows);
  }
}

TEST(VectorKernels, GiveTheSameSoftmax) {
  for (int depth = 1; depth <= 257; ++depth) {
    Operands o(static_cast<unsigned>(depth));
    const int entries = depth % 5 == 0 ? 256 : 1 + depth % 200;
    double e = 2147483647, factor = 1 - 1.0 / o.pick(2, 100);
    o.integers<std::int8_t>(Extents(2, depth));
    o.fill<std::int32_t>(Extents(entries), [&, first = true]() mutable {
      e *= first ? 1 : factor;
      first = false;
      return static_cast<std::int32_t>(e);
    });
    o.between<std::int8_t>(Extents(2, depth), 0, 0);
    expect_same("softmax_s8", NoAttrs{}, o);
  }
}

template <class T>
Operands three(unsigned seed, int n) {
  Operands o(seed);
  o.integers<T>(Extents(n)).template integers<T>(Extents(n)).template between<T>(Extents(n), 0, 0);
  return o;
}

TEST(VectorKernels, GiveTheSameProductsAndSums) {
  for (int n = 1; n <= 257; ++n) {
    Operands bytes = three<std::int8_t>(static_cast<unsigned>(n), n);
    Operands words = three<std::int16_t>(static_cast<unsigned>(n), n);
    ProductAttrs product{.input1_offset = bytes.pick(-127, 128),
                         .input2_offset = bytes.pick(-127, 128),
                         .output_offset = bytes.pick(-128, 127),
                         .output_multiplier = bytes.pick(1 << 30, 2147483647),
                         .output_shift = bytes.pick(-31, 3),
                         .act_min = -100,
                         .act_max = 127};
    expect_same("mul_s8", product, bytes);
    product.input1_offset = product.input2_offset = product.output_offset = 0;
    product.act_min = -32768, product.act_max = 32767;
    expect_same("mul_s16", product, words);
    const AlignedScalesAttrs sum{.left_shift = 15,
                                 .input1_multiplier = words.pick(1 << 30, 2147483647),
                                 .input1_shift = -words.pick(0, 15),
                                 .input2_multiplier = words.pick(1 << 30, 2147483647),
                                 .input2_shift = -words.pick(0, 15),
                                 .output_multiplier = words.pick(1 << 30, 2147483647),
                                 .output_shift = -words.pick(0, 20),
                                 .act_min = -32768,
                                 .act_max = 32000};
    expect_same("add_s16", sum, words);
  }
}

TEST(VectorKernels, GiveTheSameQuantisation) {
  for (int n = 1; n <= 257; ++n) {
    Operands o(static_cast<unsigned>(n));
    const float scale = 0.25f * static_cast<float>(o.pick(1, 3));
    o.fill<float>(Extents(n), [&] {
      constexpr float kOdd[] = {NAN, INFINITY, -INFINITY, 1e30f, 0.49999997f, -0.49999997f, -0.0f};
      const int which = o.pick(0, 20);
      return which < 7 ? kOdd[which] * scale : static_cast<float>(o.pick(-1100, 1100)) * 0.125f;
    });
    o.between<std::int8_t>(Extents(n), 0, 0);
    expect_same("quantize_f32_s8", ScaleAttrs{.scale = scale, .zero_point = o.pick(-128, 127)}, o);
  }
}

float float_at(const std::vector<char>& bytes, std::size_t i) {
  float x;
  std::memcpy(&x, bytes.data() + i * sizeof x, sizeof x);
  return x;
}

/// On every instruction set but scalar, which follows the reference: y within 2e-7 of exact(x).
void expect_digits(const char* name, const Operands& operands, double (*exact)(double)) {
  const KernelRow* scalar = kScalarTable.find(name);
  for (const KernelTable* table : available_tables()) {
    const KernelRow* row = table->find(name);
    if (row == scalar) continue;
    const NoAttrs attrs;
    const auto made = operands.after(*row, &attrs);
    for (std::size_t i = 0; i < made[0].size() / sizeof(float); ++i) {
      const double x = double{float_at(made[0], i)}, y = exact(x);
      ASSERT_NEAR(double{float_at(made[1], i)}, y, 2e-7 * std::abs(y))
          << name << " of " << x << " on " << table->isa;
    }
  }
}

TEST(VectorKernels, KeepTheDigitsOfFunctions) {
  for (float step : {1.3e-6f, 7.1e-4f, 1e-2f, 0.085f}) {  // up to 85, where floats end
    Operands o(0);
    o.fill<float>(Extents(2000),
                  [&, i = -1000]() mutable { return static_cast<float>(i++) * step; });
    o.floats(Extents(2000));
    expect_digits("tanh_f32", o, [](double x) { return std::tanh(x); });
    expect_digits("logistic_f32", o, [](double x) { return 1 / (1 + std::exp(-x)); });
  }
}

}  // namespace
}  // namespace mote::dispatch
