#include "mote/core/kernels/svdf.h"

#include <gmock/gmock.h>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::FloatActivationAttrs;
using program::SvdfAttrs;
using testing::ElementsAre;

constexpr FloatActivationAttrs kNoActivation = {-1e9f, 1e9f};
constexpr int32_t kHalf[] = {1 << 30}, kTwice[] = {1};
constexpr SvdfAttrs kUnscaled = {
    .feature_multiplier = 1 << 30, .feature_shift = 1, .act_min = -128, .act_max = 127};

TEST(Svdf, RemembersTheLastInputsNewestLast) {
  const float feature[] = {1, 1}, time[] = {100, 10, 1}, bias[] = {0.5f};
  float state[3] = {}, out[1];
  const auto step = [&](float a, float b) {
    const float in[] = {a, b};
    svdf_f32<Scalar>(kNoActivation, view<1, 2>(in), view<1, 2>(feature), view<1, 3>(time),
                     view<1>(bias), view<1, 1, 3>(state), view<1, 1>(out));
    return out[0];
  };
  EXPECT_EQ(step(1, 1), 2 + 0.5f);
  EXPECT_EQ(step(2, 1), 20 + 3 + 0.5f);
  EXPECT_EQ(step(0, 5), 200 + 30 + 5 + 0.5f);
  EXPECT_EQ(step(0, 0), 300 + 50 + 0 + 0.5f);
  EXPECT_THAT(state, ElementsAre(3, 5, 0));
}

TEST(Svdf, AddsTheFiltersOfAUnit) {
  const float in[] = {1}, feature[] = {1, 2, 3, 4}, time[] = {1, 1, 1, 1}, bias[] = {0, 0};
  float state[4] = {}, out[2];
  svdf_f32<Scalar>(kNoActivation, view<1, 1>(in), view<4, 1>(feature), view<4, 1>(time),
                   view<2>(bias), view<1, 4, 1>(state), view<1, 2>(out));
  EXPECT_THAT(out, ElementsAre(1 + 2, 3 + 4));
}

TEST(Svdf, SaturatesWhatEntersTheState) {
  const int8_t in[] = {100}, feature[] = {100};
  const int16_t time[] = {1};
  const int32_t bias[] = {0}, shift[] = {-9};  // times 2^-10
  SvdfAttrs attrs = kUnscaled;
  attrs.input_offset = 28, attrs.feature_shift = 3;  // times 4: (100 + 28) * 100 * 4 = 51200
  int16_t state[1] = {};
  int8_t out[1];
  svdf_s8_state_s16<Scalar>(attrs, view<1, 1>(in), view<1, 1>(feature), view<1, 1>(time),
                            Rescale{bias, kHalf, shift}, view<1, 1, 1>(state), view<1, 1>(out));
  EXPECT_EQ(state[0], 32767);
  EXPECT_EQ(out[0], 32) << "32767 / 1024, rounded";
}

TEST(Svdf, TakesTheStatesZeroPoint) {
  const int8_t in[] = {5}, feature[] = {2}, time[] = {3, 4};
  const int32_t bias[] = {1};
  SvdfAttrs attrs = kUnscaled;
  attrs.state_zero_point = -20, attrs.output_offset = 7;
  int8_t state[] = {-20, -20}, out[1];
  svdf_s8<Scalar>(attrs, view<1, 1>(in), view<1, 1>(feature), view<1, 2>(time),
                  Rescale{bias, kHalf, kTwice}, view<1, 1, 2>(state), view<1, 1>(out));
  EXPECT_THAT(state, ElementsAre(-20, -20 + 10));
  EXPECT_EQ(out[0], 1 + 0 * 3 + 10 * 4 + 7);
}

TEST(Svdf, IsTheSameWithStaticAndDynamicShapes) {
  const float in[] = {1, 2, 3, 4}, feature[] = {1, 2, 3, 4}, time[] = {1, 2, 3, 4}, bias[] = {1, 2};
  float fixed_state[8] = {1, 2, 3, 4, 5, 6, 7, 8}, state[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  float fixed[4], dynamic[4];
  svdf_f32<Scalar>(kNoActivation, view<2, 2>(in), view<2, 2>(feature), view<2, 2>(time),
                   view<2>(bias), view<2, 2, 2>(fixed_state), view<2, 2>(fixed));
  svdf_f32<Scalar>(
      kNoActivation, TensorView<const float>{in, Extents(2, 2)},
      TensorView<const float>{feature, Extents(2, 2)}, TensorView<const float>{time, Extents(2, 2)},
      TensorView<const float>{bias, Extents(2)}, TensorView<float>{state, Extents(2, 2, 2)},
      TensorView<float>{dynamic, Extents(2, 2)});
  EXPECT_THAT(fixed, ElementsAre(1 + 2 * 1 + 5 * 2, 2 + 4 * 3 + 11 * 4, 1 + 6 * 1 + 11 * 2,
                                 2 + 8 * 3 + 25 * 4));
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
  EXPECT_THAT(state, testing::ElementsAreArray(fixed_state));
}

}  // namespace
}  // namespace mote::kernels
