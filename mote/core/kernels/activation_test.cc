#include "mote/core/kernels/activation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::NoAttrs;
using testing::ElementsAre;

TEST(Relu, KeepsWhatIsPositive) {
  const float in[] = {-1, 0, 7};
  float out[3];
  relu_f32<Scalar>(NoAttrs{}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(0, 0, 7));
}

TEST(Gelu, IsXTimesTheShareOfTheNormalDistributionBelowIt) {
  const float in[] = {-10, -1, 0, 1, 10};
  float out[5], approximate[5];
  gelu_f32<Scalar>(NoAttrs{}, view<5>(in), view<5>(out));
  gelu_tanh_f32<Scalar>(NoAttrs{}, view<5>(in), view<5>(approximate));
  for (int i = 0; i < 5; ++i) {
    const double expected = in[i] * 0.5 * (1 + std::erf(in[i] / std::sqrt(2.0)));
    EXPECT_NEAR(out[i], expected, 1e-6);
    EXPECT_NEAR(approximate[i], expected, 1e-3);
  }
}

TEST(Clamp, KeepsToItsBounds) {
  const int16_t in[] = {-5, 5, 500};
  int16_t out[3];
  clamp_s16<Scalar>(program::ActivationAttrs{0, 60}, view<3>(in), view<3>(out));
  EXPECT_THAT(out, ElementsAre(0, 5, 60));
}

TEST(LeakyRelu, HasASlopeOfItsOwnBelowTheZeroPoint) {
  // Zero points 10 and 1; the scale is kept above, times -1/4 below.
  constexpr program::LeakyReluAttrs kAttrs = {.input_offset = -10,
                                              .output_offset = 1,
                                              .identity_multiplier = 1 << 30,
                                              .identity_shift = 1,
                                              .alpha_multiplier = 1 << 30,
                                              .alpha_shift = -1,
                                              .alpha_sign = -1};
  const int16_t in[] = {10, 30, -30};
  int16_t fixed[3], dynamic[3];
  leaky_relu_s16<Scalar>(kAttrs, view<3>(in), view<3>(fixed));
  leaky_relu_s16<Scalar>(kAttrs, TensorView<const int16_t>{in, Extents(3)},
                         TensorView<int16_t>{dynamic, Extents(3)});
  EXPECT_THAT(fixed, ElementsAre(1, 21, 11));
  EXPECT_THAT(dynamic, ElementsAre(1, 21, 11));
}

TEST(Prelu, TakesASlopeAChannel) {
  const float in[] = {1, -1, -2, 2, -3, -4}, alpha[] = {0.5f, 0, -1};
  float out[6];
  prelu_f32<Scalar>(NoAttrs{}, view<2, 3>(in), view<1, 3>(alpha), view<2, 3>(out));
  EXPECT_THAT(out, ElementsAre(1, 0, 2, 2, 0, 4));
}

TEST(HardSwish, IsZeroBelowMinusThreeAndTheIdentityAboveThree) {
  const float in[] = {-4, 0, 3, 1};
  float out[4];
  hard_swish_f32<Scalar>(NoAttrs{}, view<4>(in), view<4>(out));
  EXPECT_THAT(out, ElementsAre(0, 0, 3, 4.0f / 6));
}

/// What the compiler makes, without its rounding for interpolation.
std::vector<int16_t> logistic_table() {
  std::vector<int16_t> table;
  for (int i = 0; i < 256; ++i)
    table.push_back(
        static_cast<int16_t>(std::min(65536 / (1 + std::exp(-i / 24.0)) - 32768, 32767.0)));
  return table;
}

/// Inputs of scale 2^-12 are thirds of the table's steps.
constexpr program::MultiplierAttrs kThreeSteps = {.multiplier = 3, .shift = 0};

TEST(Logistic, InterpolatesBetweenTheTablesEntries) {
  const std::vector<int16_t> table = logistic_table();
  const int16_t in[] = {0, 4096, -4096, 10000, 32767};
  int16_t out[5];
  logistic_s16<Scalar>(kThreeSteps, view<5>(in), view<256>(table.data()), view<5>(out));
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(out[i] / 32768.0, 1 / (1 + std::exp(-in[i] / 4096.0)), 2e-4) << in[i];
}

TEST(Tanh, InterpolatesBetweenTheTablesEntries) {
  const std::vector<int16_t> table = logistic_table();
  const int16_t in[] = {0, 4096, -4096, 10000, -32768};
  int16_t out[5];
  tanh_s16<Scalar>(kThreeSteps, view<5>(in), view<256>(table.data()), view<5>(out));
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(out[i] / 32768.0, std::tanh(in[i] / 4096.0), 4e-4) << in[i];
}

}  // namespace
}  // namespace mote::kernels
