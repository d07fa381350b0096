#include "mote/core/kernels/gru.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"
#include "tests/support/gru_definition.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::GruAttrs;
using program::GruFloatAttrs;
using testing::ElementsAreArray;
using tests::GruLayer;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

constexpr int kBatches = 2, kTimes = 5, kFeatures = 3, kUnits = 11;

template <class T>
std::vector<T> random_integers(int count, int most, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> pick(-most, most);
  std::vector<T> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<T>(pick(random)));
  return values;
}

GruLayer random_layer() {
  const auto reals = [](int count, unsigned seed) {
    std::vector<double> values;
    for (int x : random_integers<int>(count, 1000, seed)) values.push_back(x / 1000.0);
    return values;
  };
  return {.batches = kBatches,
          .times = kTimes,
          .features = kFeatures,
          .units = kUnits,
          .in = reals(kBatches * kTimes * kFeatures, 1),
          .weights = reals(3 * kUnits * kFeatures, 2),
          .recurrent = reals(3 * kUnits * kUnits, 3),
          .input_bias = reals(3 * kUnits, 4),
          .recurrent_bias = reals(3 * kUnits, 5)};
}

std::vector<double> definition(const GruLayer& layer, bool linear_before_reset,
                               std::vector<double> state) {
  return tests::outputs_of_gru(layer, linear_before_reset, state);
}

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

class Gru : public testing::TestWithParam<bool> {};

TEST_P(Gru, OfFloatsIsItsDefinition) {
  const GruLayer layer = random_layer();
  const std::vector<double> start(kBatches * kUnits, 0.25);
  const auto in = floats(layer.in), weights = floats(layer.weights),
             recurrent = floats(layer.recurrent), input_bias = floats(layer.input_bias),
             recurrent_bias = floats(layer.recurrent_bias);
  auto hidden = floats(start);
  float work[2 * kUnits], out[kBatches * kTimes * kUnits];
  gru_f32<Scalar>(GruFloatAttrs{.linear_before_reset = GetParam()},
                  view<kBatches, kTimes, kFeatures>(in.data()),
                  view<3, kUnits, kFeatures>(weights.data()),
                  view<3, kUnits, kUnits>(recurrent.data()), view<3, kUnits>(input_bias.data()),
                  view<3, kUnits>(recurrent_bias.data()), view<kBatches, kUnits>(hidden.data()),
                  view<2, kUnits>(work), view<kBatches, kTimes, kUnits>(out));
  const auto expected = definition(layer, GetParam(), start);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(out[i], expected[i], 2e-6) << i;
  for (int b = 0; b < kBatches; ++b)
    for (int u = 0; u < kUnits; ++u)
      EXPECT_EQ(hidden[b * kUnits + u], out[((b + 1) * kTimes - 1) * kUnits + u])
          << "kept for the next run";
}

TEST_P(Gru, ReadsTimeMajorInputsTheOtherWayRound) {
  const GruLayer layer = random_layer();
  const auto by_batch = floats(layer.in), weights = floats(layer.weights),
             recurrent = floats(layer.recurrent), input_bias = floats(layer.input_bias),
             recurrent_bias = floats(layer.recurrent_bias);
  std::vector<float> by_time(by_batch.size());
  for (int b = 0; b < kBatches; ++b)
    for (int t = 0; t < kTimes; ++t)
      for (int i = 0; i < kFeatures; ++i)
        by_time[(t * kBatches + b) * kFeatures + i] = by_batch[(b * kTimes + t) * kFeatures + i];
  const auto run = [&](bool time_major, const std::vector<float>& in) {
    std::vector<float> hidden(kBatches * kUnits), work(2 * kUnits), out(kBatches * kTimes * kUnits);
    const int first = time_major ? kTimes : kBatches, second = time_major ? kBatches : kTimes;
    gru_f32<Scalar>(GruFloatAttrs{.time_major = time_major, .linear_before_reset = GetParam()},
                    TensorView<const float>{in.data(), Extents(first, second, kFeatures)},
                    TensorView<const float>{weights.data(), Extents(3, kUnits, kFeatures)},
                    TensorView<const float>{recurrent.data(), Extents(3, kUnits, kUnits)},
                    TensorView<const float>{input_bias.data(), Extents(3, kUnits)},
                    TensorView<const float>{recurrent_bias.data(), Extents(3, kUnits)},
                    TensorView<float>{hidden.data(), Extents(kBatches, kUnits)},
                    TensorView<float>{work.data(), Extents(GetParam() ? 1 : 2, kUnits)},
                    TensorView<float>{out.data(), Extents(first, second, kUnits)});
    return out;
  };
  const auto of_batches = run(false, by_batch), of_times = run(true, by_time);
  for (int b = 0; b < kBatches; ++b)
    for (int t = 0; t < kTimes; ++t)
      for (int u = 0; u < kUnits; ++u)
        EXPECT_EQ(of_batches[(b * kTimes + t) * kUnits + u],
                  of_times[(t * kBatches + b) * kUnits + u]);
}

/// 65536 / (1 + exp(-i / 24)) - 32768, as the compiler makes it up to a rounding.
std::vector<int16_t> table() {
  std::vector<int16_t> values(256, 32767);
  for (int i = 0; i < 255; ++i)
    values[i] = static_cast<int16_t>(std::lround(65536 * sigmoid(i / 24.0)) - 32768);
  return values;
}

/// Inputs in units of 2^-input_power, weights of 2^-7, the output of 2^-output_power, and
/// `output_offset` where they are zero.
struct Quantized {
  int input_power, output_power, output_offset = 0;

  GruAttrs attrs(bool linear_before_reset) const {
    GruAttrs attrs{.linear_before_reset = linear_before_reset,
                   .output_multiplier = 1 << 30,
                   .output_shift = output_power - 15 + 1,
                   .output_offset = output_offset};
    for (int gate = 0; gate < 3; ++gate) {
      attrs.input_multiplier[gate] = attrs.recurrent_multiplier[gate] = 1 << 30;
      attrs.input_shift[gate] = 12 - 7 - input_power + 1;
      attrs.recurrent_shift[gate] = 12 - 7 - 15 + 1;
    }
    return attrs;
  }
};

/// A layer of integers, and the real numbers that they stand for.
template <class T, class Bias>
struct IntegerLayer {
  std::vector<T> in;
  std::vector<int8_t> weights = random_integers<int8_t>(3 * kUnits * kFeatures, 127, 2),
                      recurrent = random_integers<int8_t>(3 * kUnits * kUnits, 60, 3);
  std::vector<Bias> input_bias;
  std::vector<int64_t> recurrent_bias = random_integers<int64_t>(3 * kUnits, 1 << 21, 5);
  GruLayer real;

  IntegerLayer(const Quantized& by, int most) {
    in = random_integers<T>(kBatches * kTimes * kFeatures, most, 1);
    input_bias = random_integers<Bias>(3 * kUnits, most * 64, 4);
    const auto reals = [](const auto& values, int power) {
      std::vector<double> out;
      for (auto x : values) out.push_back(std::ldexp(static_cast<double>(x), -power));
      return out;
    };
    real = {.batches = kBatches,
            .times = kTimes,
            .features = kFeatures,
            .units = kUnits,
            .in = reals(in, by.input_power),
            .weights = reals(weights, 7),
            .recurrent = reals(recurrent, 7),
            .input_bias = reals(input_bias, by.input_power + 7),
            .recurrent_bias = reals(recurrent_bias, 15 + 7)};
  }
};

TEST_P(Gru, OfBytesFollowsTheRealOne) {
  const Quantized by{.input_power = 6, .output_power = 7, .output_offset = -3};
  const IntegerLayer<int8_t, int32_t> layer(by, 127);
  const auto lut = table();
  std::vector<int16_t> hidden(kBatches * kUnits, 8192), work(2 * kUnits);
  std::vector<int8_t> out(kBatches * kTimes * kUnits);
  gru_s8<Scalar>(by.attrs(GetParam()), view<kBatches, kTimes, kFeatures>(layer.in.data()),
                 view<3, kUnits, kFeatures>(layer.weights.data()),
                 view<3, kUnits, kUnits>(layer.recurrent.data()),
                 view<3, kUnits>(layer.input_bias.data()),
                 view<3, kUnits>(layer.recurrent_bias.data()), view<256>(lut.data()),
                 view<kBatches, kUnits>(hidden.data()), view<2, kUnits>(work.data()),
                 view<kBatches, kTimes, kUnits>(out.data()));
  const auto expected =
      definition(layer.real, GetParam(), std::vector<double>(kBatches * kUnits, 0.25));
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(out[i] + 3, std::clamp(expected[i] * 128, -125.0, 130.0), 0.6) << i;
  for (int b = 0; b < kBatches; ++b)
    for (int u = 0; u < kUnits; ++u)
      EXPECT_NEAR(hidden[b * kUnits + u], expected[((b + 1) * kTimes - 1) * kUnits + u] * 32768, 30)
          << "far finer than the output";
}

TEST_P(Gru, OfWordsFollowsTheRealOne) {
  const Quantized by{.input_power = 14, .output_power = 15};
  const IntegerLayer<int16_t, int64_t> layer(by, 32767);
  const auto lut = table();
  std::vector<int16_t> hidden(kBatches * kUnits, -8192), work(2 * kUnits),
      out(kBatches * kTimes * kUnits);
  gru_s16<Scalar>(by.attrs(GetParam()), view<kBatches, kTimes, kFeatures>(layer.in.data()),
                  view<3, kUnits, kFeatures>(layer.weights.data()),
                  view<3, kUnits, kUnits>(layer.recurrent.data()),
                  view<3, kUnits>(layer.input_bias.data()),
                  view<3, kUnits>(layer.recurrent_bias.data()), view<256>(lut.data()),
                  view<kBatches, kUnits>(hidden.data()), view<2, kUnits>(work.data()),
                  view<kBatches, kTimes, kUnits>(out.data()));
  const auto expected =
      definition(layer.real, GetParam(), std::vector<double>(kBatches * kUnits, -0.25));
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(out[i], expected[i] * 32768, 30) << i;
}

TEST(GruState, AddsUpWhatIsLessThanAnOutputsUnit) {
  // Update gates near 1 let in so little at a time that an 8-bit state would stay at zero for ever.
  const int8_t in[1] = {}, weights[3] = {}, recurrent[3] = {};
  const int32_t input_bias[] = {6 << 13, 0, 1 << 13};  // of 2^-13: update logistic(6)
  const int64_t recurrent_bias[3] = {};
  const auto lut = table();
  const Quantized by{.input_power = 6, .output_power = 7};
  int16_t hidden[] = {0}, work[2];
  int8_t out[] = {0};
  const double update = sigmoid(6), candidate = std::tanh(1.0);
  ASSERT_LT((1 - update) * candidate * 128, 0.5);
  constexpr int kSteps = 400;
  for (int step = 0; step < kSteps; ++step)
    gru_s8<Scalar>(by.attrs(true), view<1, 1, 1>(in), view<3, 1, 1>(weights),
                   view<3, 1, 1>(recurrent), view<3, 1>(input_bias), view<3, 1>(recurrent_bias),
                   view<256>(lut.data()), view<1, 1>(hidden), view<1, 1>(work), view<1, 1, 1>(out));
  const double expected = candidate * (1 - std::pow(update, kSteps));
  EXPECT_NEAR(hidden[0] / 32768.0, expected, 0.02);
  EXPECT_NEAR(out[0], expected * 128, 2.5);
}

TEST_P(Gru, IsTheSameWithStaticAndDynamicShapes) {
  const Quantized by{.input_power = 6, .output_power = 7};
  const IntegerLayer<int8_t, int32_t> layer(by, 127);
  const auto lut = table();
  std::vector<int16_t> h1(kBatches * kUnits), h2(kBatches * kUnits), work(2 * kUnits);
  std::vector<int8_t> fixed(kBatches * kTimes * kUnits), dynamic(fixed.size());
  gru_s8<Scalar>(by.attrs(GetParam()), view<kBatches, kTimes, kFeatures>(layer.in.data()),
                 view<3, kUnits, kFeatures>(layer.weights.data()),
                 view<3, kUnits, kUnits>(layer.recurrent.data()),
                 view<3, kUnits>(layer.input_bias.data()),
                 view<3, kUnits>(layer.recurrent_bias.data()), view<256>(lut.data()),
                 view<kBatches, kUnits>(h1.data()), view<2, kUnits>(work.data()),
                 view<kBatches, kTimes, kUnits>(fixed.data()));
  gru_s8<Scalar>(by.attrs(GetParam()),
                 TensorView<const int8_t>{layer.in.data(), Extents(kBatches, kTimes, kFeatures)},
                 TensorView<const int8_t>{layer.weights.data(), Extents(3, kUnits, kFeatures)},
                 TensorView<const int8_t>{layer.recurrent.data(), Extents(3, kUnits, kUnits)},
                 TensorView<const int32_t>{layer.input_bias.data(), Extents(3, kUnits)},
                 TensorView<const int64_t>{layer.recurrent_bias.data(), Extents(3, kUnits)},
                 TensorView<const int16_t>{lut.data(), Extents(256)},
                 TensorView<int16_t>{h2.data(), Extents(kBatches, kUnits)},
                 TensorView<int16_t>{work.data(), Extents(2, kUnits)},
                 TensorView<int8_t>{dynamic.data(), Extents(kBatches, kTimes, kUnits)});
  EXPECT_THAT(dynamic, ElementsAreArray(fixed));
  EXPECT_EQ(h1, h2);
}

INSTANTIATE_TEST_SUITE_P(Forms, Gru, testing::Bool(), [](const auto& test) {
  return test.param ? "LinearBeforeReset" : "ResetFirst";
});

}  // namespace
}  // namespace mote::kernels
