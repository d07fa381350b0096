#include "mote/core/kernels/conv_2d.h"

#include <gmock/gmock.h>

#include <utility>

#include "mote/core/kernels/isa/scalar.h"
#include "mote/program/attrs.h"

namespace mote::kernels {
namespace {

using isa::Scalar;
using program::Conv2DAttrs;
using program::Conv2DFloatAttrs;
using testing::ElementsAre;

/// Rescaling that changes nothing: times 2^30 / 2^31 * 2^1.
template <class Bias>
struct Unscaled {
  Bias bias[4] = {};
  int32_t multiplier[4] = {1 << 30, 1 << 30, 1 << 30, 1 << 30};
  int32_t shift[4] = {1, 1, 1, 1};
  BasicRescale<Bias> view() const { return {bias, multiplier, shift}; }
};

constexpr Conv2DAttrs kWide = {.act_min = -32768, .act_max = 32767};
constexpr Conv2DAttrs kInt8 = {.act_min = -128, .act_max = 127};
constexpr Conv2DFloatAttrs kFloat = {.act_min = -1e9f, .act_max = 1e9f};

TEST(Conv2D, SumsTheWindowOfEachPixel) {
  const int8_t in[] = {1, 2, 3,  //
                       4, 5, 6,  //
                       7, 8, 9};
  const int8_t filter[] = {1, 0,  //
                           0, 1};
  const Unscaled<int32_t> by{.bias = {10}};
  int8_t out[4];
  conv_2d_s8<Scalar>(kInt8, view<1, 3, 3, 1>(in), view<1, 2, 2, 1>(filter), by.view(),
                     view<1, 2, 2, 1>(out));
  EXPECT_THAT(out, ElementsAre(10 + 1 + 5, 10 + 2 + 6, 10 + 4 + 8, 10 + 5 + 9));
}

TEST(Conv2D, CountsWhatLiesOutsideAsTheZeroPoint) {
  // All inputs are the zero point, so that only the bias is left, in the corners too.
  const int8_t in[] = {5, 5, 5, 5}, filter[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Unscaled<int32_t> by{.bias = {-3}};
  Conv2DAttrs attrs = kInt8;
  attrs.pad_top = attrs.pad_left = 1, attrs.input_offset = -5, attrs.output_offset = 1;
  int8_t out[4];
  conv_2d_s8<Scalar>(attrs, view<1, 2, 2, 1>(in), view<1, 3, 3, 1>(filter), by.view(),
                     view<1, 2, 2, 1>(out));
  EXPECT_THAT(out, ElementsAre(-2, -2, -2, -2));
}

TEST(Conv2D, StepsByItsStrideAndSpreadsByItsDilation) {
  const int8_t in[] = {1, 2, 3, 4, 5, 6, 7}, filter[] = {1, 10};
  const Unscaled<int32_t> by;
  Conv2DAttrs attrs = kInt8;
  attrs.stride_w = 2, attrs.dilation_w = 3;
  int8_t out[2];
  conv_2d_s8<Scalar>(attrs, view<1, 1, 7, 1>(in), view<1, 1, 2, 1>(filter), by.view(),
                     view<1, 1, 2, 1>(out));
  EXPECT_THAT(out, ElementsAre(1 + 10 * 4, 3 + 10 * 6));
}

TEST(Conv2D, ShowsEachGroupOnlyItsOwnChannels) {
  const int8_t in[] = {1, 2, 3, 4}, filter[] = {1,  1,   // channels 0 and 1
                                                1,  -1,  //
                                                10, 1,   // channels 2 and 3
                                                0,  5};
  const Unscaled<int32_t> by;
  int8_t out[4];
  conv_2d_s8<Scalar>(kInt8, view<1, 1, 1, 4>(in), view<4, 1, 1, 2>(filter), by.view(),
                     view<1, 1, 1, 4>(out));
  EXPECT_THAT(out, ElementsAre(1 + 2, 1 - 2, 10 * 3 + 4, 5 * 4));
}

TEST(Conv2D, TakesAZeroPointOfTheFilter) {
  const int8_t in[] = {3, 4}, filter[] = {-2, 5};
  const Unscaled<int32_t> by;
  Conv2DAttrs attrs = kInt8;
  attrs.input_offset = 1, attrs.filter_offset = 2;
  int8_t out[1];
  conv_2d_s8<Scalar>(attrs, view<1, 1, 1, 2>(in), view<1, 1, 1, 2>(filter), by.view(),
                     view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], (3 + 1) * (-2 + 2) + (4 + 1) * (5 + 2));
}

TEST(Conv2D, KeepsToTheBoundsOfItsActivation) {
  const int8_t in[] = {-100, 3, 100}, filter[] = {1};
  const Unscaled<int32_t> by;
  Conv2DAttrs attrs = kInt8;
  attrs.act_min = 0, attrs.act_max = 6;
  int8_t out[3];
  conv_2d_s8<Scalar>(attrs, view<1, 1, 3, 1>(in), view<1, 1, 1, 1>(filter), by.view(),
                     view<1, 1, 3, 1>(out));
  EXPECT_THAT(out, ElementsAre(0, 3, 6));
}

TEST(Conv2D, AddsABiasBeyond32BitsTo16BitActivations) {
  const int16_t in[] = {1000}, in2[] = {-1000};
  const int8_t filter[] = {100};
  const Unscaled<int64_t> by{
      .bias = {int64_t{1} << 40}, .multiplier = {1 << 30}, .shift = {-25}};  // 2^-26
  int16_t out[1];
  conv_2d_s16<Scalar>(kWide, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter), by.view(),
                      view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], 1 << 14);
  conv_2d_s16<Scalar>(kWide, view<1, 1, 1, 1>(in2), view<1, 1, 1, 1>(filter), by.view(),
                      view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], 1 << 14) << "100,000 is less than half a step of 2^26";
}

TEST(Conv2D, WrapsSumsOf32BitsWhereTheModelAsksForThem) {
  const int16_t in[] = {100};
  const int8_t filter[] = {1};
  const Unscaled<int32_t> by{
      .bias = {kInt32Max}, .multiplier = {1 << 30}, .shift = {-15}};  // 2^-16
  int16_t out[1];
  conv_2d_s16_acc32<Scalar>(kWide, view<1, 1, 1, 1>(in), view<1, 1, 1, 1>(filter), by.view(),
                            view<1, 1, 1, 1>(out));
  EXPECT_EQ(out[0], -32768) << "2^31 - 1 + 100 is about -2^31";
}

TEST(Conv2D, RescalesHybridSumsByInputAndFilter) {
  // Two batches with scales and zero points of their own.
  const int8_t in[] = {10, 20, 10, 20}, filter[] = {1, 2, 3, 4};
  const float scale[] = {0.5f, 2}, filter_scale[] = {0.25f, 1}, bias[] = {100, -100};
  const int32_t zero_point[] = {0, 10};
  float out[4];
  conv_2d_hybrid<Scalar>(kFloat, view<2, 1, 1, 2>(in), view<2>(scale), view<2>(zero_point),
                         view<2, 1, 1, 2>(filter), view<2>(filter_scale), view<2>(bias),
                         view<2, 1, 1, 2>(out));
  EXPECT_THAT(out, ElementsAre((10 * 1 + 20 * 2) * 0.125f + 100, (10 * 3 + 20 * 4) * 0.5f - 100,
                               (0 * 1 + 10 * 2) * 0.5f + 100, (0 * 3 + 10 * 4) * 2.0f - 100));
}

TEST(Conv2D, IsTheSameWithStaticAndDynamicShapes) {
  float in[2 * 5 * 4 * 3], filter[4 * 3 * 2 * 3], bias[] = {1, 2, 3, 4};
  for (int i = 0; i < 120; ++i) in[i] = static_cast<float>(i % 7 - 3);
  for (int i = 0; i < 72; ++i) filter[i] = static_cast<float>(i % 5 - 2);
  Conv2DFloatAttrs attrs = kFloat;
  attrs.stride_h = 2, attrs.pad_top = 1;
  float fixed[2 * 3 * 3 * 4], dynamic[2 * 3 * 3 * 4];
  conv_2d_f32<Scalar>(attrs, view<2, 5, 4, 3>(std::as_const(in)),
                      view<4, 3, 2, 3>(std::as_const(filter)), view<4>(std::as_const(bias)),
                      view<2, 3, 3, 4>(fixed));
  conv_2d_f32<Scalar>(attrs, TensorView<const float>{in, Extents(2, 5, 4, 3)},
                      TensorView<const float>{filter, Extents(4, 3, 2, 3)},
                      TensorView<const float>{bias, Extents(4)},
                      TensorView<float>{dynamic, Extents(2, 3, 3, 4)});
  EXPECT_THAT(dynamic, testing::ElementsAreArray(fixed));
}

TEST(TapsInside, LeavesOutWhatLiesBeyondBothEnds) {
  const auto taps = taps_inside(/*origin=*/-2, /*dilation=*/1, /*taps=*/5, /*size=*/2);
  EXPECT_EQ(taps.first, 2);
  EXPECT_EQ(taps.end, 4);
  const auto spread = taps_inside(/*origin=*/-3, /*dilation=*/2, /*taps=*/4, /*size=*/3);
  EXPECT_EQ(spread.first, 2) << "taps at -3, -1, 1, 3";
  EXPECT_EQ(spread.end, 3);
  const auto none = taps_inside(/*origin=*/7, /*dilation=*/1, /*taps=*/2, /*size=*/7);
  EXPECT_GE(none.first, none.end);
}

}  // namespace
}  // namespace mote::kernels
