#include "mote/core/kernels/lstm.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::LstmAttrs;
using program::LstmFloatAttrs;
using testing::ElementsAreArray;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(Lstm, KeepsForgetsAndAddsAsItsGatesSay) {
  // One unit: input, forget, cell and output gates with weights of their own.
  const float in[] = {0.5f, -1}, weights[] = {1, 2, 3, 4}, recurrent[] = {0.1f, 0.2f, 0.3f, 0.4f};
  const float bias[] = {0.01f, 0.02f, 0.03f, 0.04f};
  float hidden[] = {0.25f}, cell[] = {0.75f}, out[2];
  lstm_f32<Scalar>(LstmFloatAttrs{}, view<1, 2, 1>(in), view<4, 1, 1>(weights),
                   view<4, 1, 1>(recurrent), view<4, 1>(bias), view<1, 1>(hidden), view<1, 1>(cell),
                   view<1, 2, 1>(out));
  double h = 0.25, c = 0.75;
  for (int t = 0; t < 2; ++t) {
    const auto gate = [&](int g) { return weights[g] * in[t] + recurrent[g] * h + bias[g]; };
    const double forget = sigmoid(gate(1)), output = sigmoid(gate(3));
    c = forget * c + sigmoid(gate(0)) * std::tanh(gate(2));
    h = output * std::tanh(c);
    EXPECT_NEAR(out[t], h, 1e-6) << t;
  }
  EXPECT_NEAR(hidden[0], h, 1e-6) << "kept for the next run";
  EXPECT_NEAR(cell[0], c, 1e-6);
}

TEST(Lstm, ClipsItsCell) {
  const float in[] = {10}, weights[] = {5, 5, 5, 5}, recurrent[4] = {}, bias[4] = {};
  float hidden[] = {0}, cell[] = {3}, out[1];
  lstm_f32<Scalar>(LstmFloatAttrs{.cell_clip = 0.5f}, view<1, 1, 1>(in), view<4, 1, 1>(weights),
                   view<4, 1, 1>(recurrent), view<4, 1>(bias), view<1, 1>(hidden), view<1, 1>(cell),
                   view<1, 1, 1>(out));
  EXPECT_EQ(cell[0], 0.5f);
}

TEST(Lstm, ReadsTimeMajorInputsTheOtherWayRound) {
  const float weights[] = {1, 2, 3, 4}, recurrent[] = {0.5f, 0.5f, 0.5f, 0.5f}, bias[4] = {};
  const float by_batch[] = {1, 2, 3, 10, 20, 30}, by_time[] = {1, 10, 2, 20, 3, 30};
  float hidden[2] = {}, cell[2] = {}, hidden2[2] = {}, cell2[2] = {}, out[6], out2[6];
  lstm_f32<Scalar>(LstmFloatAttrs{}, view<2, 3, 1>(by_batch), view<4, 1, 1>(weights),
                   view<4, 1, 1>(recurrent), view<4, 1>(bias), view<2, 1>(hidden), view<2, 1>(cell),
                   view<2, 3, 1>(out));
  lstm_f32<Scalar>(LstmFloatAttrs{.time_major = 1}, view<3, 2, 1>(by_time), view<4, 1, 1>(weights),
                   view<4, 1, 1>(recurrent), view<4, 1>(bias), view<2, 1>(hidden2),
                   view<2, 1>(cell2), view<3, 2, 1>(out2));
  for (int t = 0; t < 3; ++t)
    for (int b = 0; b < 2; ++b) EXPECT_EQ(out[b * 3 + t], out2[t * 2 + b]) << t << " " << b;
}

/// 65536 / (1 + exp(-i / 24)) - 32768, as the compiler makes it up to a rounding.
std::vector<int16_t> table() {
  std::vector<int16_t> values(256, 32767);
  for (int i = 0; i < 255; ++i)
    values[i] = static_cast<int16_t>(std::lround(65536 * sigmoid(i / 24.0)) - 32768);
  return values;
}

/// Gates are multiplied by 2^-15, the cell is in units of 2^-11, the output in units of 2^-7.
LstmAttrs quantized_attrs() {
  LstmAttrs attrs{.forget_multiplier = 1 << 30,
                  .forget_shift = -14,
                  .update_multiplier = 1 << 30,
                  .update_shift = -18,
                  .output_multiplier = 1 << 30,
                  .output_shift = -22,
                  .tanh_multiplier = 6};
  for (int gate = 0; gate < 4; ++gate) {
    attrs.input_multiplier[gate] = attrs.recurrent_multiplier[gate] = 1 << 30;
    attrs.input_shift[gate] = attrs.recurrent_shift[gate] = 1;
  }
  return attrs;
}

TEST(Lstm, FollowsTheRealOneWithinItsQuantisation) {
  const int8_t in[] = {64}, weights[] = {16, 32, 48, 64}, recurrent[] = {8, 8, 8, 8};
  const int32_t bias[] = {0, 0, 0, 0}, none[4] = {};
  const auto lut = table();
  int8_t hidden[] = {32}, out[1];  // 0.25 in units of 2^-7
  int16_t cell[] = {1536};         // 0.75 in units of 2^-11
  lstm_s8<Scalar>(quantized_attrs(), view<1, 1, 1>(in), view<4, 1, 1>(weights),
                  view<4, 1, 1>(recurrent), view<4, 1>(bias), view<4, 1>(none),
                  view<256>(lut.data()), view<1, 1>(hidden), view<1, 1>(cell), view<1, 1, 1>(out));
  const auto gate = [&](int g) { return (64 * weights[g] + 32 * recurrent[g]) / 4096.0; };
  const double c = sigmoid(gate(1)) * 0.75 + sigmoid(gate(0)) * std::tanh(gate(2));
  EXPECT_NEAR(cell[0], c * 2048, 1.5);
  EXPECT_NEAR(out[0], sigmoid(gate(3)) * std::tanh(c) * 128, 0.6);
  EXPECT_EQ(hidden[0], out[0]);
}

TEST(Lstm, IsTheSameWithStaticAndDynamicShapes) {
  const int16_t in[] = {300, -200, 100, 700};
  const int8_t weights[] = {1, 2, 3, 4, 5, 6, 7, 8}, recurrent[] = {1, -1, 1, -1};
  const int64_t bias[] = {1, 2, 3, 4}, none[4] = {};
  const auto lut = table();
  const LstmAttrs attrs = quantized_attrs();
  int16_t h1[1] = {}, c1[1] = {}, fixed[2], h2[1] = {}, c2[1] = {}, dynamic[2];
  lstm_s16<Scalar>(attrs, view<1, 2, 2>(in), view<4, 1, 2>(weights), view<4, 1, 1>(recurrent),
                   view<4, 1>(bias), view<4, 1>(none), view<256>(lut.data()), view<1, 1>(h1),
                   view<1, 1>(c1), view<1, 2, 1>(fixed));
  lstm_s16<Scalar>(attrs, TensorView<const int16_t>{in, Extents(1, 2, 2)},
                   TensorView<const int8_t>{weights, Extents(4, 1, 2)},
                   TensorView<const int8_t>{recurrent, Extents(4, 1, 1)},
                   TensorView<const int64_t>{bias, Extents(4, 1)},
                   TensorView<const int64_t>{none, Extents(4, 1)},
                   TensorView<const int16_t>{lut.data(), Extents(256)},
                   TensorView<int16_t>{h2, Extents(1, 1)}, TensorView<int16_t>{c2, Extents(1, 1)},
                   TensorView<int16_t>{dynamic, Extents(1, 2, 1)});
  EXPECT_THAT(dynamic, ElementsAreArray(fixed));
  EXPECT_EQ(c1[0], c2[0]);
}

}  // namespace
}  // namespace mote::kernels
